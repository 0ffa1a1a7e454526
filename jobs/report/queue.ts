import { type QueueObserver, unobserved } from '../queue-metrics.ts';

/** Pauses after failures, doubled each time (Kubernetes' work queues do the same, from 5 ms; GitHub deserves more). */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

export type Work = (key: string, signal: AbortSignal) => Promise<{ againAfterMs?: number }>;

interface Shard {
  waiting: Set<string>;
  running: Set<string>;
  /** Keys that were added again while they ran. */
  dirty: Set<string>;
}

/**
 * A work queue of keys, in shards. A key stands in it once and runs once at a time; a shard runs at most `perShard` keys side by side;
 * shards know nothing of each other. A key whose work throws comes again after a pause that grows.
 */
export class ShardedQueue {
  readonly #work: Work;
  readonly #perShard: number;
  readonly #observer: QueueObserver;
  readonly #shards = new Map<string, Shard>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #stop = new AbortController();
  #closed = false;
  readonly #active = new Set<Promise<void>>();

  constructor(work: Work, perShard: number, observer = unobserved) {
    this.#work = work;
    this.#perShard = perShard;
    this.#observer = observer;
  }

  add(shardName: string, key: string): void {
    if (this.#closed) return;
    const shard = this.#shards.get(shardName) ?? {
      waiting: new Set(),
      running: new Set(),
      dirty: new Set(),
    };
    this.#shards.set(shardName, shard);
    this.#observer.added(key);
    if (shard.running.has(key)) {
      shard.dirty.add(key);
      return;
    }
    shard.waiting.add(key);
    this.#fill(shardName, shard);
  }

  /** Ends once nothing runs any more, after `graceMs` by aborting what does; what waits is left. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    const impatience = setTimeout(() => this.#stop.abort(), graceMs);
    await Promise.all(this.#active);
    clearTimeout(impatience);
  }

  #fill(shardName: string, shard: Shard): void {
    while (shard.running.size < this.#perShard && !this.#closed) {
      const [key] = shard.waiting;
      if (key === undefined) break;
      shard.waiting.delete(key);
      shard.running.add(key);
      this.#observer.started(key);
      const run = this.#run(shardName, shard, key).finally(() => this.#active.delete(run));
      this.#active.add(run);
    }
    if (shard.running.size === 0 && shard.waiting.size === 0) this.#shards.delete(shardName);
  }

  async #run(shardName: string, shard: Shard, key: string): Promise<void> {
    try {
      const { againAfterMs } = await this.#work(key, this.#stop.signal);
      this.#failures.delete(key);
      if (againAfterMs !== undefined) this.#later(shardName, key, againAfterMs);
    } catch {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.#later(shardName, key, Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
    }
    shard.running.delete(key);
    this.#observer.finished(key);
    if (shard.dirty.delete(key)) shard.waiting.add(key);
    this.#fill(shardName, shard);
  }

  #later(shardName: string, key: string, pauseMs: number): void {
    if (this.#closed) return;
    this.#observer.retried();
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(shardName, key);
    }, pauseMs);
    this.#timers.set(key, timer);
  }
}
