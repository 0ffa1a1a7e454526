import { Gauge } from 'prom-client';
import type { ErrorCode } from '../../core/errors.ts';
import type { Metrics } from '../../core/metrics.ts';

/** What one pass found and did. */
export interface Tally {
  pods: number;
  jobs: number;
  seconds: number;
  podsRemoved: Map<string, number>;
  podErrors: Map<string, number>;
  jobsRemoved: Map<string, number>;
  jobErrors: Map<string, number>;
}

export function emptyTally(): Tally {
  const none = () => new Map<string, number>();
  return {
    pods: 0,
    jobs: 0,
    seconds: 0,
    podsRemoved: none(),
    podErrors: none(),
    jobsRemoved: none(),
    jobErrors: none(),
  };
}

export function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

const REASONS: Partial<Record<ErrorCode, string>> = {
  'not-found': 'NotFound',
  forbidden: 'Forbidden',
  conflict: 'Conflict',
  invalid: 'Invalid',
};

/** Kubernetes' word for an error, as Prow labels errors with. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: ErrorCode } | undefined)?.code;
  return (code && REASONS[code]) ?? 'Unknown';
}

/** Sinker's gauges, with Prow's names: each holds what the last pass did that had anything to do for its reason, as there. */
export function sinkerMetrics(registry: Metrics): (tally: Tally) => void {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const byReason = (name: string, help: string) => new Gauge({ name, help, labelNames: ['reason'], registers });
  const pods = gauge('sinker_pods_existing', 'Number of the existing pods in each sinker cleaning.');
  const seconds = gauge('sinker_loop_duration_seconds', 'Time used in each sinker cleaning.');
  const jobs = gauge('sinker_prow_jobs_existing', 'Number of the existing prow jobs in each sinker cleaning.');
  const reasons: [Gauge, (tally: Tally) => Map<string, number>][] = [
    [byReason('sinker_pods_removed', 'Number of pods removed in each sinker cleaning.'), (tally) => tally.podsRemoved],
    [
      byReason('sinker_pod_removal_errors', 'Number of errors which occurred in each sinker pod cleaning.'),
      (tally) => tally.podErrors,
    ],
    [
      byReason('sinker_prow_jobs_cleaned', 'Number of prow jobs cleaned in each sinker cleaning.'),
      (tally) => tally.jobsRemoved,
    ],
    [
      byReason('sinker_prow_jobs_cleaning_errors', 'Number of errors which occurred in each sinker prow job cleaning.'),
      (tally) => tally.jobErrors,
    ],
  ];
  return (tally) => {
    pods.set(tally.pods);
    seconds.set(tally.seconds);
    jobs.set(tally.jobs);
    for (const [metric, countsOf] of reasons)
      for (const [reason, number] of countsOf(tally)) metric.set({ reason }, number);
  };
}
