import { hasCode } from '../../core/errors.ts';
import type { GitHubClient, Target } from '../../core/ports/index.ts';
import type { NewPostsubmits, NewPresubmits } from '../api/jobs-port.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import { runsOnBranch } from '../config/branches.ts';
import { scheduler } from '../config/general.ts';
import { configuredPostsubmits, configuredPresubmits, type JobSources } from './configured.ts';
import { postsubmitJob, presubmitJob } from './prowjobs.ts';

export interface Starting extends JobSources {
  store: ProwJobStore;
  now?: () => Date;
}

export async function startPresubmits(
  starting: Starting,
  gh: GitHubClient,
  at: Target,
  wanted: NewPresubmits,
): Promise<string[]> {
  const { pull, jobs: names } = wanted;
  const { jobs } = await configuredPresubmits(starting, gh, at, pull);
  const chosen = jobs.filter((job) => names.includes(job.name) && runsOnBranch(job, pull.baseRef));
  const moment = momentOf(starting);
  return createAll(
    starting,
    chosen.map((job) => presubmitJob(job, wanted, at, moment)),
  );
}

export async function startPostsubmits(
  starting: Starting,
  gh: GitHubClient,
  at: Target,
  wanted: NewPostsubmits,
): Promise<string[]> {
  const { refs, jobs: names } = wanted;
  const { jobs } = await configuredPostsubmits(starting, gh, at, refs.base_sha);
  const chosen = jobs.filter((job) => names.includes(job.name) && runsOnBranch(job, refs.base_ref));
  const moment = momentOf(starting);
  return createAll(
    starting,
    chosen.map((job) => postsubmitJob(job, wanted, at, moment)),
  );
}

/** RFC 3339 in whole seconds, as Kubernetes keeps times. */
function momentOf({ now, config }: Starting): { now: string; scheduling: boolean } {
  const time = now?.() ?? new Date();
  return { now: time.toISOString().replace(/\.\d+Z$/, 'Z'), scheduling: config().get(scheduler).enabled };
}

/** Creates every one that is not there yet, whatever happens to the others; then throws the first failure. */
async function createAll({ store, log }: Starting, jobs: readonly ProwJob[]): Promise<string[]> {
  const failures: unknown[] = [];
  for (const job of jobs) {
    const fields = { prowjob: job.metadata.name, job: job.spec.job, type: job.spec.type };
    try {
      await store.create(job);
      log.info(fields, 'created a ProwJob');
    } catch (err) {
      if (hasCode(err, 'conflict')) continue;
      log.error({ ...fields, err }, 'a ProwJob cannot be created');
      failures.push(err);
    }
  }
  if (failures.length > 0) throw failures[0];
  return jobs.map(({ metadata }) => metadata.name ?? '');
}
