import { posix } from 'node:path';
import { CutwaterError } from '../../core/errors.ts';
import type { GCSConfiguration } from '../api/decoration.ts';
import { artifactPath, join } from '../spec/paths.ts';
import type { JobSpec } from './job-spec.ts';

/** The folder of a run below its bucket, behind the prefix (Prow: gcsupload.PathsForJob). Throws `invalid` where the spec does not say enough. */
export function pathForRun(config: GCSConfiguration, spec: JobSpec): string {
  if (spec.type === undefined) throw new CutwaterError('invalid', 'unknown job spec type');
  if (spec.type === 'presubmit' && !spec.refs?.pulls?.length) {
    throw new CutwaterError('invalid', `presubmit ${spec.job} without a pull request`);
  }
  return artifactPath(config, spec, spec.buildid ?? '');
}

/** The object that leads from job and build to the run of a pull request: `pr-logs/directory/<job>/<build>.txt`. */
export function aliasPath(spec: JobSpec): string | undefined {
  return spec.type === 'presubmit' ? join(rootForJob(spec), `${spec.buildid}.txt`) : undefined;
}

/** The objects that name a job's newest build. The prefix does not apply to them, nor to the alias, as in Prow. */
export function latestBuildPaths(config: GCSConfiguration, spec: JobSpec): string[] {
  const file = join(rootForJob(spec), 'latest-build.txt');
  if (spec.type !== 'presubmit') return [file];
  return [file, join(posix.dirname(pathForRun({ ...config, path_prefix: '' }, spec)), 'latest-build.txt')];
}

/** The folder under which all builds of a job are found (Prow: gcs.RootForSpec). */
export function rootForJob({ type, job = '' }: JobSpec): string {
  return type === 'presubmit' || type === 'batch' ? join('pr-logs', 'directory', job) : join('logs', job);
}
