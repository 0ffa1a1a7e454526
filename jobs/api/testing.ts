import { pino } from 'pino';
import { configOf } from '../../core/config/config.ts';
import { newReading } from '../../core/config/decode.ts';
import type { Section } from '../../core/config/section.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { GitHubClient, Target } from '../../core/ports/index.ts';
import { jobs as jobsSection } from '../config/jobs.ts';
import type { InRepoJobs } from '../port/configured.ts';
import { jobsPort } from '../port/port.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import type { JobsPort } from './jobs-port.ts';
import type { ProwJob } from './prowjob.ts';
import type { ProwJobStore } from './store.ts';

interface Stage {
  /** Jobs by `org/repo`, as a job file has them; a pod is added where they have none. */
  presubmits?: Record<string, object[]>;
  postsubmits?: Record<string, object[]>;
  inRepo?: InRepoJobs;
  at?: Target;
}

/** The jobs port as it is in the program, over given jobs and a store in memory: for tests of plugins. */
export function jobsForTests({ presubmits = {}, postsubmits = {}, inRepo, at = ACME }: Stage): {
  jobs: JobsPort;
  store: ProwJobStore;
  prowjobs(): Promise<ProwJob[]>;
} {
  const store = new EmbeddedStore({ path: ':memory:' });
  const config = configOf([
    jobsSection,
    loaded({ presubmits: withPods(presubmits), postsubmits: withPods(postsubmits) }),
  ]);
  const { calls } = jobsPort({
    config: () => config,
    store,
    log: pino({ level: 'silent' }),
    ...(inRepo && { inRepo }),
  });
  const gh = {} as GitHubClient;
  return {
    store,
    prowjobs: async () => (await store.list()).items,
    jobs: {
      usesInRepoConfig: () => calls.usesInRepoConfig.run(gh, at),
      presubmits: (commits) => calls.presubmits.run(gh, at, commits),
      postsubmits: (commit) => calls.postsubmits.run(gh, at, commit),
      startPresubmits: (wanted) => calls.startPresubmits.run(gh, at, wanted),
      startPostsubmits: (wanted) => calls.startPostsubmits.run(gh, at, wanted),
      ofPull: () => calls.ofPull.run(gh, at),
      abortPresubmits: (delivery) => calls.abortPresubmits.run(gh, at, delivery),
    },
  };
}

const ACME: Target = { org: 'acme', repo: 'widgets', number: 5 };

function withPods(byRepo: Record<string, object[]>): Record<string, object[]> {
  const spec = { containers: [{ image: 'alpine', command: ['true'] }] };
  return Object.fromEntries(
    Object.entries(byRepo).map(([repo, jobs]) => [repo, jobs.map((job) => ({ spec, ...job }))]),
  );
}

function loaded(raw: Record<string, unknown>): unknown {
  const refuse = (message: string): never => {
    throw new CutwaterError('config', message);
  };
  const reading = newReading();
  const value = jobsSection.decode(raw, reading);
  for (const { path, message } of reading.problems) refuse(`${path.join('.')}: ${message}`);
  return jobsSection.combine([{ file: 'jobs.yaml', kind: 'jobs', value }], {
    get: <T>(section: Section<T>) => configOf().get(section),
    problem: (_file: string, path: readonly unknown[], message: string) => refuse(`${path.join('.')}: ${message}`),
    warn() {},
    loadedAt: 0,
  });
}
