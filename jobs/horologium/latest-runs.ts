import type { ProwJobStore } from '../api/store.ts';
import type { FollowEvent } from '../store/follow.ts';
import { pagesOf } from '../store/pages.ts';
import { type Run, runOf } from './due.ts';

/** The latest run of every periodic, kept by events, so that not all jobs are listed at every tick. */
export class LatestRuns {
  private readonly store: ProwJobStore;
  private runs = new Map<string, Run>();
  /** Those of a list in progress. */
  private reading: Map<string, Run> | undefined;

  constructor(store: ProwJobStore) {
    this.store = store;
  }

  get(job: string): Run | undefined {
    return this.runs.get(job);
  }

  /** Takes an event in; a fresh list means that everything is to be read again. */
  async observe(event: FollowEvent): Promise<void> {
    if (event.type === 'listed') return this.readAll();
    const { job } = event;
    if (job.spec.type !== 'periodic') return;
    if (event.type !== 'deleted') this.take(job.spec.job ?? '', runOf(job));
    else if (this.runs.get(job.spec.job ?? '')?.name === job.metadata.name) await this.readOne(job.spec.job ?? '');
  }

  /** A run that was just started counts at once, also where all runs are being read anew. */
  take(job: string, run: Run): void {
    for (const runs of [this.runs, this.reading]) if (runs) put(runs, job, run);
  }

  /** What was known counts until everything is read: periodics whose runs are not known would all be started. */
  private async readAll(): Promise<void> {
    const reading = new Map<string, Run>();
    this.reading = reading;
    for await (const { items } of pagesOf(this.store, { types: ['periodic'] }))
      for (const job of items) put(reading, job.spec.job ?? '', runOf(job));
    this.runs = reading;
    this.reading = undefined;
  }

  private async readOne(name: string): Promise<void> {
    const { items } = await this.store.list({ types: ['periodic'], job: name }, { limit: 1 });
    const [latest] = items;
    if (latest) this.runs.set(name, runOf(latest));
    else this.runs.delete(name);
  }
}

function put(runs: Map<string, Run>, job: string, run: Run): void {
  const known = runs.get(job);
  if (!known || known.name === run.name || run.started > known.started) runs.set(job, run);
}
