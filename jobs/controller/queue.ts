import type { Logger } from '../../core/log.ts';

/** The longest time that a timer of Node's can wait. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface WorkQueueOptions {
  /** Works on a key; what it returns is after how many milliseconds the key is due again. A failure is tried again, later each time. */
  work: (key: string) => Promise<number | undefined>;
  /** Keys worked on side by side. */
  workers: () => number;
  log: Logger;
  retry?: { first: number; longest: number };
}

/**
 * Keys to be worked on: each at most once at a time, one that is added meanwhile once more afterwards, first come first served,
 * with timers and growing pauses after failures (as Kubernetes' controllers do).
 */
export class WorkQueue {
  private readonly options: Required<WorkQueueOptions>;
  private readonly waiting = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private readonly timers = new Map<string, { due: number; timer: NodeJS.Timeout }>();
  private readonly failures = new Map<string, number>();
  private stopped = false;

  constructor(options: WorkQueueOptions) {
    this.options = { retry: { first: 100, longest: 60_000 }, ...options };
  }

  add(key: string): void {
    if (this.stopped) return;
    if (this.running.has(key)) this.again.add(key);
    else this.waiting.add(key);
    this.dispatch();
  }

  /** Adds the key later; of several times the earliest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.stopped) return;
    const due = Date.now() + milliseconds;
    const before = this.timers.get(key);
    if (before && before.due <= due) return;
    clearTimeout(before?.timer);
    const timer = setTimeout(
      () => {
        this.timers.delete(key);
        this.add(key);
      },
      Math.min(milliseconds, LONGEST_TIMER),
    );
    this.timers.set(key, { due, timer });
  }

  /** Takes nothing up any more; resolves when what is being worked on is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const { timer } of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.waiting.clear();
    await Promise.all(this.running.values());
  }

  private dispatch(): void {
    for (const key of this.waiting) {
      if (this.running.size >= Math.max(1, this.options.workers())) return;
      this.waiting.delete(key);
      this.cancelTimer(key);
      this.running.set(key, this.run(key));
    }
  }

  private async run(key: string): Promise<void> {
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
    if (this.again.delete(key)) this.add(key);
    else this.dispatch();
  }

  private cancelTimer(key: string): void {
    clearTimeout(this.timers.get(key)?.timer);
    this.timers.delete(key);
  }
}
