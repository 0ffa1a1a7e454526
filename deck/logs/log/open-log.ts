import { messageOf } from '../../../core/errors.ts';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { isComplete } from '../../../jobs/api/prowjob.ts';
import type { LogSource } from '../source.ts';
import { IndexOfLog } from './index-of-log.ts';
import { readLines } from './read-lines.ts';

/** One job's log as pages read it: an index that grows with the log, and windows of lines out of it. */
export class OpenLog {
  index = new IndexOfLog();
  /** There is a log: at least one read of it has begun. */
  there = false;
  /** Why the last read failed, in the source's own words. */
  problem: string | null = null;
  /** The whole log is indexed, and nothing will be added. */
  whole = false;
  readonly #source: LogSource;
  #job: ProwJob;
  #reading: Promise<void> | null = null;
  #following: AbortController | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(source: LogSource, job: ProwJob) {
    this.#source = source;
    this.#job = job;
  }

  /** Indexes what the log has by now; callers at the same time share one read. */
  refresh(job: ProwJob): Promise<void> {
    this.#job = job;
    if (this.whole || this.#following) return Promise.resolve();
    this.#reading ??= this.#read(false, new AbortController().signal).finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** Calls back whenever the log grows, until the returned function is called; the last one to leave ends the following. */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => {
      this.#listeners.delete(changed);
      if (this.#listeners.size === 0) this.#following?.abort();
    };
  }

  /** Reads on as the log grows, for those who listen; asked again and again until there is a log to follow. */
  follow(job: ProwJob): void {
    this.#job = job;
    if (this.#following || this.whole || this.#listeners.size === 0) return;
    const abort = new AbortController();
    this.#following = abort;
    const done = () => {
      this.#following = null;
    };
    void (this.#reading ?? Promise.resolve()).then(() => this.#read(true, abort.signal)).then(done, done);
  }

  /** Lines `from` to `from + count - 1`, as far as they exist. */
  async lines(from: number, count: number): Promise<string[]> {
    const start = this.index.before(from);
    const abort = new AbortController();
    const stream = await this.#source.log(this.#job, { from: start.byte, follow: false, signal: abort.signal });
    if (!stream) return [];
    try {
      return await readLines(stream, start, from, count);
    } finally {
      abort.abort();
    }
  }

  async #read(follow: boolean, signal: AbortSignal): Promise<void> {
    const complete = isComplete(this.#job);
    try {
      const stream = await this.#source.log(this.#job, { from: this.index.bytes, follow, signal });
      this.problem = null;
      if (!stream) return;
      this.there = true;
      for await (const chunk of stream) {
        if (signal.aborted) return;
        this.index.feed(chunk);
        this.#tell();
      }
      this.whole = complete && !signal.aborted;
    } catch (error) {
      if (!signal.aborted) this.problem = messageOf(error);
    }
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#listeners) changed();
  }
}
