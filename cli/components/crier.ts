import { queueMetrics } from '../../jobs/queue-metrics.ts';
import { Crier } from '../../jobs/report/crier.ts';
import { crierMetrics } from '../../jobs/report/metrics.ts';
import type { Reporter } from '../../jobs/report/reporter.ts';
import type { JobsContext, Running } from './context.ts';

const REPORTS_SIDE_BY_SIDE = 4;

export interface CrierOptions extends Pick<JobsContext, 'store' | 'log' | 'registry'> {
  reporters: readonly Reporter[];
  /** How many jobs of one shard a reporter has in hand at once. */
  workers?: ((reporter: Reporter) => number) | undefined;
  /** Whether a repository's jobs are reported. */
  enabled?: ((org: string, repo: string) => boolean) | undefined;
}

/** Tells of jobs where people look. */
export function runCrier({ store, reporters, log, registry, ...options }: CrierOptions): Running {
  const stopping = new AbortController();
  const crier = new Crier({
    store,
    reporters,
    workersPerShard: options.workers ?? (() => REPORTS_SIDE_BY_SIDE),
    enabled: options.enabled ?? (() => true),
    log,
    metrics: crierMetrics(registry),
    observer: ({ name }) => queueMetrics(registry, `crier_${name}`),
  });
  const run = crier.run(stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await run;
    },
  };
}
