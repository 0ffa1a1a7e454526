import { posix } from 'node:path';
import type { GCSConfiguration } from '../api/decoration.ts';
import type { ProwJobSpec } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';
import { trimHttps } from '../config/gerrit.ts';

/** Go's path.Join: cleaned, without a slash at the end. */
export function join(...parts: string[]): string {
  const joined = posix.join(...parts.filter(Boolean));
  return joined.length > 1 ? joined.replace(/\/$/, '') : joined;
}

/** Where clonerefs puts a repository below `base` (Prow: PathForRefs in pkg/pod-utils/clone). */
export function clonePath(base: string, { path_alias, repo_link, org, repo }: Refs): string {
  return join(base, 'src', path_alias || repo_link?.split('://').at(-1) || `github.com/${org}/${repo}`);
}

/** Where a run's artifacts go in its bucket (Prow: PathsForJob, PathForSpec). */
export function artifactPath(config: GCSConfiguration, spec: ProwJobSpec, buildId: string): string {
  return join(config.path_prefix ?? '', runPath(config, spec, buildId));
}

function runPath(config: GCSConfiguration, spec: ProwJobSpec, buildId: string): string {
  const job = spec.job ?? '';
  if (spec.type === 'batch') return join('pr-logs', 'pull', 'batch', job, buildId);
  if (spec.type !== 'presubmit' || !spec.refs) return join('logs', job, buildId);
  const pull = String(spec.refs.pulls?.[0]?.number ?? 0);
  return join('pr-logs', 'pull', repoSegment(config, spec.refs), pull, job, buildId);
}

/** How a repository is named in paths: `org_repo`, or shorter for the default ones. */
function repoSegment(config: GCSConfiguration, { org, repo }: Pick<Refs, 'org' | 'repo'>): string {
  const { path_strategy, default_org, default_repo } = config;
  const isDefault = org === default_org && repo === default_repo;
  if (path_strategy !== 'explicit' && isDefault) return '';
  if (path_strategy === 'legacy' && org === default_org) return repo;
  return `${trimHttps(org)}_${repo.replaceAll('/', '_')}`;
}

/** A bucket as storage provider (`gs`, `s3`, `file` …) and path (Prow: ParsePath). */
export function parseBucket(bucket: string): { provider: string; path: string } {
  const spelt = bucket.includes('://') ? bucket : `gs://${bucket}`;
  const [, provider = '', path = ''] = /^([^:]*):\/\/([^?#]*)/.exec(spelt) ?? [];
  return { provider: provider.toLowerCase(), path };
}
