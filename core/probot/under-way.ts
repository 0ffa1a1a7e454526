import { CutwaterError } from '../errors.ts';
import type { AppAnswer, AppRequest } from './protocol.ts';

/** Makes an app's requests; rejects where GitHub could not be asked. */
export type Ask = (request: AppRequest) => Promise<AppAnswer>;

/** The thread ended under an event: it called process.exit, ran out of memory, or did not pause for too long. Which event it was is not known. */
export class ThreadLost extends Error {}

/** The events that one thread has in hand. */
export function createUnderWay() {
  const events = new Map<number, { ask: Ask; end: PromiseWithResolvers<void> }>();
  let count = 0;
  return {
    isEmpty: () => events.size === 0,
    /** Who answers the requests of an event. */
    askerOf: (id: number | undefined): Ask | undefined => events.get(id ?? 0)?.ask,
    /** Begins one with `give`; resolves when its end was told, and rejects with `invalid` where it failed or `signal` aborts. */
    async run(ask: Ask, signal: AbortSignal, give: (id: number) => void): Promise<void> {
      const id = ++count;
      const end = Promise.withResolvers<void>();
      const over = (): void => end.reject(new CutwaterError('invalid', 'took too long'));
      if (signal.aborted) over();
      signal.addEventListener('abort', over, { once: true });
      events.set(id, { ask, end });
      try {
        give(id);
        await end.promise;
      } finally {
        signal.removeEventListener('abort', over);
        events.delete(id);
      }
    },
    end(id: number, failed: string | undefined): void {
      const { end } = events.get(id) ?? {};
      if (failed === undefined) end?.resolve();
      else end?.reject(new CutwaterError('invalid', failed));
    },
    loseAll(lost: ThreadLost): void {
      for (const { end } of events.values()) end.reject(lost);
    },
  };
}

/** Asks now and then whether the thread still turns, while it has something to do. */
export function createWatch(limitMs: number, ping: () => void, silent: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  const tick = (): void => {
    const answered = !waiting;
    waiting = true;
    if (answered) ping();
    else silent();
  };
  return {
    start(): void {
      timer ??= setInterval(tick, limitMs);
    },
    heard(): void {
      waiting = false;
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
      waiting = false;
    },
  };
}
