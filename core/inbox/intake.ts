import type { InboxEntry } from './entry.ts';
import type { InboxOptions } from './options.ts';
import { restoreEntry } from './restore.ts';

const CLAIM_AT_ONCE = 100;
/** How long after a failed look for work the next one comes. */
const LOOK_AGAIN_MS = 2000;

interface Place {
  /** How many entries there is room for. */
  room(): number;
  run(entry: InboxEntry): void;
}

/** Takes entries out of the store, one look at a time, while there is room for them and something is left. */
export function createIntake({ store, log }: InboxOptions, { room, run }: Place) {
  let waiting = true;
  let looking = false;
  let lookAgain = false;

  async function look(): Promise<void> {
    if (room() <= 0) return;
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

  /** Something may have come to wait in the store. */
  function poke(): void {
    waiting = true;
    void look();
  }

  return {
    poke,
    /** There is room again. */
    makeUse(): void {
      if (waiting) void look();
    },
  };
}
