import { hasCode } from '../../core/errors.ts';
import { type GitHubClient, port, read, type Target, write } from '../../core/ports/index.ts';
import type { NewPostsubmits, NewPresubmits, Postsubmits, Presubmits } from '../api/jobs-port.ts';
import { EVENT_GUID } from '../api/labels.ts';
import { isComplete, type ProwJob } from '../api/prowjob.ts';
import type { ProwJobFilter, ProwJobStore } from '../api/store.ts';
import { runsOnBranch } from '../config/branches.ts';
import { scheduler } from '../config/general.ts';
import { configuredPostsubmits, configuredPresubmits, type JobSources } from './configured.ts';
import { postsubmitJob, presubmitJob } from './prowjobs.ts';
import { postsubmitsView, presubmitsView } from './views.ts';

export interface JobsPortOptions extends JobSources {
  store: ProwJobStore;
  now?: () => Date;
}

const ABORTED = 'Aborted by trigger plugin.';
type Commits = { baseSha: string; headSha: string };

/** What plugins may ask about jobs and do with them (see jobs/api/jobs-port.ts), over the configuration and the store of ProwJobs. */
export function jobsPort(options: JobsPortOptions) {
  const { store, log } = options;
  const moment = () => ({
    now: (options.now?.() ?? new Date()).toISOString().replace(/\.\d+Z$/, 'Z'),
    scheduling: options.config().get(scheduler).enabled,
  });

  async function startPresubmits(gh: GitHubClient, at: Target, wanted: NewPresubmits): Promise<string[]> {
    const { pull, jobs: names } = wanted;
    const { jobs } = await configuredPresubmits(options, gh, at, pull);
    const chosen = jobs.filter((job) => names.includes(job.name) && runsOnBranch(job, pull.baseRef));
    return createAll(
      options,
      chosen.map((job) => presubmitJob(job, wanted, at, moment())),
    );
  }

  async function startPostsubmits(gh: GitHubClient, at: Target, wanted: NewPostsubmits): Promise<string[]> {
    const { refs, jobs: names } = wanted;
    const { jobs } = await configuredPostsubmits(options, gh, at, refs.base_sha);
    const chosen = jobs.filter((job) => names.includes(job.name) && runsOnBranch(job, refs.base_ref));
    return createAll(
      options,
      chosen.map((job) => postsubmitJob(job, wanted, at, moment())),
    );
  }

  async function abortPresubmits(_gh: GitHubClient, at: Target, delivery: string): Promise<string[]> {
    const running = await everyJob(store, { ...presubmitsOf(at), active: true });
    const aborted: string[] = [];
    for (const { metadata } of running) {
      if (metadata.labels?.[EVENT_GUID] === delivery || !metadata.name) continue;
      const after = await store.update(metadata.name, (job) =>
        isComplete(job) || job.status.state === 'aborted'
          ? undefined
          : { ...job, status: { ...job.status, state: 'aborted', description: ABORTED } },
      );
      if (after.status.state !== 'aborted') continue;
      log.info({ prowjob: metadata.name, job: after.spec.job }, 'aborted a presubmit');
      aborted.push(metadata.name);
    }
    return aborted;
  }

  return port(
    'jobs',
    { contents: 'read' },
    {
      usesInRepoConfig: read(async (_gh, at): Promise<boolean> => options.inRepo?.enabledFor(at.org, at.repo) ?? false),
      presubmits: read(
        async (gh, at, commits?: Commits): Promise<Presubmits> =>
          presubmitsView(await configuredPresubmits(options, gh, at, commits)),
      ),
      postsubmits: read(
        async (gh, at, commit?: { sha: string }): Promise<Postsubmits> =>
          postsubmitsView(await configuredPostsubmits(options, gh, at, commit?.sha)),
      ),
      startPresubmits: write(startPresubmits),
      startPostsubmits: write(startPostsubmits),
      ofPull: read((_gh, at): Promise<ProwJob[]> => everyJob(store, presubmitsOf(at))),
      abortPresubmits: write(abortPresubmits),
    },
  );
}

function presubmitsOf({ org, repo, number }: Target): ProwJobFilter {
  return { org, repo, types: ['presubmit'], ...(number !== undefined && { pull: number }) };
}

async function everyJob(store: ProwJobStore, filter: ProwJobFilter): Promise<ProwJob[]> {
  const found: ProwJob[] = [];
  let after: string | undefined;
  do {
    const page = await store.list(filter, after === undefined ? {} : { after });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Creates every one that is not there yet, whatever happens to the others; then throws the first failure. */
async function createAll({ store, log }: JobsPortOptions, jobs: readonly ProwJob[]): Promise<string[]> {
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
