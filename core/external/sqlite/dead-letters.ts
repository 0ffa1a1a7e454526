import type { DatabaseSync } from 'node:sqlite';
import { type DeadLetter, type Outbox, type OutboxLimits, TOO_MANY, WAITED_TOO_LONG } from '../letter.ts';

/** The letters that were given up, for a person to look at, and how many there are. */
export function deadLetters(db: DatabaseSync): Pick<Outbox, 'dead' | 'retry' | 'drop' | 'counts'> {
  return {
    dead: async (limit) =>
      db
        .prepare(
          `SELECT seq, plugin, repo, delivery, event, reason, received_at AS receivedAt FROM letters
           WHERE state = 'dead' ORDER BY seq LIMIT ?`,
        )
        .all(limit) as unknown as DeadLetter[],
    retry: async (seq) =>
      db
        .prepare(`UPDATE letters SET state = 'waiting', received_at = ? WHERE seq = ? AND state = 'dead'`)
        .run(Date.now(), seq).changes > 0,
    drop: async (seq) => db.prepare(`DELETE FROM letters WHERE seq = ? AND state = 'dead'`).run(seq).changes > 0,
    counts: async () =>
      db
        .prepare(
          `SELECT plugin, state, count(*) AS count FROM letters WHERE state IN ('waiting', 'dead') GROUP BY state, plugin`,
        )
        .all() as unknown as Awaited<ReturnType<Outbox['counts']>>,
  };
}

const BURY = `UPDATE letters SET state = 'dead', changed_at = ?, reason = ?`;

/** `total` is that of a letter and all that came after it: what is over the limit is the oldest. */
const OVER = `SELECT seq FROM (
    SELECT seq, sum(size) OVER (ORDER BY state = 'waiting' DESC, seq DESC) AS total FROM letters WHERE state IN ('waiting', 'dead')
  ) WHERE total > ?`;

/** Buries what has waited too long or is too many, and forgets what has been kept long enough; dead letters make room before those that wait. */
export function prune(db: DatabaseSync, limits: OutboxLimits, now: number): number {
  const old = db
    .prepare(`${BURY} WHERE state = 'waiting' AND received_at < ?`)
    .run(now, WAITED_TOO_LONG, now - limits.waitMs);
  const surplus = db
    .prepare(
      `${BURY} WHERE seq IN (
         SELECT seq FROM (
           SELECT seq, row_number() OVER (PARTITION BY plugin ORDER BY seq DESC) AS place FROM letters WHERE state = 'waiting'
         ) WHERE place > ?)`,
    )
    .run(now, TOO_MANY, limits.waiting);
  db.prepare(`DELETE FROM letters WHERE state IN ('dead', 'sent') AND changed_at < ?`).run(now - limits.keepMs);
  db.prepare(`DELETE FROM letters WHERE seq IN (${OVER})`).run(limits.bytes);
  return Number(old.changes) + Number(surplus.changes);
}
