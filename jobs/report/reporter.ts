import type { ProwJob } from '../api/prowjob.ts';

/** What came of a report: done (the jobs named are recorded as reported), or not yet. */
export type ReportOutcome = { reported: ProwJob[] } | { again: { afterMs: number } };

/**
 * Tells somebody about ProwJobs. `report` must bear repetition: after a crash between report and record it is called again for the same
 * state. It throws where it should be tried again. Prow: crier.ReportClient.
 */
export interface Reporter {
  /** The key in prev_report_states. */
  readonly name: string;
  shouldReport(job: ProwJob): boolean;
  /** Jobs of one shard wait for each other, jobs of different shards never do. */
  shardOf(job: ProwJob): string;
  report(job: ProwJob, signal: AbortSignal): Promise<ReportOutcome>;
}

/** The shard of reporters that talk to GitHub: one slow repository holds up no other. */
export function repositoryShard(job: ProwJob): string {
  const refs = job.spec.refs ?? job.spec.extra_refs?.[0];
  return refs ? `${refs.org}/${refs.repo}` : '';
}
