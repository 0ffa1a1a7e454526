import type { DatabaseSync } from 'node:sqlite';
import { CutwaterError } from '../../errors.ts';
import type { Retention } from '../store.ts';

/** How many finished entries go at once: few enough that nobody waits for it. */
const CHUNK = 200;

/** Keeps the inbox within its bounds: old entries go, and where unfinished ones alone fill it nothing more comes in. */
export function createRoom(db: DatabaseSync, { keepMs, maxBytes }: Retention) {
  const total = db.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM entries');
  const oldest = db.prepare(
    "SELECT seq, size FROM entries WHERE state = 'done' AND finished_at < ? ORDER BY finished_at LIMIT ?",
  );
  const payload = db.prepare('DELETE FROM payloads WHERE seq = ?');
  const entry = db.prepare('DELETE FROM entries WHERE seq = ?');
  let bytes = total.get()?.bytes as number;
  let removed = 0;

  function removeFinished(before: number, limit: number): number {
    const rows = oldest.all(before, limit);
    for (const row of rows) {
      payload.run(row.seq as number);
      entry.run(row.seq as number);
      bytes -= row.size as number;
      removed += row.size as number;
    }
    return rows.length;
  }

  return {
    /** Removes finished entries until `size` bytes fit. */
    makeRoom(size: number): void {
      while (bytes + size > maxBytes && removeFinished(Number.MAX_SAFE_INTEGER, CHUNK) > 0);
      if (bytes + size > maxBytes) throw new CutwaterError('transient', 'the inbox is full of unfinished deliveries');
    },
    added(size: number): void {
      bytes += size;
    },
    /** Removes what has been finished for long enough; true where there is more of it. */
    prune: (): boolean => removeFinished(Date.now() - keepMs, CHUNK) === CHUNK,
    /** Whether at least so many bytes were removed since this was last true. */
    hasRemoved(least: number): boolean {
      if (removed < least) return false;
      removed = 0;
      return true;
    },
    /** Counts afresh, after a transaction that came to nothing. */
    recount(): void {
      bytes = total.get()?.bytes as number;
    },
  };
}
