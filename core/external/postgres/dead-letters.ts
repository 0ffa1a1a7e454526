import type { Query } from '../../inbox/postgres/query.ts';
import type { DeadLetter, Outbox } from '../letter.ts';

type Counts = Awaited<ReturnType<Outbox['counts']>>;

/** The letters that were given up, for a person to look at, and how many there are. */
export function deadLetters(query: Query): Pick<Outbox, 'dead' | 'retry' | 'drop' | 'counts'> {
  return {
    async dead(limit) {
      const { rows } = await query<DeadLetter>(
        `SELECT seq::float8 AS seq, plugin, repo, delivery, event, reason, received_at::float8 AS "receivedAt" FROM outbox_letters
         WHERE state = 'dead' ORDER BY seq LIMIT $1`,
        [limit],
      );
      return rows;
    },
    async retry(seq) {
      const { rowCount } = await query(
        "UPDATE outbox_letters SET state = 'waiting', received_at = $2 WHERE seq = $1 AND state = 'dead'",
        [seq, Date.now()],
      );
      return Boolean(rowCount);
    },
    async drop(seq) {
      return Boolean((await query("DELETE FROM outbox_letters WHERE seq = $1 AND state = 'dead'", [seq])).rowCount);
    },
    async counts() {
      const { rows } = await query<Counts[number]>(
        `SELECT plugin, state, count(*)::int AS count FROM outbox_letters WHERE state IN ('waiting', 'dead') GROUP BY state, plugin`,
      );
      return rows;
    },
  };
}
