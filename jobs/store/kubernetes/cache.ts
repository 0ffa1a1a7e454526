import type { ProwJob } from '../../api/prowjob.ts';
import type { ProwJobFilter } from '../../api/store.ts';
import { type JobFacts, matches, newestFirst } from '../filter.ts';
import { type Entry, Packer } from './entry.ts';

/** Where a job stands in the order. */
export type Place = Pick<JobFacts, 'start' | 'name'>;

/** All ProwJobs of the namespace in memory, newest first, with indexes by state, job and pull request. */
export class JobCache {
  private readonly packer = new Packer();
  private readonly entries = new Map<string, Entry>();
  private readonly ordered: Entry[] = [];
  private readonly byKey = new Map<string, Set<Entry>>();

  get(name: string): Entry | undefined {
    return this.entries.get(name);
  }

  values(): Iterable<Entry> {
    return this.entries.values();
  }

  /** Takes the job in and returns its entry, or undefined where this version of it is known already. */
  put(job: ProwJob): { entry: Entry; before: Entry | undefined } | undefined {
    const before = this.entries.get(job.metadata.name ?? '');
    if (before?.uid === job.metadata.uid && before?.version === Number(job.metadata.resourceVersion)) return undefined;
    const entry = this.packer.pack(job);
    if (before) this.remove(before);
    this.entries.set(entry.facts.name, entry);
    this.ordered.splice(this.position(entry.facts), 0, entry);
    for (const key of keysOf(entry.facts)) this.index(key).add(entry);
    return { entry, before };
  }

  remove(entry: Entry): void {
    this.entries.delete(entry.facts.name);
    this.ordered.splice(this.position(entry.facts), 1);
    for (const key of keysOf(entry.facts)) {
      const set = this.index(key);
      set.delete(entry);
      if (set.size === 0) this.byKey.delete(key);
    }
    this.packer.release(entry);
  }

  /** At most `limit` entries that match, after the one of start and name `after`, newest first. */
  find(filter: ProwJobFilter | undefined, limit: number, after?: Place): Entry[] {
    const found: Entry[] = [];
    const narrowed = this.narrow(filter);
    const first = narrowed || !after ? 0 : this.position(after);
    const candidates = narrowed ?? this.ordered;
    for (let i = first; i < candidates.length && found.length < limit; i++) {
      const entry = candidates[i];
      if (!entry || (after && !isBefore(after, entry.facts))) continue;
      if (matches(entry.facts, filter)) found.push(entry);
    }
    return found;
  }

  /** The smallest indexed set that holds all that can match, in order; undefined where walking everything is as cheap. */
  private narrow(filter: ProwJobFilter | undefined): Entry[] | undefined {
    const sets = indexKeys(filter).map((keys) => keys.flatMap((key) => this.byKey.get(key) ?? []));
    const sizes = sets.map((set) => set.reduce((sum, { size }) => sum + size, 0));
    const smallest = Math.min(...sizes);
    if (smallest > this.ordered.length / 4) return undefined;
    const chosen = sets[sizes.indexOf(smallest)];
    return chosen?.flatMap((set) => [...set]).sort((a, b) => newestFirst(a.facts, b.facts));
  }

  private index(key: string): Set<Entry> {
    const known = this.byKey.get(key);
    if (known) return known;
    const made = new Set<Entry>();
    this.byKey.set(key, made);
    return made;
  }

  /** Where an entry of this start and name stands or would stand. */
  private position(facts: Place): number {
    let [low, high] = [0, this.ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.ordered[middle];
      if (entry && isBefore(entry.facts, facts)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keysOf(facts: JobFacts): string[] {
  return [
    ...(facts.active ? ['active'] : []),
    `state ${facts.state}`,
    `job ${facts.job}`,
    ...(facts.buildId ? [`build ${facts.buildId}`] : []),
    ...new Set(facts.pulls.map((pull) => pullKey(facts.org, facts.repo, pull))),
  ];
}

/** For each indexed part of the filter, the keys of which one must hold. */
function indexKeys(filter: ProwJobFilter | undefined): string[][] {
  if (!filter) return [];
  const { active, states, job, org, repo, pull, buildId } = filter;
  return [
    ...(active ? [['active']] : []),
    ...(states ? [states.map((state) => `state ${state}`)] : []),
    ...(job === undefined ? [] : [[`job ${job}`]]),
    ...(buildId === undefined ? [] : [[`build ${buildId}`]]),
    ...(org === undefined || repo === undefined || pull === undefined ? [] : [[pullKey(org, repo, pull)]]),
  ];
}

function pullKey(org: string, repo: string, pull: number): string {
  return `pull ${org}/${repo}#${pull}`;
}

function isBefore(a: Place, b: Place): boolean {
  return a.name !== b.name && newestFirst(a, b) < 0;
}
