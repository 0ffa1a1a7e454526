import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CutwaterError } from '../../core/errors.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobFilter, ProwJobPage, ProwJobStore, WatchEvent } from '../api/store.ts';
import { factsOf, type JobFacts, matches, newestFirst } from './filter.ts';
import { EventLog } from './log.ts';
import { type Row, Tables } from './tables.ts';
import { assertValid } from './validate.ts';

export interface EmbeddedStoreOptions {
  /** The database file, or `:memory:`. One process at a time has it open. */
  path: string;
  now?: () => number;
  /** At least so many events are kept for watches that start late or lag. */
  keptEvents?: number;
}

interface Kept {
  facts: JobFacts;
  body: string;
}

/** Rows read in one go: more would keep everything else in the process waiting. */
const CHUNK = 250;

/**
 * ProwJobs in one SQLite file (WAL): finished ones are read by index, active ones also stand in memory. Writes are synchronous, so
 * versions follow each other without gaps, and a watcher hears of a change only once it is committed.
 * Watches reach back to this process' start at most; older versions are `gone`.
 */
export class EmbeddedStore implements ProwJobStore {
  private readonly tables: Tables;
  private readonly log: EventLog;
  private readonly active = new Map<string, Kept>();
  private readonly now: () => number;
  private version: number;

  constructor({ path, now = Date.now, keptEvents = 4_096 }: EmbeddedStoreOptions) {
    this.tables = new Tables(path);
    this.now = now;
    this.version = this.tables.version();
    this.log = new EventLog(this.version, keptEvents);
    for (const body of this.tables.active()) {
      const facts = factsOf(JSON.parse(body) as ProwJob);
      this.active.set(facts.name, { facts, body });
    }
  }

  async create(job: ProwJob): Promise<ProwJob> {
    assertValid(job);
    const { name = '' } = job.metadata;
    if (this.body(name) !== undefined) throw new CutwaterError('conflict', `prowjobs "${name}" already exists`);
    const creationTimestamp = new Date(this.now()).toISOString();
    return this.write('added', {
      ...job,
      metadata: { ...job.metadata, uid: randomUUID(), creationTimestamp, generation: 1 },
    });
  }

  async get(name: string): Promise<ProwJob | undefined> {
    const body = this.body(name);
    return body === undefined ? undefined : (JSON.parse(body) as ProwJob);
  }

  async list(filter: ProwJobFilter = {}, page: { limit?: number; after?: string } = {}): Promise<ProwJobPage> {
    const resourceVersion = String(this.version);
    const limit = page.limit ?? Number.POSITIVE_INFINITY;
    const found = filter.active
      ? this.listActive(filter, page.after, limit + 1)
      : await this.listAll(filter, page.after, limit + 1);
    const items = found.slice(0, limit).map(({ body }) => JSON.parse(body) as ProwJob);
    const last = found[limit - 1];
    return { items, resourceVersion, ...(found.length > limit && last && { next: `${last.start}/${last.name}` }) };
  }

  async update(name: string, change: (job: ProwJob) => ProwJob | undefined): Promise<ProwJob> {
    const before = this.body(name);
    if (before === undefined) throw notFound(name);
    const current = JSON.parse(before) as ProwJob;
    const { resourceVersion, uid, creationTimestamp, generation = 1 } = current.metadata;
    const changed = change(current);
    if (changed === undefined) return JSON.parse(before) as ProwJob;
    if (changed.metadata.resourceVersion !== resourceVersion || changed.metadata.name !== name) {
      throw new CutwaterError('conflict', `prowjobs "${name}": the object has been modified`);
    }
    if (JSON.stringify(changed) === before) return changed;
    assertValid(changed);
    const metadata = { ...changed.metadata, uid, creationTimestamp, generation: generation + 1 } as ProwJob['metadata'];
    return this.write('modified', { ...changed, metadata });
  }

  async delete(name: string): Promise<void> {
    const body = this.body(name);
    if (body === undefined) throw notFound(name);
    const version = this.version + 1;
    const job = JSON.parse(body) as ProwJob;
    job.metadata.resourceVersion = String(version);
    this.tables.remove(version, name);
    this.version = version;
    this.active.delete(name);
    this.log.append({ type: 'deleted', facts: factsOf(job), body: JSON.stringify(job) });
  }

  watch(resourceVersion: string, signal: AbortSignal, filter?: ProwJobFilter): AsyncIterable<WatchEvent> {
    return this.log.follow(Number(resourceVersion), signal, filter);
  }

  /** Ends the watches and closes the file. */
  close(): void {
    this.log.close();
    this.tables.close();
  }

  private body(name: string): string | undefined {
    return this.active.get(name)?.body ?? this.tables.get(name);
  }

  private write(type: 'added' | 'modified', job: ProwJob): ProwJob {
    const version = this.version + 1;
    const written = { ...job, metadata: { ...job.metadata, resourceVersion: String(version) } };
    const body = JSON.stringify(written);
    const copy = JSON.parse(body) as ProwJob;
    const facts = factsOf(copy);
    this.tables.put(version, facts, body);
    this.version = version;
    if (facts.active) this.active.set(facts.name, { facts, body });
    else this.active.delete(facts.name);
    this.log.append({ type, facts, body });
    // `facts` shares the copy's labels, which the caller may change: it gets another one.
    return JSON.parse(body) as ProwJob;
  }

  private listActive(filter: ProwJobFilter, after: string | undefined, limit: number): Row[] {
    const from = after === undefined ? undefined : keyOf(after);
    return [...this.active.values()]
      .filter(({ facts }) => matches(facts, filter))
      .filter(
        ({ facts }) => !from || facts.start < from.start || (facts.start === from.start && facts.name < from.name),
      )
      .sort((a, b) => newestFirst(a.facts, b.facts))
      .slice(0, limit)
      .map(({ facts, body }) => ({ name: facts.name, start: facts.start, labels: '', body }));
  }

  private async listAll(filter: ProwJobFilter, after: string | undefined, limit: number): Promise<Row[]> {
    const wanted = Object.entries(filter.labels ?? {});
    const found: Row[] = [];
    let from = after === undefined ? undefined : keyOf(after);
    for (;;) {
      const rows = this.tables.page(filter, from, wanted.length > 0 ? CHUNK : Math.min(limit - found.length, CHUNK));
      for (const row of rows) {
        const labels = wanted.length > 0 ? (JSON.parse(row.labels) as Record<string, string>) : {};
        if (wanted.every(([key, value]) => labels[key] === value)) found.push(row);
        if (found.length === limit) return found;
      }
      const last = rows.at(-1);
      if (!last || rows.length < CHUNK) return found;
      from = last;
      await nextTurn();
    }
  }
}

function keyOf(after: string): { start: number; name: string } {
  const slash = after.indexOf('/');
  return { start: Number(after.slice(0, slash)), name: after.slice(slash + 1) };
}

function notFound(name: string): CutwaterError {
  return new CutwaterError('not-found', `prowjobs "${name}" not found`);
}
