import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import { CutwaterError } from '../../../core/errors.ts';
import type { Pod } from '../backend.ts';
import { expand } from './expand.ts';
import type { Keys } from './keys.ts';

/** The environment that the pod gives a container: envFrom, then env in order with `$(VAR)` expanded from what stands before. Throws `not-found` for a missing secret. */
export async function environmentOf(
  pod: Pod,
  container: V1Container,
  sources: { secrets: Keys; configMaps: Keys },
): Promise<Map<string, string>> {
  const env = new Map<string, string>();
  for (const { prefix = '', secretRef, configMapRef } of container.envFrom ?? []) {
    const [keys, ref] = secretRef ? [sources.secrets, secretRef] : [sources.configMaps, configMapRef];
    const found = await keys(ref?.name ?? '').catch(orNothing(ref?.optional));
    for (const [key, value] of found ?? []) env.set(prefix + key, value.toString());
  }
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom ? await referenced(pod, variable, sources) : expand(variable.value ?? '', env);
    if (value !== undefined) env.set(variable.name, value);
  }
  return env;
}

async function referenced(
  pod: Pod,
  { valueFrom }: V1EnvVar,
  { secrets, configMaps }: { secrets: Keys; configMaps: Keys },
): Promise<string | undefined> {
  const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath);
  const ref = secretKeyRef ?? configMapKeyRef;
  if (!ref) return '';
  const keys = await (secretKeyRef ? secrets : configMaps)(ref.name ?? '').catch(orNothing(ref.optional));
  const value = keys?.get(ref.key)?.toString();
  if (value === undefined && !ref.optional) {
    throw new CutwaterError(
      'not-found',
      `couldn't find key ${ref.key} in ${secretKeyRef ? 'Secret' : 'ConfigMap'} ${ref.name}`,
    );
  }
  return value;
}

function fieldOf({ metadata, spec }: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'spec.nodeName':
      return 'localhost';
    case 'status.hostIP':
    case 'status.podIP':
      return '127.0.0.1';
    default:
      return '';
  }
}

function orNothing(optional: boolean | undefined): (error: unknown) => undefined {
  return (error) => {
    if (!optional) throw error;
  };
}
