import type { V1Container } from '@kubernetes/client-node';
import type { Pod } from '../backend.ts';
import { expand } from './expand.ts';
import type { Planned } from './runtime.ts';

export type Engine = 'podman' | 'docker';

/** The name of a container with the engine; pods of one name follow each other, ids do not repeat. */
export function engineName(pod: Pod, container: string): string {
  return `cutwater-${pod.metadata.uid}-${container}`;
}

/**
 * The engine's command line for a container: image, command, environment, mounts, user. What comes from a secret is passed by name, so that it stands
 * in no process list: `byName` has it for the engine's own environment, which `taken` is part of already.
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
    if (isPlain(container, name) || taken.has(name)) return ['--env', `${name}=${value}`];
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

/** Whether the pod itself says the value, in clear text. */
function isPlain({ env = [] }: V1Container, name: string): boolean {
  const said = env.findLast((variable) => variable.name === name);
  if (!said) return false;
  return said.valueFrom ? said.valueFrom.secretKeyRef === undefined : !(said.value ?? '').includes('$(');
}
