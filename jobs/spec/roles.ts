import { UTILITIES } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { Pod } from '../pods/backend.ts';
import { refsToClone } from './decorate.ts';

/** What a container is to us: one of the pod utilities, which on this machine run from this program, or a program of the job's. */
export type Role = 'clonerefs' | 'initupload' | 'place-entrypoint' | 'sidecar' | 'entrypoint' | 'program';

/**
 * The job's pod, with what decoration made of its containers noted on it: by the places at which decoration puts them, never by what they
 * look like. A job's own container may be named and shaped like a utility; what the job's annotations say of it is replaced.
 */
export function withRoles(pod: Pod, { spec }: ProwJob): Pod {
  const roles: Record<string, Role> = {};
  const { decoration_config: config } = spec;
  if (config) {
    const { initContainers = [], containers } = pod.spec;
    const as = (role: Role, name: string | undefined) => {
      if (name !== undefined) roles[name] = role;
    };
    for (const { name } of containers) as('entrypoint', name);
    as('sidecar', containers.at(-1)?.name);
    if (refsToClone(spec, config).length > 0) as('clonerefs', initContainers[0]?.name);
    as('initupload', initContainers.at(-2)?.name);
    as('place-entrypoint', initContainers.at(-1)?.name);
  }
  const annotations = { ...pod.metadata.annotations, [UTILITIES]: JSON.stringify(roles) };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** What the pod's container is; a program of the job's where nothing is noted. */
export function roleOf({ metadata }: Pod, container: string): Role {
  const roles = JSON.parse(metadata.annotations?.[UTILITIES] ?? '{}') as Record<string, Role>;
  return Object.hasOwn(roles, container) ? (roles[container] as Role) : 'program';
}
