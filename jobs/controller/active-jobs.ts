import { LRUCache } from 'lru-cache';
import type { ProwJob } from '../api/prowjob.ts';
import { isNewer, presubmitIdentity } from './duplicates.ts';
import type { Ahead } from './facts.ts';
import { isOurs } from './reconcile.ts';

/** Versions of jobs that ended or were deleted are remembered for so many, so that a late event does not bring one back. */
const REMEMBERED = 20_000;

/** The jobs that the controller looks after, with what their limits and duplicates are told from, always as of the newest version seen. */
export class ActiveJobs {
  private readonly jobs = new Map<string, ProwJob>();
  private readonly ended = new LRUCache<string, string>({ max: REMEMBERED });
  private readonly groups = new Map<string, Set<string>>();
  private readonly starting = new Set<string>();

  get(name: string): ProwJob | undefined {
    return this.jobs.get(name);
  }

  names(): IterableIterator<string> {
    return this.jobs.keys();
  }

  /** Takes a version of a job in, unless a newer one is known. */
  put(job: ProwJob): void {
    const { name = '', resourceVersion = '' } = job.metadata;
    const known = this.jobs.get(name)?.metadata.resourceVersion;
    if (known !== undefined && BigInt(known) > BigInt(resourceVersion)) return;
    const ended = this.ended.get(name);
    if (ended !== undefined && BigInt(ended) >= BigInt(resourceVersion)) return;
    this.take(name);
    if (job.status.state !== 'triggered') this.starting.delete(name);
    if (!isOurs(job)) {
      this.ended.set(name, resourceVersion);
      return;
    }
    this.jobs.set(name, job);
    for (const group of groupsOf(job)) this.group(group).add(name);
  }

  /** Forgets a job that was deleted, as of that version; one of its name may come again, but no version from before. */
  remove(name: string, resourceVersion = '0'): void {
    const known = this.jobs.get(name)?.metadata.resourceVersion ?? '0';
    this.take(name);
    this.ended.set(name, BigInt(known) > BigInt(resourceVersion) ? known : resourceVersion);
    this.starting.delete(name);
  }

  /** From now on the job counts as pending, before its status says so: two that are decided on side by side see each other. */
  markStarting(name: string): void {
    this.starting.add(name);
  }

  unmarkStarting(name: string): void {
    this.starting.delete(name);
  }

  pending(except: ProwJob): number {
    const pending = this.groups.get('pending')?.size ?? 0;
    const own = except.metadata.name ?? '';
    const others = pending + this.starting.size;
    return others - (except.status.state === 'pending' ? 1 : 0) - (this.starting.has(own) ? 1 : 0);
  }

  aheadOfJob(job: ProwJob): Ahead {
    return job.spec.max_concurrency ? this.ahead(job, `job ${job.spec.job}`) : { pending: 0, older: 0 };
  }

  aheadInQueue(job: ProwJob): Ahead {
    return job.spec.job_queue_name ? this.ahead(job, `queue ${job.spec.job_queue_name}`) : { pending: 0, older: 0 };
  }

  /** A run that makes `job` pointless. */
  newer(job: ProwJob): string | undefined {
    return this.duplicates(job).find((other) => isNewer(other, job))?.metadata.name;
  }

  /** Runs that `job` makes pointless. */
  older(job: ProwJob): string[] {
    return this.duplicates(job)
      .filter((other) => isNewer(job, other))
      .map((other) => other.metadata.name ?? '');
  }

  private duplicates(job: ProwJob): ProwJob[] {
    const identity = presubmitIdentity(job);
    if (identity === undefined) return [];
    return this.members(`same ${identity}`).filter((other) => other.metadata.name !== job.metadata.name);
  }

  private ahead(job: ProwJob, group: string): Ahead {
    const created = Date.parse(job.metadata.creationTimestamp ?? '');
    const ahead = { pending: 0, older: 0 };
    for (const other of this.members(group)) {
      const { name = '', creationTimestamp } = other.metadata;
      if (name === job.metadata.name) continue;
      if (other.status.state === 'pending' || this.starting.has(name)) ahead.pending += 1;
      else if (other.status.state === 'triggered' && Date.parse(creationTimestamp ?? '') < created) ahead.older += 1;
    }
    return ahead;
  }

  private members(group: string): ProwJob[] {
    return [...(this.groups.get(group) ?? [])].flatMap((name) => this.jobs.get(name) ?? []);
  }

  private group(group: string): Set<string> {
    const known = this.groups.get(group);
    if (known) return known;
    const made = new Set<string>();
    this.groups.set(group, made);
    return made;
  }

  private take(name: string): void {
    const job = this.jobs.get(name);
    if (!job) return;
    this.jobs.delete(name);
    for (const group of groupsOf(job)) {
      const names = this.groups.get(group);
      names?.delete(name);
      if (names?.size === 0) this.groups.delete(group);
    }
  }
}

function groupsOf(job: ProwJob): string[] {
  const { job_queue_name: queue } = job.spec;
  const identity = presubmitIdentity(job);
  return [
    ...(job.status.state === 'pending' ? ['pending'] : []),
    `job ${job.spec.job}`,
    ...(queue ? [`queue ${queue}`] : []),
    ...(identity === undefined ? [] : [`same ${identity}`]),
  ];
}
