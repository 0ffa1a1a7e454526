import type { V1Container, V1Volume } from '@kubernetes/client-node';
import { CutwaterError } from '../../../core/errors.ts';
import type { Pod } from '../backend.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const VOLUMES = ['emptyDir', 'secret', 'configMap', 'hostPath'];

/** Refuses (`invalid`) what an API server would refuse, in its words, and volumes that one machine does not have. */
export function assertRunnable(pod: Pod): void {
  const problems = [...problemsOf(pod)];
  if (problems.length === 0) return;
  const text = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  throw new CutwaterError('invalid', `Pod "${pod.metadata.name ?? ''}" is invalid: ${text}`);
}

function* problemsOf({ metadata, spec }: Pod): Generator<string> {
  const { name = '' } = metadata;
  if (name.length > 253 || !SUBDOMAIN.test(name)) {
    yield `metadata.name: Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`;
  }
  const volumes = new Set<string>();
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    yield* volumeProblems(`spec.volumes[${index}]`, volume);
    // The job's own volume would otherwise be one of the decoration's.
    if (volumes.has(volume.name)) yield `spec.volumes[${index}].name: Duplicate value: ${JSON.stringify(volume.name)}`;
    volumes.add(volume.name);
  }
  if (spec.containers.length === 0) yield 'spec.containers: Required value';
  const seen = new Set<string>();
  for (const [key, containers] of [
    ['initContainers', spec.initContainers ?? []] as const,
    ['containers', spec.containers] as const,
  ]) {
    for (const [index, container] of containers.entries()) {
      yield* containerProblems(`spec.${key}[${index}]`, container, seen, volumes);
      seen.add(container.name);
    }
  }
}

function* volumeProblems(field: string, volume: V1Volume): Generator<string> {
  if (!LABEL.test(volume.name ?? '')) yield invalidLabel(`${field}.name`, volume.name);
  const kinds = Object.keys(volume).filter((key) => key !== 'name' && volume[key as keyof V1Volume] !== undefined);
  const other = kinds.find((kind) => !VOLUMES.includes(kind));
  if (other) yield `${field}.${other}: Forbidden: pods on this machine have ${VOLUMES.join(', ')} volumes`;
}

function* containerProblems(
  field: string,
  container: V1Container,
  seen: Set<string>,
  volumes: Set<string>,
): Generator<string> {
  const { name = '' } = container;
  if (name === '') yield `${field}.name: Required value`;
  else if (name.length > 63 || !LABEL.test(name)) yield invalidLabel(`${field}.name`, name);
  if (seen.has(name)) yield `${field}.name: Duplicate value: ${JSON.stringify(name)}`;
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${field}.volumeMounts[${index}]`;
    if (!volumes.has(mount.name)) yield `${at}.name: Not found: ${JSON.stringify(mount.name)}`;
    if (!mount.mountPath) yield `${at}.mountPath: Required value`;
    if (mount.subPath?.split('/').includes('..'))
      yield `${at}.subPath: Invalid value: ${JSON.stringify(mount.subPath)}: must not contain '..'`;
  }
}

function invalidLabel(field: string, value: string | undefined): string {
  return `${field}: Invalid value: ${JSON.stringify(value ?? '')}: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'`;
}
