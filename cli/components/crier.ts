import type { GitHub } from '../../core/github/github.ts';
import { Crier } from '../../jobs/report/crier.ts';
import { githubReporter } from '../../jobs/report/github/reporter.ts';
import { crierMetrics } from '../../jobs/report/metrics.ts';
import type { JobsContext, Running } from './context.ts';
import { githubReportConfig, reportGitHub } from './report-github.ts';

const REPORTS_SIDE_BY_SIDE = 4;

export interface CrierOptions extends Omit<JobsContext, 'pods' | 'dryRun'> {
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
}

/** Tells of jobs where people look: on GitHub. */
export function runCrier({ config, store, github, log, registry }: CrierOptions): Running {
  const stopping = new AbortController();
  const reporter = githubReporter({
    github: reportGitHub(github),
    store,
    config: () => githubReportConfig(config()),
    log,
  });
  const crier = new Crier({
    store,
    reporters: [reporter],
    workersPerShard: REPORTS_SIDE_BY_SIDE,
    enabled: () => true,
    log,
    metrics: crierMetrics(registry),
  });
  const run = crier.run(stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await run;
    },
  };
}
