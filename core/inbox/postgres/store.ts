import { CutwaterError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { EntryState, EntrySummary } from '../entry.ts';
import {
  type Arrival,
  type ClaimedEntry,
  type InboxStore,
  type NewEntry,
  type PoisonLimits,
  type PutResult,
  type Retention,
  type StoreStats,
  SUSPECT_ATTEMPTS,
} from '../store.ts';
import { connect } from './connect.ts';
import { createHands, type Hands } from './hands.ts';
import { jsonOf, noting } from './notes.ts';
import type { Query } from './query.ts';
import { keepAlive, LEASE, type Lease } from './replicas.ts';
import { createRoom } from './room.ts';

export interface PostgresOptions {
  /** Prow has none; ours is --database-url. */
  url: string;
  /** This replica's name, the same after a restart and no other replica's: its own unfinished work is then its again at once. */
  name: string;
  retention: Retention;
  poison: PoisonLimits;
  culprit?: string | undefined;
  lease?: Lease | undefined;
  log: Logger;
}

const CONNECTIONS = 10;

const SUMMARY = `delivery, event, key, state, reason, attempts, size, received_at::float8 AS "receivedAt", finished_at::float8 AS "finishedAt"`;

/** The inbox in PostgreSQL, which several replicas share: each entry is handled by one of them, and what a dead one held goes to the others. */
export async function openPostgresStore(options: PostgresOptions): Promise<InboxStore> {
  const { name, poison, log, lease = LEASE } = options;
  const { query, isOpen, close } = await connect(options.url, CONNECTIONS, log);
  await takeBack(query, options);
  const room = await createRoom(query, options.retention, log);
  const listeners = new Set<() => void>();
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  const hands = createHands(query, name);
  const life = keepAlive(query, name, poison, lease, log, { wake, hands });
  return {
    // Each write takes a connection of its own.
    keepsOrder: false,
    ...handing(query, name, room, hands),
    ...marking(query, name, hands),
    ...byHand(query),
    notes: noting(query, name),
    onWork: (listener) => void listeners.add(listener),
    isAlive: isOpen,
    async close() {
      life.stop();
      room.stop();
      await close();
    },
  };
}

/** Takes back what this replica held when it died. */
async function takeBack(query: Query, { name, poison, culprit }: PostgresOptions): Promise<void> {
  await query("UPDATE inbox_entries SET crashes = crashes + 1 WHERE delivery = $1 AND state = 'running'", [
    culprit ?? '',
  ]);
  await query('SELECT inbox_take_back($1, $2, $3, $4)', [[name], poison.crashes, poison.attempts, SUSPECT_ATTEMPTS]);
}

function handing(
  query: Query,
  me: string,
  room: Awaited<ReturnType<typeof createRoom>>,
  hands: Hands,
): Pick<InboxStore, 'put' | 'claim' | 'release'> {
  return {
    async put(
      { delivery, event, key, headers, payload, receivedAt }: NewEntry,
      start,
      { facts, twin, missed }: Arrival = { facts: [] },
    ): Promise<PutResult> {
      await room.make(payload.byteLength);
      const letGo = hands.take(delivery);
      let stored = false;
      try {
        const { rows } = await query<{ new_state: 'waiting' | 'running'; new_seq: string }>(
          'SELECT * FROM inbox_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
          [
            ...[delivery, event, key, headers, payload, receivedAt, me, start],
            ...[twin ?? null, missed ?? false, jsonOf(facts)],
          ],
        );
        const [row] = rows;
        stored = row !== undefined;
        if (row?.new_state !== 'running') letGo();
        return row ? { state: row.new_state, seq: Number(row.new_seq) } : { state: 'known' };
      } catch (error) {
        letGo();
        hands.doubt();
        throw error;
      } finally {
        room.settle(payload.byteLength, stored);
      }
    },
    async claim(limit) {
      await hands.putBack();
      try {
        const { rows } = await query<ClaimedEntry>(
          `SELECT seq::float8 AS seq, delivery, event, key, headers, payload, attempts, received_at::float8 AS "receivedAt",
             ARRAY(SELECT plugin FROM inbox_progress p WHERE p.delivery = c.delivery) AS done FROM inbox_claim($1, $2) c ORDER BY seq`,
          [me, limit],
        );
        const waiting = await query<{ n: number }>(
          "SELECT count(*)::int AS n FROM inbox_entries WHERE state = 'waiting'",
        );
        for (const { delivery } of rows) hands.take(delivery);
        return { entries: rows, left: waiting.rows[0]?.n ?? 0 };
      } catch (error) {
        hands.doubt();
        throw error;
      }
    },
    async release(deliveries) {
      await query(
        "UPDATE inbox_entries SET state = 'waiting', owner = NULL, begun = false WHERE delivery = ANY ($1) AND owner = $2 AND state = 'running'",
        [deliveries, me],
      );
      hands.drop(deliveries);
    },
  };
}

/** Notes about entries in this replica's hands; one that was taken over is no longer its to write about. */
function marking(
  query: Query,
  me: string,
  hands: Hands,
): Pick<InboxStore, 'begin' | 'done' | 'finish' | 'setAside' | 'append' | 'load'> {
  const MINE = "delivery = $1 AND owner = $2 AND state = 'running'";
  return {
    async begin(delivery) {
      await query(`UPDATE inbox_entries SET begun = true WHERE ${MINE}`, [delivery, me]);
    },
    async done(delivery, plugin) {
      await query(
        `WITH mine AS (SELECT 1 FROM inbox_entries WHERE ${MINE}), gone AS (DELETE FROM inbox_journal WHERE delivery = $1 AND plugin = $3 AND EXISTS (SELECT 1 FROM mine))
         INSERT INTO inbox_progress SELECT $1, $3 FROM mine ON CONFLICT DO NOTHING`,
        [delivery, me, plugin],
      );
    },
    async finish(delivery) {
      await query(
        `WITH mine AS (UPDATE inbox_entries SET state = 'done', owner = NULL, finished_at = $3 WHERE ${MINE} RETURNING delivery),
           gone AS (DELETE FROM inbox_journal USING mine WHERE inbox_journal.delivery = mine.delivery)
         DELETE FROM inbox_progress USING mine WHERE inbox_progress.delivery = mine.delivery`,
        [delivery, me, Date.now()],
      );
      hands.drop([delivery]);
    },
    async setAside(delivery, reason) {
      await query(
        `UPDATE inbox_entries SET state = 'aside', owner = NULL, reason = $3, finished_at = $4 WHERE ${MINE}`,
        [delivery, me, reason, Date.now()],
      );
      hands.drop([delivery]);
    },
    async append(delivery, plugin, records) {
      if (records.length === 0) return;
      const { rowCount } = await query(
        `INSERT INTO inbox_journal (delivery, plugin, record)
         SELECT $1, $3, record FROM inbox_entries, unnest($4::text[]) WITH ORDINALITY AS r (record, n) WHERE ${MINE} ORDER BY n`,
        [delivery, me, plugin, records],
      );
      if (!rowCount) throw new CutwaterError('conflict', 'another replica has taken this delivery over');
    },
    async load(delivery, plugin) {
      const { rows } = await query<{ record: string }>(
        'SELECT record FROM inbox_journal WHERE delivery = $1 AND plugin = $2 ORDER BY id',
        [delivery, plugin],
      );
      return rows.map(({ record }) => record);
    },
  };
}

function byHand(query: Query): Pick<InboxStore, 'has' | 'list' | 'get' | 'replay' | 'drop' | 'stats'> {
  return {
    async has(delivery) {
      return (await query('SELECT 1 FROM inbox_entries WHERE delivery = $1', [delivery])).rows.length > 0;
    },
    async list(states: EntryState[], limit) {
      return (
        await query<EntrySummary>(
          `SELECT ${SUMMARY} FROM inbox_entries WHERE state = ANY ($1) ORDER BY seq DESC LIMIT $2`,
          [states, limit],
        )
      ).rows;
    },
    async get(delivery) {
      const { rows } = await query<EntrySummary & { headers: string; payload: Uint8Array }>(
        `SELECT ${SUMMARY}, headers, payload FROM inbox_entries WHERE delivery = $1`,
        [delivery],
      );
      return rows[0];
    },
    async replay(delivery) {
      const { rowCount } = await query(
        `UPDATE inbox_entries SET state = 'waiting', owner = NULL, attempts = 0, crashes = 0, reason = '', finished_at = NULL
         WHERE delivery = $1 AND state IN ('done', 'aside')`,
        [delivery],
      );
      return Boolean(rowCount);
    },
    async drop(delivery) {
      const { rows } = await query(
        `WITH gone AS (DELETE FROM inbox_entries WHERE delivery = $1 AND state <> 'running' RETURNING delivery),
           notes AS (DELETE FROM inbox_journal USING gone WHERE inbox_journal.delivery = gone.delivery),
           plugins AS (DELETE FROM inbox_progress USING gone WHERE inbox_progress.delivery = gone.delivery) SELECT 1 FROM gone`,
        [delivery],
      );
      return rows.length > 0;
    },
    async stats() {
      const stats: StoreStats = { waiting: 0, running: 0, aside: 0, done: 0, bytes: 0 };
      const { rows } = await query<{ state: EntryState; n: number; bytes: number }>(
        'SELECT state, count(*)::int AS n, sum(size)::float8 AS bytes FROM inbox_entries GROUP BY state',
      );
      for (const { state, n, bytes } of rows) {
        stats[state] = n;
        stats.bytes += bytes;
      }
      return stats;
    },
  };
}
