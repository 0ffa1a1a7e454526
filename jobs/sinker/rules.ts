import { isComplete, type ProwJob, type ProwJobState } from '../api/prowjob.ts';
import { type Pod, REPORTER_FINALIZER } from '../pods/backend.ts';

/** The `sinker` section, times in milliseconds. */
export interface SinkerConfig {
  resync_period: number;
  max_prowjob_age: number;
  max_pod_age: number;
  terminated_pod_ttl: number;
  exclude_clusters: string[];
}

/** What is kept of a job while everything is looked through: 20,000 whole jobs would be 100 MB. */
export interface JobTrace {
  name: string;
  job: string;
  periodic: boolean;
  complete: boolean;
  /** Milliseconds; 0 where the job does not say, which makes it as old as can be. */
  started: number;
  completed: number;
  state: ProwJobState | undefined;
  /** What the reporter of pods told last. */
  reported: ProwJobState | undefined;
}

const POD_REPORTER = 'gcsk8sreporter';
/** A pod younger than this may belong to a job that the list does not show yet. */
const ORPHAN_AGE = 30_000;

export function traceOf(job: ProwJob): JobTrace {
  const { metadata, spec, status } = job;
  return {
    name: metadata.name ?? '',
    job: spec.job ?? '',
    periodic: spec.type === 'periodic',
    complete: isComplete(job),
    started: Date.parse(status.startTime ?? '') || 0,
    completed: Date.parse(status.completionTime ?? '') || 0,
    state: status.state,
    reported: status.prev_report_states?.[POD_REPORTER],
  };
}

export interface JobRemoval {
  name: string;
  reason: 'aged' | 'aged-periodic';
}

/**
 * Which jobs go: complete ones that started too long ago. The newest run of each periodic that is still configured stays, or
 * horologium would take it for one that never ran (Prow: cmd/sinker).
 */
export function agedJobs(
  jobs: readonly JobTrace[],
  periodics: ReadonlySet<string>,
  maxAge: number,
  now: number,
): JobRemoval[] {
  const newest = new Map<string, JobTrace>();
  for (const trace of jobs) {
    const before = newest.get(trace.job);
    if (trace.periodic && (!before || trace.started > before.started)) newest.set(trace.job, trace);
  }
  return jobs
    .filter(({ complete, started }) => complete && now - started > maxAge)
    .filter((trace) => !(trace.periodic && periodics.has(trace.job) && newest.get(trace.job) === trace))
    .map(({ name, periodic }) => ({ name, reason: periodic ? 'aged-periodic' : 'aged' }));
}

export interface PodVerdict {
  remove?: 'aged' | 'ttled' | 'orphaned';
  /** The reporter that would take its finalizer off will not come any more. */
  releaseFinalizer: boolean;
}

/** What becomes of a pod, given its job, or that there is none. A pod whose job has not ended stays: it would only be created anew. */
export function judgePod(pod: Pod, job: JobTrace | undefined, config: SinkerConfig, now: number): PodVerdict {
  const hasFinalizer = (pod.metadata.finalizers ?? []).includes(REPORTER_FINALIZER);
  if (!job) {
    const orphaned = now - Date.parse(pod.metadata.creationTimestamp ?? '') > ORPHAN_AGE;
    return { releaseFinalizer: hasFinalizer, ...(orphaned && { remove: 'orphaned' }) };
  }
  const releaseFinalizer = hasFinalizer && job.complete && job.reported === job.state;
  if (!job.complete) return { releaseFinalizer };
  if (now - Date.parse(pod.status?.startTime ?? '') > config.max_pod_age) return { releaseFinalizer, remove: 'aged' };
  if (now - job.completed > config.terminated_pod_ttl) return { releaseFinalizer, remove: 'ttled' };
  return { releaseFinalizer };
}
