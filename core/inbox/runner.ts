import type { InboxEntry } from './entry.ts';
import { createIntake } from './intake.ts';
import type { CachingJournal } from './journal.ts';
import { createLanes } from './lanes.ts';
import type { InboxOptions } from './options.ts';
import { createWorkers } from './workers.ts';

/** How many entries are handled side by side. */
const CONCURRENCY = 200;
/** How many are held in memory, and with how many bytes of payload; the rest waits in the store. */
const MOST_ENTRIES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Hands entries out, so many at once and in order, and says to the store what became of them. */
export function createRunner(options: InboxOptions, journal: CachingJournal) {
  const { store, log, concurrency = CONCURRENCY } = options;
  const closing = new AbortController();
  const workers = createWorkers(options, journal, closing.signal, ended);
  const lanes = createLanes(concurrency, workers.work);
  const intake = createIntake(options, { room, run });
  let bytes = 0;
  let reserved = 0;
  let started = false;

  function room(): number {
    if (!started || closing.signal.aborted || bytes >= MOST_BYTES) return 0;
    return MOST_ENTRIES - lanes.size() - reserved;
  }

  function run(entry: InboxEntry): void {
    bytes += entry.payload.length;
    lanes.add(entry);
  }

  function ended(entry: InboxEntry): void {
    bytes -= entry.payload.length;
    intake.makeUse();
  }

  return {
    run,
    poke: intake.poke,
    /** Keeps a place for an entry that is being written; false where there is none, and the entry has to wait. */
    reserve(): boolean {
      if (room() <= 0) return false;
      reserved++;
      return true;
    },
    unreserve: () => void reserved--,
    start(): void {
      started = true;
      intake.poke();
    },
    async close(graceMs: number): Promise<void> {
      closing.abort();
      const unbegun = lanes.drain().map(({ delivery }) => delivery);
      const begun = await workers.rest(graceMs);
      await store.release([...begun, ...unbegun]).catch((error: unknown) => {
        log.error({ err: error }, 'Failed to give deliveries back; the next start takes them back');
      });
    },
  };
}
