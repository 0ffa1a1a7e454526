import type { ProwJob } from '../../jobs/api/prowjob.ts';

/** Where the log pages get jobs and their logs from; whoever starts deck wires it to the store and to the pods. */
export interface LogSource {
  /** Newest first, by start. `next` is handed back as `after` for the following page. */
  list(page: { limit: number; after?: string }): Promise<{ jobs: ProwJob[]; next?: string }>;
  get(job: string, buildId: string): Promise<ProwJob | undefined>;
  /**
   * The log's bytes from byte `from` on, with `follow` until the job's container ends; undefined where there is no log (yet, or any more).
   * Stops reading when `signal` aborts or the reader leaves. `container` is the job's own unless named.
   */
  log(
    job: ProwJob,
    options: { from: number; follow: boolean; signal: AbortSignal; container?: string },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
}
