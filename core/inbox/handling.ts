import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient, messageOf } from '../errors.ts';
import type { InboxEntry } from './entry.ts';
import type { InboxOptions } from './options.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** How often an entry is handled before it is set aside. */
const TRIES = 8;
/** How long an entry is tried where the failure is nobody's fault, as when GitHub is down. */
const TRY_FOR_MS = 24 * 3_600_000;

/** Tries one entry as often as it takes. */
export function createHandling({ handle, log, firstPauseMs = FIRST_PAUSE_MS }: InboxOptions, closing: AbortSignal) {
  function pause(attempt: number): Promise<void> {
    const ms = Math.min(firstPauseMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    return sleep(ms, undefined, { signal: closing }).catch(() => {});
  }

  return {
    /** Handles the entry until that succeeds or has failed often enough; says why it failed for good, or `undefined`. */
    async untilDone(entry: InboxEntry): Promise<string | undefined> {
      for (let attempt = 1; ; attempt++) {
        try {
          await handle(entry);
          return undefined;
        } catch (error) {
          log.error({ ...fieldsOf(entry), err: error, attempt }, 'Failed to handle a delivery');
          if (closing.aborted || !isWorthAnother(error, attempt, entry)) return messageOf(error);
        }
        await pause(attempt);
        if (closing.aborted) return 'the process ends';
      }
    },
    /** Writes what became of the entry, until the store takes it. */
    async persist(entry: InboxEntry, write: () => Promise<void>): Promise<void> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await write();
        } catch (error) {
          log.error({ ...fieldsOf(entry), err: error }, 'Failed to note what became of a delivery');
          if (closing.aborted) return;
        }
        await pause(attempt);
      }
    },
  };
}

function isWorthAnother(error: unknown, attempt: number, { receivedAt }: InboxEntry): boolean {
  if (isTransient(error)) return Date.now() - receivedAt < TRY_FOR_MS;
  return attempt < TRIES;
}

/** Which delivery a line of the log is about. */
export function fieldsOf({ delivery, event }: InboxEntry): Record<string, string> {
  return { 'event-GUID': delivery, 'event-type': event };
}
