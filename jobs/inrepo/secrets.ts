import type { V1PodSpec } from '@kubernetes/client-node';
import type { DecorationConfig } from '../api/decoration.ts';

/** The names of all secrets and config maps that a pod's spec and a decoration name, in order of the alphabet. On this machine both lie in one folder. */
export function secretsNamed(spec: V1PodSpec | undefined, decoration: DecorationConfig | undefined): string[] {
  const names = [...namedByPod(spec), ...namedByDecoration(decoration)];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))].sort() as string[];
}

function* namedByPod({ volumes = [], containers = [], initContainers = [] }: Partial<V1PodSpec> = {}) {
  for (const { secret, configMap, projected } of volumes) {
    yield* [secret?.secretName, configMap?.name];
    for (const source of projected?.sources ?? []) yield* [source.secret?.name, source.configMap?.name];
  }
  for (const { env = [], envFrom = [] } of [...containers, ...initContainers]) {
    for (const { valueFrom } of env) yield* [valueFrom?.secretKeyRef?.name, valueFrom?.configMapKeyRef?.name];
    for (const { secretRef, configMapRef } of envFrom) yield* [secretRef?.name, configMapRef?.name];
  }
}

function* namedByDecoration(decoration: DecorationConfig = {}) {
  yield* [decoration.gcs_credentials_secret, decoration.s3_credentials_secret];
  yield* [decoration.oauth_token_secret?.name, decoration.github_app_private_key_secret?.name];
  yield* decoration.ssh_key_secrets ?? [];
  yield decoration.cookiefile_secret?.split('/')[0];
}
