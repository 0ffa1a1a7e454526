/** Lets tasks through while the window has room for their weight, the more urgent first where they have to wait (0 before 9). */
export interface RateWindow {
  run<T>(weight: number, priority: number, task: () => Promise<T>): Promise<T>;
  /** How many wait for room. */
  readonly waiting: number;
}

interface Waiter {
  weight: number;
  start(): void;
}

/**
 * At most `amount` in any `windowMs`, each weight counted until that long after its task ended: a burst takes all that is there at once. bottleneck's
 * reservoirs refill at a beat instead, which lets twice the amount through around it, and cost 5 ms a request.
 */
export function rateWindow(amount: number, windowMs: number): RateWindow {
  const queues: Waiter[][] = Array.from({ length: 10 }, () => []);
  let free = amount;
  let waiting = 0;

  function giveBack(weight: number): void {
    free += weight;
    // Who is most urgent keeps its turn, even where one behind it would fit.
    for (const queue of queues) {
      for (let first = queue[0]; first; first = queue[0]) {
        if (first.weight > free) return;
        queue.shift();
        waiting--;
        free -= first.weight;
        first.start();
      }
    }
  }

  async function admitted<T>(weight: number, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } finally {
      setTimeout(() => giveBack(weight), windowMs).unref();
    }
  }

  return {
    get waiting() {
      return waiting;
    },
    async run(weight, priority, task) {
      if (waiting === 0 && free >= weight) free -= weight;
      else {
        waiting++;
        await new Promise<void>((start) => queues[priority]?.push({ weight, start }));
      }
      return admitted(weight, task);
    },
  };
}
