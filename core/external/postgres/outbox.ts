import { connect } from '../../inbox/postgres/connect.ts';
import type { Query } from '../../inbox/postgres/query.ts';
import type { Logger } from '../../log.ts';
import type { Envelope, Letter, Outbox, OutboxLimits } from '../letter.ts';
import { deadLetters } from './dead-letters.ts';
import { pruning } from './prune.ts';

const CONNECTIONS = 5;
/** As soon as a letter that another replica wrote or left is taken up. */
const LOOK_EVERY_MS = 1000;

const ENVELOPE = 'seq::float8 AS seq, plugin, endpoint, key';

export interface PostgresOutboxOptions {
  url: string;
  /** The replica's name in the inbox of the same database, where it is told when this one is silent; a visitor, who sends nothing, has none. */
  name?: string | undefined;
  limits: OutboxLimits;
  log: Logger;
}

/** The letters in PostgreSQL, which several replicas share; what a dead one held is freed with its deliveries. */
export async function openPostgresOutbox({ url, name, limits, log }: PostgresOutboxOptions): Promise<Outbox> {
  const { query, isOpen, close } = await connect(url, CONNECTIONS, log);
  const take = name === undefined ? async () => [] : taking(query, name);
  return {
    lookEveryMs: LOOK_EVERY_MS,
    async put(letters) {
      for (const { plugin, endpoint, key, repo, delivery, event, headers, payload, receivedAt } of letters) {
        await query(
          `INSERT INTO outbox_letters (plugin, endpoint, key, repo, delivery, event, size, received_at, changed_at, headers, payload)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (delivery, plugin, endpoint) DO UPDATE SET state = 'waiting', owner = NULL,
             received_at = excluded.received_at, changed_at = excluded.changed_at WHERE outbox_letters.state = 'dead'`,
          [
            ...[plugin, endpoint, key, repo, delivery, event, payload.byteLength],
            ...[receivedAt, Date.now(), headers, payload],
          ],
        );
      }
      return take();
    },
    waiting: take,
    async read(seq) {
      const { rows } = await query<Letter>(
        `SELECT ${ENVELOPE}, repo, delivery, event, headers, payload, received_at::float8 AS "receivedAt" FROM outbox_letters
         WHERE seq = $1 AND owner = $2 AND state = 'waiting'`,
        [seq, name],
      );
      return rows[0];
    },
    async sent(seq) {
      await query(
        `UPDATE outbox_letters SET state = 'sent', owner = NULL, size = 0, payload = '', changed_at = $2
         WHERE seq = $1 AND state = 'waiting'`,
        [seq, Date.now()],
      );
    },
    async bury(seq, reason) {
      await query(
        `UPDATE outbox_letters SET state = 'dead', owner = NULL, reason = $2, changed_at = $3 WHERE seq = $1 AND state = 'waiting'`,
        [seq, reason, Date.now()],
      );
    },
    ...deadLetters(query),
    prune: pruning(query, limits),
    async close() {
      if (name !== undefined && isOpen()) await release(query, name, log);
      await close();
    },
  };
}

/**
 * Takes what is free, for all who ask meanwhile at once. The first time, and when an answer was lost, all that this replica has counts as new.
 */
function taking(query: Query, me: string): () => Promise<Envelope[]> {
  let complete = false;
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Envelope[]> | undefined;

  async function take(): Promise<Envelope[]> {
    next = undefined;
    const wasComplete = complete;
    complete = false;
    const claimed = await query<Envelope>(`SELECT ${ENVELOPE} FROM outbox_claim($1) ORDER BY seq`, [me]);
    const { rows } = wasComplete
      ? claimed
      : await query<Envelope>(
          `SELECT ${ENVELOPE} FROM outbox_letters WHERE state = 'waiting' AND owner = $1 ORDER BY seq`,
          [me],
        );
    complete = true;
    return rows;
  }

  return () => {
    if (next) return next;
    next = running.then(take);
    running = next.catch(() => undefined);
    return next;
  };
}

/** The others need not wait until this replica is silent. */
async function release(query: Query, me: string, log: Logger): Promise<void> {
  try {
    await query("UPDATE outbox_letters SET owner = NULL WHERE state = 'waiting' AND owner = $1", [me]);
  } catch (error) {
    log.warn({ err: error }, 'Failed to hand on what waits for external plugins; other replicas take it over');
  }
}
