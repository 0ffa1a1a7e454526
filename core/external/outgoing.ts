import type { Envelope } from './letter.ts';
import { createQueue, type Queue } from './queue.ts';

/** Sends one letter; whether the next may follow. */
export type Deliver = (seq: number) => Promise<'answered' | 'skipped' | 'away'>;

/** The queues of all recipients. Sends what may go, and comes back when the next may, until `closing` aborts. */
export function createOutgoing(deliver: Deliver, firstPauseMs: number, closing: AbortSignal) {
  const queues = new Map<string, Queue>();
  const timers = new Map<Queue, NodeJS.Timeout>();
  const sending = new Set<Promise<void>>();
  let isOpen = false;

  function run(queue: Queue): void {
    clearTimeout(timers.get(queue));
    timers.delete(queue);
    while (!closing.aborted) {
      const taken = queue.take(Date.now());
      if (!taken) return;
      if ('waitMs' in taken) return void timers.set(queue, setTimeout(run, taken.waitMs, queue));
      const work = deliver(taken.seq).then((outcome) => {
        queue.end(taken, outcome, Date.now());
        sending.delete(work);
        run(queue);
      });
      sending.add(work);
    }
  }

  return {
    add(envelopes: readonly Envelope[]): void {
      for (const envelope of envelopes) {
        const id = `${envelope.plugin} ${envelope.endpoint}`;
        const queue = queues.get(id) ?? createQueue(firstPauseMs);
        queues.set(id, queue);
        queue.add(envelope);
      }
      if (!isOpen) return;
      for (const queue of queues.values()) run(queue);
    },
    /** From the next `add` on something goes out: what was left by the last run is known then, and comes first. */
    open(): void {
      isOpen = true;
    },
    /** Resolves when nothing is being sent. */
    rest: () => Promise.all(sending),
    /** What waits for its time is not sent any more. */
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
