import type { Logger } from '../../core/log.ts';
import { type QueueObserver, unobserved } from '../queue-metrics.ts';

/** The longest time that a timer of Node's can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface WorkQueueOptions {
  /** Works on a key; what it returns is after how many milliseconds the key is due again. A failure is tried again, later each time. */
  work: (key: string) => Promise<number | undefined>;
  /** Keys of one lane worked on side by side. */
  workers: () => number;
  /** The lane that a key waits in at the moment: where the work of one lane hangs, the others go on. All keys are in one unless told. */
  lane?: (key: string) => string;
  log: Logger;
  retry?: { first: number; longest: number };
  observer?: QueueObserver;
}

/**
 * Keys to be worked on: each at most once at a time, one that is added meanwhile once more afterwards, first come first served,
 * with timers and growing pauses after failures (as Kubernetes' controllers do).
 */
export class WorkQueue {
  private readonly options: Required<WorkQueueOptions>;
  private readonly lanes = new Map<string, Lane>();
  /** Keys that wait for a worker, and in which lane. */
  private readonly waiting = new Map<string, Lane>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly failures = new Map<string, number>();
  private stopped = false;

  constructor(options: WorkQueueOptions) {
    this.options = { retry: { first: 100, longest: 60_000 }, lane: () => '', observer: unobserved, ...options };
  }

  add(key: string): void {
    if (this.stopped || this.waiting.has(key)) return;
    if (this.running.has(key)) {
      this.again.add(key);
      this.options.observer.added(key);
      return;
    }
    const lane = this.lane(this.options.lane(key));
    this.waiting.set(key, lane);
    lane.waiting.add(key);
    this.options.observer.added(key);
    this.dispatch(lane);
  }

  /** Takes nothing up any more; resolves when what is being worked on is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.waiting.clear();
    this.lanes.clear();
    await Promise.all(this.running.values());
  }

  private lane(name: string): Lane {
    const known = this.lanes.get(name);
    if (known) return known;
    const made: Lane = { name, waiting: new Set(), busy: 0 };
    this.lanes.set(name, made);
    return made;
  }

  private dispatch(lane: Lane): void {
    for (const key of lane.waiting) {
      if (this.stopped || lane.busy >= Math.max(1, this.options.workers())) return;
      lane.waiting.delete(key);
      this.waiting.delete(key);
      this.cancelTimer(key);
      lane.busy += 1;
      this.options.observer.started(key);
      this.running.set(key, this.run(key, lane));
    }
    if (lane.busy === 0) this.lanes.delete(lane.name);
  }

  private async run(key: string, lane: Lane): Promise<void> {
    // The rest must not happen before `running` has the key.
    await Promise.resolve();
    try {
      const after = await this.options.work(key);
      this.failures.delete(key);
      if (after !== undefined) this.addAfter(key, after);
    } catch (error) {
      const failures = this.failures.get(key) ?? 0;
      this.failures.set(key, failures + 1);
      const { first, longest } = this.options.retry;
      const pause = Math.min(first * 2 ** failures, longest);
      this.options.log.warn(
        { err: error, key, failures: failures + 1, pause },
        'reconciliation failed, tried again later',
      );
      this.addAfter(key, pause);
    }
    this.running.delete(key);
    this.options.observer.finished(key);
    lane.busy -= 1;
    if (this.again.delete(key)) this.add(key);
    this.dispatch(lane);
  }

  private addAfter(key: string, milliseconds: number): void {
    if (this.stopped) return;
    this.options.observer.retried();
    this.cancelTimer(key);
    const later = () => {
      this.timers.delete(key);
      this.add(key);
    };
    this.timers.set(key, setTimeout(later, Math.min(milliseconds, LONGEST_TIMER)));
  }

  private cancelTimer(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }
}

interface Lane {
  name: string;
  waiting: Set<string>;
  busy: number;
}
