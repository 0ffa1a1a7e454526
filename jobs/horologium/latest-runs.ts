import type { ProwJobStore } from '../api/store.ts';
import type { FollowEvent } from '../store/follow.ts';
import { pagesOf } from '../store/pages.ts';
import { type Run, runOf } from './due.ts';

/** The latest run of every periodic, kept by events, so that not all jobs are listed at every tick. */
export class LatestRuns {
  private readonly store: ProwJobStore;
  private readonly runs = new Map<string, Run>();

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

  take(job: string, run: Run): void {
    const known = this.runs.get(job);
    if (!known || known.name === run.name || run.started > known.started) this.runs.set(job, run);
  }

  private async readAll(): Promise<void> {
    this.runs.clear();
    for await (const { items } of pagesOf(this.store, { types: ['periodic'] }))
      for (const job of items) this.take(job.spec.job ?? '', runOf(job));
  }

  private async readOne(name: string): Promise<void> {
    const { items } = await this.store.list({ types: ['periodic'], job: name }, { limit: 1 });
    const [latest] = items;
    if (latest) this.runs.set(name, runOf(latest));
    else this.runs.delete(name);
  }
}
