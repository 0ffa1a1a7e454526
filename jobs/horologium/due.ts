import { RERUN } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';

/** When a periodic runs, times in milliseconds. */
export interface Timing {
  cron?: string;
  interval?: number;
  minimumInterval?: number;
  retry?: { attempts: number; interval: number; runAll: boolean };
}

/** What has to be known of a periodic's latest run. */
export interface Run {
  name: string;
  started: number;
  completed: number | undefined;
  succeeded: boolean;
  /** Which repetition of a failed run it is; 0 for a run of its own. */
  rerun: number;
}

export function runOf({ metadata, status }: ProwJob): Run {
  const { startTime = '', completionTime, state } = status;
  return {
    name: metadata.name ?? '',
    started: Date.parse(startTime) || 0,
    completed: completionTime === undefined ? undefined : Date.parse(completionTime),
    succeeded: state === 'success',
    rerun: Number(metadata.labels?.[RERUN] ?? 0),
  };
}

/** More repetitions than this are not made, whatever `retry.attempts` says. */
const MOST_RETRIES = 10;

/** Whether a periodic is to be started now, and why (Prow: cmd/horologium). `fired`: its cron time has come since the last look. */
export function due(
  { cron, interval, minimumInterval, retry }: Timing,
  latest: Run | undefined,
  fired: boolean,
  now: number,
): { reason: string; rerun?: number } | undefined {
  if (!latest) return cron === undefined || fired ? { reason: 'never ran' } : undefined;
  if (latest.completed !== undefined) {
    if (cron !== undefined && fired) return { reason: 'cron' };
    if (minimumInterval !== undefined && now - latest.completed > minimumInterval)
      return { reason: 'minimum_interval' };
    if (interval !== undefined && now - latest.started > interval) return { reason: 'interval' };
  }
  // A cron periodic is looked at when its time comes, and only then: one that has ended is then simply started.
  if (!retry || (cron !== undefined && !fired)) return undefined;
  return again(retry, latest, now);
}

/** Unlike in Prow, a retry keeps its own interval. */
function again({ attempts, interval, runAll }: NonNullable<Timing['retry']>, latest: Run, now: number) {
  if (!runAll && (latest.completed === undefined || latest.succeeded)) return undefined;
  const rerun = latest.rerun + 1;
  if (Number.isNaN(rerun) || rerun > Math.min(attempts, MOST_RETRIES)) return undefined;
  return now - latest.started > interval ? { reason: 'retry', rerun } : undefined;
}
