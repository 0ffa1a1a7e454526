import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxEntry } from './entry.ts';
import { fieldsOf } from './handling.ts';
import type { InboxOptions } from './options.ts';
import { SUSPECT_ATTEMPTS } from './store.ts';

/** How long those that may have killed the process wait for the one before them. */
const LONGEST_TURN_MS = 60_000;

/** Has those entries wait for each other that the process died with more than once, so that the next death is that of one alone. */
export function createSuspects({ store, log }: InboxOptions) {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inTurn<T>(entry: InboxEntry, handle: () => Promise<T>): Promise<T> {
      if (entry.attempts < SUSPECT_ATTEMPTS) return handle();
      const turn = last.then(async () => {
        await store.begin(entry.delivery).catch((error: unknown) => {
          log.error({ ...fieldsOf(entry), err: error }, 'Failed to note that a delivery is being handled');
        });
        return handle();
      });
      // GitHub may be away for longer than the others should wait.
      last = last.then(() => Promise.race([turn, sleep(LONGEST_TURN_MS, undefined, { ref: false })])).catch(() => {});
      return turn;
    },
  };
}
