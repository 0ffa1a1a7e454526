import type { Query } from '../../inbox/postgres/query.ts';
import { type Outbox, type OutboxLimits, TOO_MANY, WAITED_TOO_LONG } from '../letter.ts';

const BURY = `UPDATE outbox_letters SET state = 'dead', owner = NULL, changed_at = $1, reason = $2 WHERE state = 'waiting'`;

/** As in SQLite; replicas may do it side by side. */
export function pruning(query: Query, limits: OutboxLimits): Outbox['prune'] {
  return async (now) => {
    const old = await query(`${BURY} AND received_at < $3`, [now, WAITED_TOO_LONG, now - limits.waitMs]);
    const surplus = await query(
      `${BURY} AND seq IN (SELECT seq FROM
         (SELECT seq, row_number() OVER (PARTITION BY plugin ORDER BY seq DESC) AS place FROM outbox_letters WHERE state = 'waiting') p
       WHERE place > $3)`,
      [now, TOO_MANY, limits.waiting],
    );
    await query("DELETE FROM outbox_letters WHERE state IN ('dead', 'sent') AND changed_at < $1", [
      now - limits.keepMs,
    ]);
    await query(
      `DELETE FROM outbox_letters WHERE seq IN (SELECT seq FROM
         (SELECT seq, sum(size) OVER (ORDER BY state = 'waiting' DESC, seq DESC) AS total FROM outbox_letters WHERE state IN ('waiting', 'dead')) t
       WHERE total > $1)`,
      [limits.bytes],
    );
    return (old.rowCount ?? 0) + (surplus.rowCount ?? 0);
  };
}
