import { CutwaterError, isTransient, messageOf } from '../errors.ts';

/**
 * What one plugin saw and did for one event, call by call, so that a second attempt is the first one continued: it sees what was seen, skips what was done,
 * and looks for what may have been done (docs/design.md, "Done once"). Nothing is kept of an event for which nothing is written.
 */
export type JournalLine =
  | { call: string; saw: unknown }
  /** About to be done: written before, so that a missing `did` means that the outcome is unknown. */
  | { call: string; began: number }
  | { call: string; did: unknown }
  /** GitHub refused it for good. */
  | { call: string; failed: string; status?: number };

export interface AttemptJournal {
  /** A read of what our own writes change. */
  state<T>(call: string, ask: () => Promise<T>): Promise<T>;
  write<T>(call: string, act: () => Promise<T>, find?: (since: Date) => Promise<T | undefined>): Promise<T>;
  /** Whether anything was written, in this attempt or before. */
  readonly acted: boolean;
}

type Append = (lines: JournalLine[]) => Promise<void>;

/** The journal of one attempt, over the lines that earlier attempts left. */
export function createAttemptJournal(
  earlier: readonly JournalLine[],
  append: Append,
  now: () => number = Date.now,
): AttemptJournal {
  const before = byCall(earlier);
  const times = new Map<string, number>();
  let unsaved: JournalLine[] = [];
  let acted = earlier.length > 0;

  /** The same call made twice in one attempt is two calls. */
  function numbered(call: string): string {
    const time = (times.get(call) ?? 0) + 1;
    times.set(call, time);
    return time === 1 ? call : `${call}#${time}`;
  }

  async function save(...lines: JournalLine[]): Promise<void> {
    const all = [...unsaved, ...lines];
    unsaved = [];
    await append(all);
  }

  return {
    get acted() {
      return acted;
    },
    async state(call, ask) {
      const name = numbered(call);
      const line = before.get(name);
      if (line && 'saw' in line) return value(line.saw);
      const saw = await ask();
      unsaved.push({ call: name, saw: structuredClone(saw ?? null) });
      return saw;
    },
    async write(call, act, find) {
      const name = numbered(call);
      const line = before.get(name);
      if (line && 'did' in line) return value(line.did);
      if (line && 'failed' in line) throw refusal(line.failed, line.status);
      acted = true;
      if (line && 'began' in line) {
        const found = await find?.(new Date(line.began));
        if (found !== undefined) {
          await save({ call: name, did: found });
          return found;
        }
      } else await save({ call: name, began: now() });
      return outcome(name, act, save);
    },
  };
}

async function outcome<T>(call: string, act: () => Promise<T>, save: (line: JournalLine) => Promise<void>): Promise<T> {
  try {
    const did = await act();
    await save({ call, did: did ?? null });
    return did;
  } catch (error) {
    if (isTransient(error)) throw error;
    const status = (error as { status?: unknown }).status;
    await save({ call, failed: messageOf(error), ...(typeof status === 'number' && { status }) });
    throw error;
  }
}

/** JSON knows no undefined: it stands there as null, which no call answers. */
function value<T>(written: unknown): T {
  return (written ?? undefined) as T;
}

/** Of each call only the last line counts. */
function byCall(lines: readonly JournalLine[]): Map<string, JournalLine> {
  return new Map(lines.map((line) => [line.call, line]));
}

function refusal(message: string, status?: number): CutwaterError {
  const code = status === 404 ? 'not-found' : status === 403 ? 'forbidden' : 'invalid';
  return Object.assign(new CutwaterError(code, message), { status });
}
