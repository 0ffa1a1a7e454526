import type { V1Container } from '@kubernetes/client-node';
import type { Pod } from '../backend.ts';
import { expand } from './expand.ts';
import type { Planned } from './runtime.ts';

export type Engine = 'podman' | 'docker';

const HOST_NAMESPACES = [
  ['hostNetwork', 'network'],
  ['hostPID', 'pid'],
  ['hostIPC', 'ipc'],
] as const;

/** The name of a container with the engine; pods of one name follow each other, ids do not repeat. */
export function engineName(pod: Pod, container: string): string {
  return `cutwater-${pod.metadata.uid}-${container}`;
}

/**
 * The engine's command line for a container: image, command, environment, mounts, user. A secret's value is passed by name, so that it stands
 * in no process list: `byName` has it for the engine's own environment, which `taken` is part of already. Nothing that the job itself writes
 * goes there, not even around a secret: a variable such as NODE_OPTIONS or LD_PRELOAD would run the job's code out here.
 */
export function engineArgs(
  engine: Engine,
  planned: Planned,
  { command, taken }: { command: string[] | undefined; taken: ReadonlySet<string> },
) {
  const { pod, container, mounts, env } = planned;
  const { securityContext, imagePullPolicy, image = '', workingDir } = container;
  const user = securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  const group = securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup;
  const byName: Record<string, string> = {};
  const variables = [...env].flatMap(([name, value]) => {
    if (!isSecret(container, name) || taken.has(name)) return ['--env', `${name}=${value}`];
    byName[name] = value;
    return ['--env', name];
  });
  const text = (value: string) => expand(value, env);
  const [program, ...rest] =
    command ??
    [...(container.command ?? []), '\0', ...(container.args ?? [])].map(text).filter((part) => part !== '\0');
  const hasProgram = command !== undefined || (container.command ?? []).length > 0;
  const args = [
    'run',
    ...['--name', engineName(pod, container.name), '--label', `cutwater.pod=${pod.metadata.name}`],
    ...['--hostname', (pod.metadata.name ?? '').slice(0, 63).replace(/[.-]+$/, '')],
    ...(engine === 'podman' ? ['--http-proxy=false'] : []),
    ...(imagePullPolicy === 'Always' ? ['--pull=always'] : imagePullPolicy === 'Never' ? ['--pull=never'] : []),
    ...(user === undefined ? [] : ['--user', group === undefined ? String(user) : `${user}:${group}`]),
    ...HOST_NAMESPACES.flatMap(([field, flag]) => (pod.spec[field] ? [`--${flag}=host`] : [])),
    ...(securityContext?.privileged ? ['--privileged'] : []),
    ...(securityContext?.capabilities?.add ?? []).flatMap((capability) => ['--cap-add', capability]),
    ...(workingDir ? ['--workdir', workingDir] : []),
    ...mounts.flatMap(({ containerPath, hostPath, readOnly }) => [
      '--mount',
      `type=bind,source=${hostPath},target=${containerPath}${readOnly ? ',readonly' : ''}`,
    ]),
    ...variables,
    ...(hasProgram && program !== undefined ? ['--entrypoint', program] : []),
    image,
    ...(hasProgram || program === undefined ? rest : [program, ...rest]),
  ];
  return { args, byName };
}

/** Whether the value is the operator's, whole. A name that ends in a star would stand for many of the engine's own. */
function isSecret({ env = [] }: V1Container, name: string): boolean {
  if (!/^[\w.-]+$/.test(name)) return false;
  const said = env.findLast((variable) => variable.name === name);
  return said ? said.valueFrom?.secretKeyRef !== undefined : true;
}
