import type { GitHub } from '../../core/github/github.ts';
import type { Logger } from '../../core/log.ts';
import { port, write } from '../../core/ports/index.ts';
import type { JobReportsPort } from '../../external-plugins/refresh/port.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { GitHubReportConfig } from '../../jobs/report/github/config.ts';
import { githubReporter } from '../../jobs/report/github/reporter.ts';
import { reportGitHub } from './report-github.ts';

export interface JobReportsOptions {
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
  config(): GitHubReportConfig;
  log: Logger;
}

/** What stands behind the refresh plugin: crier's reporter to GitHub, for jobs that were fetched from deck. */
export function jobReportsPort({ github, config, log }: JobReportsOptions) {
  const ask = reportGitHub(github);
  return port(
    'jobReports',
    { statuses: 'write', issues: 'write', pull_requests: 'write' },
    {
      again: write(async (_gh, _at, ...[latest, all]: Parameters<JobReportsPort['again']>): Promise<void> => {
        const reporter = githubReporter({ github: ask, store: storeOf(all), config, log });
        for (const job of latest.filter(reporter.shouldReport))
          await reporter.report(job, new AbortController().signal);
      }),
    },
  );
}

/** The jobs as the reporter asks for them: those of one pull request. */
function storeOf(jobs: readonly ProwJob[]) {
  return { list: async () => ({ items: structuredClone([...jobs]), resourceVersion: '' }) };
}
