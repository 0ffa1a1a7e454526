import { bucketUrl } from '../../../core/storage/index.ts';
import type { GCSConfiguration } from '../../api/decoration.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import { jobSpecOf } from '../../artifacts/job-spec.ts';
import { pathForRun } from '../../artifacts/paths.ts';

/** The storage that undecorated jobs of a repository (`org/repo`, or empty) on a cluster are taken to use: plank's default decoration. */
type DefaultStorage = (repo: string, cluster: string) => GCSConfiguration | undefined;

/** The folder of the job's run in storage; undefined while it has no build id, and where no bucket is known (Prow: util.GetJobDestination). */
export function folderOf(job: ProwJob, defaults: DefaultStorage): string | undefined {
  const { spec, status } = job;
  if (!status.build_id) return undefined;
  const refs = spec.refs ?? spec.extra_refs?.[0];
  const repo = refs ? `${refs.org}/${refs.repo}` : '';
  const config = spec.decoration_config?.gcs_configuration ?? defaults(repo, spec.cluster ?? '');
  return config?.bucket ? `${bucketUrl(config.bucket)}/${pathForRun(config, jobSpecOf(job))}` : undefined;
}
