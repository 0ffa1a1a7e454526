import { port, read, write } from '../../core/ports/index.ts';
import type { NewPostsubmits, NewPresubmits, Postsubmits, Presubmits } from '../api/jobs-port.ts';
import type { ProwJob } from '../api/prowjob.ts';
import { configuredPostsubmits, configuredPresubmits } from './configured.ts';
import { abortPresubmits, presubmitsOf } from './pull-jobs.ts';
import { type Starting, startPostsubmits, startPresubmits } from './start.ts';
import { postsubmitsView, presubmitsView } from './views.ts';

/** What plugins may ask about jobs and do with them (see jobs/api/jobs-port.ts), over the configuration and the store of ProwJobs. */
export function jobsPort(options: Starting) {
  const { store, log, inRepo } = options;
  return port(
    'jobs',
    { contents: 'read' },
    {
      usesInRepoConfig: read(async (_gh, { org, repo }): Promise<boolean> => inRepo?.enabledFor(org, repo) ?? false),
      presubmits: read(
        async (gh, at, commits?: { baseSha: string; headSha: string }): Promise<Presubmits> =>
          presubmitsView(await configuredPresubmits(options, gh, at, commits)),
      ),
      postsubmits: read(
        async (gh, at, commit?: { sha: string }): Promise<Postsubmits> =>
          postsubmitsView(await configuredPostsubmits(options, gh, at, commit?.sha)),
      ),
      startPresubmits: write((gh, at, wanted: NewPresubmits) => startPresubmits(options, gh, at, wanted)),
      startPostsubmits: write((gh, at, wanted: NewPostsubmits) => startPostsubmits(options, gh, at, wanted)),
      ofPull: read((_gh, at): Promise<ProwJob[]> => presubmitsOf(store, at)),
      abortPresubmits: write((_gh, at, delivery: string) => abortPresubmits(store, log, at, delivery)),
    },
  );
}
