import { CutwaterError, messageOf } from '../../../core/errors.ts';
import type { ReflectorSink } from '../../../core/kube/reflector.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import { JobCache } from './cache.ts';
import { type Happening, History } from './history.ts';

/** About a burst of 1,000 jobs with all their changes. */
const KEPT_EVENTS = 5_000;

/** What the API server has told us: the jobs and what happened to them. Fed by a reflector. */
export class Mirror implements ReflectorSink<ProwJob> {
  readonly cache = new JobCache();
  readonly history = new History(KEPT_EVENTS);
  private seen: Set<string> | undefined;
  /** What lists have shown to have changed and watchers were not told of yet: also one that broke off has changed the cache. */
  private found: Happening[] = [];
  private synced = false;
  problem: Error | undefined;
  /** Jobs deleted by us, by uid, until the API server has told so. */
  private readonly leaving = new Set<string>();

  /** Whether what it says is as new as can be. */
  get live(): boolean {
    return this.synced && this.problem === undefined;
  }

  listing(): void {
    this.seen = new Set();
  }

  page(jobs: ProwJob[]): void {
    for (const job of jobs) {
      this.seen?.add(job.metadata.uid ?? '');
      const changes = this.take(job);
      if (this.synced) this.found.push(...changes);
    }
  }

  listed(resourceVersion: string): void {
    const seen = this.seen ?? new Set();
    const gone = [...this.cache.values()].filter((entry) => !seen.has(entry.uid));
    const changes = [...this.found, ...gone.flatMap((entry) => this.drop(entry.facts.name))];
    for (const uid of this.leaving) if (!seen.has(uid)) this.leaving.delete(uid);
    this.seen = undefined;
    this.found = [];
    if (this.synced) this.history.append(changes, Number(resourceVersion));
    else this.history.begin(Number(resourceVersion));
    this.synced = true;
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', job: ProwJob, resourceVersion: string): void {
    const changes = type === 'DELETED' ? this.drop(job.metadata.name ?? '') : this.take(job);
    this.history.append(changes, Number(resourceVersion));
  }

  bookmark(resourceVersion: string): void {
    this.history.advance(Number(resourceVersion));
  }

  health(problem: Error | undefined): void {
    this.problem = problem;
  }

  /** We wrote this version, or deleted the job of this uid: reads wait for it. */
  async hasSeen(write: { version: number } | { deleted: string }, signal: AbortSignal): Promise<void> {
    if ('deleted' in write) this.leaving.add(write.deleted);
    const reached = () =>
      'version' in write ? this.history.version >= write.version : !this.leaving.has(write.deleted);
    await this.history.until(reached, signal);
  }

  /** Resolves after the first list; `transient` where it takes too long. */
  async sync(ms: number, signal: AbortSignal): Promise<void> {
    if (this.synced) return;
    await this.history.until(() => this.synced, AbortSignal.any([signal, AbortSignal.timeout(ms)]));
    if (this.synced) return;
    const reason = this.problem ? messageOf(this.problem) : 'the API server has not answered';
    throw new CutwaterError('transient', `ProwJobs cannot be listed: ${reason}`, { cause: this.problem });
  }

  private take(job: ProwJob): Happening[] {
    const put = this.cache.put(job);
    if (!put) return [];
    const { entry, before } = put;
    if (before?.uid === entry.uid) return [{ type: 'modified', entry }];
    return [...(before ? [{ type: 'deleted', entry: before } as const] : []), { type: 'added', entry }];
  }

  private drop(name: string): Happening[] {
    const entry = this.cache.get(name);
    if (!entry) return [];
    this.cache.remove(entry);
    this.leaving.delete(entry.uid);
    return [{ type: 'deleted', entry }];
  }
}
