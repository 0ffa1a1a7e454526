import type { ProwJob } from '../api/prowjob.ts';
import type { BuildCluster, Pod } from '../pods/backend.ts';

/** How soon a job that waits is looked at again, should nothing wake it before (Prow: 10 s). */
export const RECHECK = 10_000;

/** The settings of the `plank` section, times in milliseconds (Prow: config.Plank). */
export interface PlankConfig {
  pod_namespace: string;
  pod_pending_timeout: number;
  pod_running_timeout: number;
  pod_unscheduled_timeout: number;
  /** Pods replaced after they were stopped from outside. */
  max_revivals: number;
  /** Pending jobs at a time; 0 is no limit. */
  max_concurrency: number;
  /** Jobs looked at side by side. */
  max_goroutines: number;
  job_queue_capacities: Record<string, number>;
}

/** Other jobs that count against a limit: those that have a pod, and those that wait for one for longer. */
export interface Ahead {
  pending: number;
  older: number;
}

/** All that a decision about one job depends on. */
export interface Facts {
  job: ProwJob;
  pod: Pod | undefined;
  cluster: BuildCluster & { known: boolean };
  config: PlankConfig;
  /** Milliseconds. */
  now: number;
  /** Pending jobs in all. */
  pending: number;
  sameJob: Ahead;
  sameQueue: Ahead;
  /** The name of a presubmit of the same job for the same pull requests that was started later. */
  newer?: string;
}

/** The limits that a job may wait at. */
export type Limit = 'max_concurrency' | 'job' | 'queue';

/** What is to be done about a job, and why. */
export type Decision = { reason: string } & (
  | { do: 'nothing' }
  /** Looked at again after so many milliseconds; `description` is told on the job, `limit` says what has to change. */
  | { do: 'wait'; after: number; description?: string; limit?: Limit }
  | { do: 'start' }
  /** The pod is there: the job takes its name and build id. */
  | { do: 'adopt'; pod: Pod }
  | { do: 'finish'; state: 'success' | 'failure' | 'error' | 'aborted'; description: string; deletePod: boolean }
  /** The pod was stopped from outside: counted, deleted, and replaced once it is gone. */
  | { do: 'revive'; pod: Pod }
  /** What is left of a pod that is counted already. */
  | { do: 'discard'; pod: Pod }
  /** A newer run makes this one pointless. */
  | { do: 'abort' }
  /** Aborted by somebody: its pod goes, and then it is complete. */
  | { do: 'clear' }
);
