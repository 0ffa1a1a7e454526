import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient, messageOf } from '../errors.ts';
import type { InboxEntry } from './entry.ts';
import type { CachingJournal } from './journal.ts';
import { createLanes } from './lanes.ts';
import type { InboxOptions } from './options.ts';
import { restoreEntry } from './restore.ts';
import { SUSPECT_ATTEMPTS } from './store.ts';

/** How many entries are handled side by side. */
const CONCURRENCY = 200;
/** How many are held in memory, and with how many bytes of payload; the rest waits in the store. */
const MOST_ENTRIES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;
const CLAIM_AT_ONCE = 100;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** How often an entry is handled before it is set aside. */
const TRIES = 8;
/** How long an entry is tried where the failure is nobody's fault, as when GitHub is down. */
const TRY_FOR_MS = 24 * 3_600_000;
/** How long those that may have killed the process wait for the one before them. */
const LONGEST_TURN_MS = 60_000;
/** How long after a failed look for work the next one comes. */
const LOOK_AGAIN_MS = 2000;

/** Hands entries out, so many at once and in order, and says to the store what became of them. */
export function createRunner(options: InboxOptions, journal: CachingJournal) {
  const { store, crashNote, metrics, log, concurrency = CONCURRENCY } = options;
  const closing = new AbortController();
  const handling = createHandling(options, closing.signal);
  const suspects = createSuspects(options);
  const lanes = createLanes(concurrency, work);
  const running = new Map<string, Promise<void>>();
  let bytes = 0;
  let reserved = 0;
  let started = false;
  let waiting = true;
  let looking = false;
  let lookAgain = false;

  const room = (): number => (bytes < MOST_BYTES ? MOST_ENTRIES - lanes.size() - reserved : 0);
  const isOpen = (): boolean => started && !closing.signal.aborted;

  /** Takes what is waiting while there is room. */
  async function look(): Promise<void> {
    if (!isOpen() || room() <= 0) return;
    lookAgain = looking;
    if (looking) return;
    looking = true;
    try {
      const { entries, left } = await store.claim(Math.min(room(), CLAIM_AT_ONCE));
      for (const claimed of entries) run(restoreEntry(claimed));
      waiting = left > 0;
      lookAgain ||= waiting && entries.length > 0;
    } catch (error) {
      log.error({ err: error }, 'Failed to read the inbox');
      setTimeout(poke, LOOK_AGAIN_MS).unref();
    }
    looking = false;
    if (lookAgain) void look();
  }

  function poke(): void {
    waiting = true;
    void look();
  }

  function run(entry: InboxEntry): void {
    bytes += entry.payload.length;
    lanes.add(entry);
  }

  async function work(entry: InboxEntry): Promise<void> {
    if (closing.signal.aborted) return;
    const noted = crashNote.watch(entry.delivery, () => workOn(entry));
    running.set(entry.delivery, noted.end);
    await noted.mayGoOn;
  }

  /** `mayGoOn`: when the next of the same key may begin. Only when the outcome is in the store, or will be there before anything of the next, and nothing was noted. */
  function workOn(entry: InboxEntry): { end: Promise<void>; mayGoOn: Promise<void> } {
    const handled = suspects.inTurn(entry, () => handling.untilDone(entry));
    const end = handled
      .then((failure) => settle(entry, failure))
      .finally(() => {
        running.delete(entry.delivery);
        journal.forget(entry.delivery);
        bytes -= entry.payload.length;
        if (waiting) void look();
      });
    const mayGoOn = handled.then((failure) =>
      failure === undefined && store.keepsOrder && !journal.isUsed(entry.delivery) ? undefined : end,
    );
    return { end, mayGoOn };
  }

  async function settle(entry: InboxEntry, failure: string | undefined): Promise<void> {
    if (failure !== undefined && closing.signal.aborted) return;
    if (failure === undefined) metrics.finished(entry.receivedAt);
    else metrics.setAside();
    await handling.persist(entry, () =>
      failure === undefined ? store.finish(entry.delivery) : store.setAside(entry.delivery, failure),
    );
  }

  return {
    run,
    poke,
    /** Keeps a place for an entry that is being written; false where there is none, and the entry has to wait. */
    reserve(): boolean {
      if (!isOpen() || room() <= 0) return false;
      reserved++;
      return true;
    },
    unreserve: () => void reserved--,
    start(): void {
      started = true;
      poke();
    },
    async close(graceMs: number): Promise<void> {
      closing.abort();
      const unbegun = lanes.drain().map(({ delivery }) => delivery);
      const grace = new AbortController();
      const cut = sleep(graceMs, undefined, { signal: grace.signal }).catch(() => {});
      await Promise.race([Promise.allSettled(running.values()), cut]);
      grace.abort();
      await store.release([...running.keys(), ...unbegun]).catch((error: unknown) => {
        log.error({ err: error }, 'Failed to give deliveries back; the next start takes them back');
      });
    },
  };
}

/** Has those entries wait for each other that the process died with more than once, so that the next death is that of one alone. */
function createSuspects({ store, log }: InboxOptions) {
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

/** Tries one entry as often as it takes. */
function createHandling({ handle, log, firstPauseMs = FIRST_PAUSE_MS }: InboxOptions, closing: AbortSignal) {
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

function fieldsOf({ delivery, event }: InboxEntry): Record<string, string> {
  return { 'event-GUID': delivery, 'event-type': event };
}

function isWorthAnother(error: unknown, attempt: number, { receivedAt }: InboxEntry): boolean {
  if (isTransient(error)) return Date.now() - receivedAt < TRY_FOR_MS;
  return attempt < TRIES;
}
