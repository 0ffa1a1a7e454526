import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { DecorationConfig } from '../api/decoration.ts';
import type { ProwJobType } from '../api/prowjob.ts';

const UTILITIES = ['clonerefs', 'initupload', 'place-entrypoint', 'sidecar'];
const RESERVED_MOUNTS = ['logs', 'code', 'tools'];
const RESERVED_PATHS = ['/logs', '/home/prow/go', '/tools'];
const RESERVED_VOLUMES = [...RESERVED_MOUNTS, 'gcs-credentials', 's3-credentials'];

const BASE_ENV = ['CI', 'JOB_NAME', 'JOB_SPEC', 'JOB_TYPE', 'PROW_JOB_ID', 'BUILD_ID', 'BUILD_NUMBER'];
const REFS_ENV = ['REPO_OWNER', 'REPO_NAME', 'SRC_BASE', 'SRC_HOST', 'PULL_BASE_REF', 'PULL_BASE_SHA', 'PULL_REFS'];
const PULL_ENV = ['PULL_NUMBER', 'PULL_PULL_SHA', 'PULL_HEAD_REF', 'PULL_TITLE'];

/** The variables that Prow sets in jobs of a type, and that a job may therefore not set itself (Prow: EnvForType). */
const RESERVED_ENV: Record<ProwJobType, ReadonlySet<string>> = {
  periodic: new Set(BASE_ENV),
  postsubmit: new Set([...BASE_ENV, ...REFS_ENV]),
  batch: new Set([...BASE_ENV, ...REFS_ENV]),
  presubmit: new Set([...BASE_ENV, ...REFS_ENV, ...PULL_ENV]),
};

/** Everything that a job's pod spec may not say (Prow: validatePodSpec). */
export function podProblems(type: ProwJobType, spec: V1PodSpec, decoration: DecorationConfig | undefined): string[] {
  const containers = spec.containers ?? [];
  const problems: string[] = [];
  const unsupported = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== 'Always');
  if (unsupported.length > 0)
    problems.push(
      `pod spec may not use init containers(sidecar container is supported): [${unsupported.map(({ name }) => name).join(' ')}]`,
    );
  if (containers.length < 1)
    return [...problems, `pod spec must specify at least 1 container, found: ${containers.length}`];
  if (containers.length > 1 && !decoration)
    return [...problems, `pod utility decoration must be enabled to use multiple containers: ${containers.length}`];
  if (containers.length > 1) problems.push(...containerNameProblems(containers));
  for (const container of containers) problems.push(...envProblems(type, container));
  return [...problems, ...volumeProblems(spec, containers, decoration)];
}

function containerNameProblems(containers: readonly V1Container[]): string[] {
  const seen = new Set<string>();
  return containers.flatMap(({ name = '' }) => {
    const problems: string[] = [];
    if (!name)
      problems.push('container does not have name. all containers must have names when defining multiple containers');
    if (seen.has(name)) problems.push(`container named "${name}" is defined more than once`);
    seen.add(name);
    if (UTILITIES.includes(name))
      problems.push(
        `container name ${name} is a reserved for decoration. please specify a different container name that does not conflict with pod utility container names`,
      );
    return problems;
  });
}

function envProblems(type: ProwJobType, { env = [] }: V1Container): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { name } of env) {
    if (seen.has(name)) problems.push(`env var named "${name}" is defined more than once`);
    seen.add(name);
    if (RESERVED_ENV[type].has(name)) problems.push(`env ${name} is reserved`);
  }
  return problems;
}

function volumeProblems(
  spec: V1PodSpec,
  containers: readonly V1Container[],
  decoration: DecorationConfig | undefined,
): string[] {
  const reserved = new Set([
    ...RESERVED_VOLUMES,
    ...(decoration?.oauth_token_secret ? [decoration.oauth_token_secret.name ?? ''] : []),
    ...(decoration?.ssh_key_secrets ?? []),
  ]);
  const names = new Set<string>();
  const problems: string[] = [];
  for (const { name } of spec.volumes ?? []) {
    if (names.has(name)) problems.push(`volume named "${name}" is defined more than once`);
    names.add(name);
    if (reserved.has(name)) problems.push(`volume ${name} is a reserved for decoration`);
  }
  for (const { name, mountPath } of containers.flatMap(({ volumeMounts = [] }) => volumeMounts)) {
    if (!names.has(name) && !reserved.has(name)) problems.push(`volumeMount named "${name}" is undefined`);
    if (RESERVED_MOUNTS.includes(name)) problems.push(`volumeMount name ${name} is reserved for decoration`);
    if (RESERVED_PATHS.includes(mountPath))
      problems.push(`mount ${name} at ${mountPath} conflicts with decoration mount`);
  }
  return problems;
}
