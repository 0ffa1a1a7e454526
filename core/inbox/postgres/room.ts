import { CutwaterError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { KEEP_FACTS_MS, type Retention } from '../store.ts';
import type { Query } from './query.ts';

/** How often what may go is removed, and what other replicas added is counted. */
const PRUNE_EVERY_MS = 60_000;
const PRUNE_FACTS_EVERY_MS = 3_600_000;

/** Keeps the inbox within its bounds. What is in it is counted now and then, and every replica adds its own in between. */
export async function createRoom(query: Query, { keepMs, maxBytes }: Retention, log: Logger) {
  let bytes = 0;
  let coming = 0;
  let prunedFactsAt = Date.now();

  async function count(): Promise<void> {
    const { rows } = await query<{ bytes: number }>(
      'SELECT coalesce(sum(size), 0)::float8 AS bytes FROM inbox_entries',
    );
    bytes = rows[0]?.bytes ?? 0;
  }

  /** Removes the oldest finished entries until `size` more bytes fit. */
  async function shrink(size: number): Promise<void> {
    await count();
    await query(
      `DELETE FROM inbox_entries WHERE seq IN (SELECT seq FROM
         (SELECT seq, sum(size) OVER (ORDER BY finished_at, seq) - size AS before FROM inbox_entries WHERE state = 'done') d WHERE before < $1)`,
      [bytes + size - maxBytes],
    );
    await count();
  }

  /** All facts are read for it, so not every time. */
  async function pruneFacts(): Promise<void> {
    if (Date.now() - prunedFactsAt < PRUNE_FACTS_EVERY_MS) return;
    prunedFactsAt = Date.now();
    await query("DELETE FROM inbox_facts WHERE at < $1 AND key NOT LIKE ':%'", [prunedFactsAt - KEEP_FACTS_MS]);
  }

  async function prune(): Promise<void> {
    await query("DELETE FROM inbox_entries WHERE state = 'done' AND finished_at < $1", [Date.now() - keepMs]);
    await pruneFacts();
    await count();
  }

  await prune();
  const timer = setInterval(() => {
    prune().catch((error: unknown) => log.warn({ err: error }, 'Cannot remove old deliveries'));
  }, PRUNE_EVERY_MS).unref();
  return {
    /** Keeps `size` bytes free until `settle`. */
    async make(size: number): Promise<void> {
      if (bytes + coming + size > maxBytes) await shrink(coming + size);
      if (bytes + coming + size > maxBytes) {
        throw new CutwaterError('transient', 'the inbox is full of unfinished deliveries');
      }
      coming += size;
    },
    /** What room was made for is in, or did not come. */
    settle(size: number, stored: boolean): void {
      coming -= size;
      if (stored) bytes += size;
    },
    stop: () => clearInterval(timer),
  };
}
