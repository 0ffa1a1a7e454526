import type { ProwJob } from '../api/prowjob.ts';
import type { Limit } from './facts.ts';

/** Jobs that wait at a limit, so that the one that waits longest is looked at as soon as there is room, and not ten seconds later. */
export class WaitingJobs {
  private readonly lines = new Map<string, Set<string>>();
  private readonly places = new Map<string, string>();

  /** Puts a job at the end of the line of the limit that holds it back, or takes it out of all. Hands back who is next where it left a line. */
  place(job: ProwJob, limit: Limit | undefined): string | undefined {
    const name = job.metadata.name ?? '';
    const before = this.places.get(name);
    const now = limit && lineOf(job, limit);
    if (before === now) return undefined;
    if (now !== undefined) {
      this.places.set(name, now);
      this.lines.set(now, (this.lines.get(now) ?? new Set()).add(name));
    }
    if (before === undefined) return undefined;
    this.leave(name, before, now);
    // It stands at another limit now: the room that it was called for is still there.
    return now === undefined ? undefined : this.first(before);
  }

  /** The first in each line that a job which ended was in the way of. */
  wakenBy(job: ProwJob): string[] {
    const lines = (['max_concurrency', 'job', 'queue'] as const).map((limit) => lineOf(job, limit));
    return lines.flatMap((line) => this.first(line) ?? []);
  }

  private first(line: string): string | undefined {
    return this.lines.get(line)?.values().next().value;
  }

  private leave(name: string, line: string, now: string | undefined): void {
    if (now === undefined) this.places.delete(name);
    const names = this.lines.get(line);
    names?.delete(name);
    if (names?.size === 0) this.lines.delete(line);
  }
}

function lineOf(job: ProwJob, limit: Limit): string {
  if (limit === 'job') return `job ${job.spec.job}`;
  return limit === 'queue' ? `queue ${job.spec.job_queue_name ?? ''}` : limit;
}
