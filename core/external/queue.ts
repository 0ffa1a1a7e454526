import type { Envelope } from './letter.ts';

/** How many are sent to one endpoint at once while it answers, and while it does not. */
const WIDTH = 16;
const FAILING_WIDTH = 1;
const LONGEST_PAUSE_MS = 60_000;

type Taken = Pick<Envelope, 'seq' | 'key'>;

interface Lane {
  letters: number[];
  busy: boolean;
  failures: number;
  /** Not to be tried before this time. */
  rest: number;
}

/**
 * The letters of one endpoint: of one key one after the other, different keys side by side. An endpoint that is away is asked by one letter at a time, of
 * another key each time, so that neither many events nor one that it can not stand keep it busy.
 */
export function createQueue(firstPauseMs: number) {
  const lanes = new Map<string, Lane>();
  const known = new Set<number>();
  let failures = 0;
  let rest = 0;
  let busy = 0;

  const pauseAfter = (count: number): number => Math.min(firstPauseMs * 2 ** (count - 1), LONGEST_PAUSE_MS);

  /** The free lane that may be tried soonest. */
  function next(): [string, Lane] | undefined {
    let best: [string, Lane] | undefined;
    for (const [key, lane] of lanes) {
      if (!lane.busy && (!best || lane.rest < best[1].rest)) best = [key, lane];
    }
    return best;
  }

  return {
    add({ seq, key }: Taken): void {
      if (known.has(seq)) return;
      known.add(seq);
      const lane = lanes.get(key) ?? { letters: [], busy: false, failures: 0, rest: 0 };
      lane.letters.splice(lane.letters.findLastIndex((other) => other < seq) + 1, 0, seq);
      lanes.set(key, lane);
    },
    /** Takes a letter that may go now, or says how many milliseconds until there may be one; `undefined` where only an end can bring one. */
    take(now: number): Taken | { waitMs: number } | undefined {
      if (busy >= (failures > 0 ? FAILING_WIDTH : WIDTH)) return undefined;
      const found = next();
      if (!found) return undefined;
      const [key, lane] = found;
      const from = Math.max(rest, lane.rest);
      if (from > now) return { waitMs: from - now };
      lane.busy = true;
      busy++;
      return { seq: lane.letters[0] ?? 0, key };
    },
    /** The letter that was taken has left the queue, or is to be tried again. Says what an attempt told of the endpoint, if there was one. */
    end({ seq, key }: Taken, outcome: 'answered' | 'skipped' | 'away', now: number): void {
      const lane = lanes.get(key);
      if (!lane) return;
      lane.busy = false;
      busy--;
      if (outcome === 'away') {
        rest = now + pauseAfter(++failures);
        lane.rest = now + pauseAfter(++lane.failures);
        return;
      }
      if (outcome === 'answered') failures = rest = 0;
      lane.failures = lane.rest = 0;
      known.delete(seq);
      lane.letters.splice(lane.letters.indexOf(seq), 1);
      if (lane.letters.length === 0) lanes.delete(key);
    },
  };
}

export type Queue = ReturnType<typeof createQueue>;
