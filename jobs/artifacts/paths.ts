import { posix } from 'node:path';
import { CutwaterError } from '../../core/errors.ts';
import type { GCSConfiguration } from '../api/decoration.ts';
import type { JobSpec } from './job-spec.ts';

/** How org and repo stand in the path of a pull request's jobs. */
type Segment = (org: string, repo: string) => string;

/** Where a run's files go: `pr-logs/pull/<org>_<repo>/<pull>/<job>/<build>` or `logs/<job>/<build>`, behind the prefix (Prow: gcsupload.PathsForJob). */
export function pathForRun(config: GCSConfiguration, spec: JobSpec): string {
  return join(config.path_prefix ?? '', runPath(spec, segmentOf(config)));
}

/** The object that leads from job and build to the run of a pull request: `pr-logs/directory/<job>/<build>.txt`. */
export function aliasPath(spec: JobSpec): string | undefined {
  return spec.type === 'presubmit' ? join('pr-logs', 'directory', spec.job, `${spec.buildid}.txt`) : undefined;
}

/** The objects that name a job's newest build. The prefix does not apply to them, nor to the alias, as in Prow. */
export function latestBuildPaths(config: GCSConfiguration, spec: JobSpec): string[] {
  const file = join(rootForJob(spec), 'latest-build.txt');
  if (spec.type !== 'presubmit') return [file];
  return [file, join(posix.dirname(runPath(spec, segmentOf(config))), 'latest-build.txt')];
}

/** The folder under which all builds of a job are found (Prow: gcs.RootForSpec). */
export function rootForJob(spec: JobSpec): string {
  return isPullJob(spec) ? join('pr-logs', 'directory', spec.job) : join('logs', spec.job);
}

function runPath(spec: JobSpec, segment: Segment): string {
  if (!isPullJob(spec)) return join('logs', spec.job, spec.buildid);
  if (spec.type === 'batch') return join('pr-logs', 'pull', 'batch', spec.job, spec.buildid);
  const { refs } = spec;
  const number = refs?.pulls?.[0]?.number;
  if (!refs || number === undefined) throw new CutwaterError('invalid', `presubmit ${spec.job} without a pull request`);
  return join('pr-logs', 'pull', segment(refs.org, refs.repo), String(number), spec.job, spec.buildid);
}

function isPullJob({ type }: JobSpec): boolean {
  if (type === undefined) throw new CutwaterError('invalid', 'unknown job spec type');
  return type === 'presubmit' || type === 'batch';
}

/** The strategies explicit, legacy and single (Prow: pkg/pod-utils/gcs/target.go). */
function segmentOf({ path_strategy: strategy, default_org: org, default_repo: repo }: GCSConfiguration): Segment {
  const explicit: Segment = (o, r) => `${o.replace(/^https?:\/\//, '')}_${r.replaceAll('/', '_')}`;
  if (strategy === 'legacy') return (o, r) => (o !== org ? explicit(o, r) : r === repo ? '' : r);
  if (strategy === 'single') return (o, r) => (o === org && r === repo ? '' : explicit(o, r));
  return explicit;
}

function join(...parts: (string | undefined)[]): string {
  return posix.join(...parts.filter((part): part is string => Boolean(part)));
}
