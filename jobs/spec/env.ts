import type { V1EnvVar } from '@kubernetes/client-node';
import { goJson } from '../../core/config/go-types.ts';
import type { ProwJob } from '../api/prowjob.ts';
import { type Refs, refsToString } from '../api/refs.ts';
import { jobTypes } from '../config/job-types.ts';

const DEFAULT_HOST = 'github.com';

/** The variables that tell a job what it is and what it tests (Prow: EnvForSpec in pkg/pod-utils/downwardapi). */
export function jobEnv({ metadata, spec, status }: ProwJob): Record<string, string> {
  const buildId = status.build_id ?? '';
  const env: Record<string, string> = {
    CI: 'true',
    JOB_NAME: spec.job ?? '',
    BUILD_ID: buildId,
    PROW_JOB_ID: metadata.name ?? '',
    JOB_TYPE: spec.type ?? '',
    ...(spec.agent === 'kubernetes' && { BUILD_NUMBER: buildId }),
    JOB_SPEC: goJson(
      jobTypes.encode('JobSpec', {
        type: spec.type,
        job: spec.job,
        buildid: buildId,
        prowjobid: metadata.name,
        refs: spec.refs,
        extra_refs: spec.extra_refs,
        decoration_config: spec.decoration_config,
      }),
    ),
  };
  if (spec.type === 'periodic' || !spec.refs) return env;
  return { ...env, ...refsEnv(spec.refs), ...(spec.type === 'presubmit' && pullEnv(spec.refs)) };
}

function refsEnv(refs: Refs): Record<string, string> {
  const { host, base } = sourceOf(refs);
  return {
    REPO_OWNER: refs.org,
    REPO_NAME: refs.repo,
    SRC_HOST: host,
    SRC_BASE: base,
    PULL_BASE_REF: refs.base_ref ?? '',
    PULL_BASE_SHA: refs.base_sha ?? '',
    PULL_REFS: refsToString(refs),
  };
}

/** Where the code is cloned to, as host and path below it. */
function sourceOf({ path_alias, repo_link, org, repo }: Refs): { host: string; base: string } {
  const place = path_alias || repo_link?.split('://').at(-1);
  if (!place) return { host: DEFAULT_HOST, base: `${org}/${repo}` };
  const slash = place.indexOf('/');
  if (slash < 0) return { host: place, base: `${org}/${repo}` };
  return { host: place.slice(0, slash), base: place.slice(slash + 1) };
}

function pullEnv({ pulls }: Refs): Record<string, string> {
  const pull = pulls?.[0];
  return {
    PULL_NUMBER: String(pull?.number ?? 0),
    PULL_PULL_SHA: pull?.sha ?? '',
    PULL_HEAD_REF: pull?.head_ref ?? '',
    PULL_TITLE: pull?.title ?? '',
  };
}

/** Sorted by name; an empty value is left out, as Go leaves it out. */
export function envVars(env: Record<string, string>): V1EnvVar[] {
  return Object.keys(env)
    .sort()
    .map((name) => (env[name] ? { name, value: env[name] } : { name }));
}
