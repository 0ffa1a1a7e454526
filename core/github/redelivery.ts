import { type HookBook, openHookBook } from './hook-book.ts';
import { createLook, type LookOptions } from './redelivery-look.ts';
import { GITHUB_KEEPS_MS, OVERLAP_MS } from './redelivery-rules.ts';
import { asSpender } from './spender.ts';

/** How often replicas see which of them sweeps. The second sweep comes so soon after the first, for what was under way then. */
const TURN_MS = 5_000;
const EVERY_MS = 30_000;

export interface RedeliveryOptions extends LookOptions {
  /** Milliseconds between two sweeps (30,000). */
  everyMs?: number | undefined;
}

/** Asks GitHub for what it could not hand over, as while we were away. */
export interface Redelivery {
  /** Tells it of every delivery that arrives, as a token's webhooks are known from them alone. */
  note: HookBook['note'];
  /** Sweeps now and on a timer. */
  start(): void;
  /** Looks through all known webhooks once; the number of deliveries asked for. */
  sweep(): Promise<number>;
  stop(): void;
}

export function createRedelivery(options: RedeliveryOptions): Redelivery {
  const { github, store, log, everyMs = EVERY_MS } = options;
  const book = openHookBook(store.notes, log);
  const lookThrough = createLook(options, book);
  let timer: NodeJS.Timeout | undefined;
  let nextAt = 0;
  let stopped = false;
  let sweeping: Promise<number> | undefined;

  async function sweepAll(): Promise<number> {
    const sweptAt = Date.now() - GITHUB_KEEPS_MS + OVERLAP_MS;
    if (github.installations) await book.add({ path: '/app/hook', owner: '', sweptAt });
    let asked = 0;
    for (const hook of await book.hooks()) asked += await lookThrough(hook);
    return asked;
  }

  function sweep(): Promise<number> {
    sweeping ??= asSpender({ plugin: 'redelivery', repo: '', priority: 'report' }, sweepAll)
      .catch((error: unknown) => {
        log.warn({ err: error }, 'Cannot look for deliveries that were missed');
        return 0;
      })
      .finally(() => {
        sweeping = undefined;
      });
    return sweeping;
  }

  /** Sweeps where it is time and no other replica does; where one has died that did, another is on within seconds. */
  async function take(): Promise<void> {
    const ours = await store.notes.takeTurn('redelivery', 3 * TURN_MS).catch(() => false);
    if (!ours || Date.now() < nextAt) return;
    nextAt = Date.now() + (nextAt === 0 ? TURN_MS : everyMs);
    await sweep();
  }

  function plan(ms: number): void {
    if (stopped) return;
    timer = setTimeout(() => void take().finally(() => plan(Math.min(TURN_MS, everyMs))), ms).unref();
  }

  return {
    note: book.note,
    sweep,
    start: () => plan(0),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
