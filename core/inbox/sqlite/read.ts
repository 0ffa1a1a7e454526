import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { EntryState, EntrySummary } from '../entry.ts';
import type { ClaimedEntry } from '../store.ts';

const SUMMARY = `delivery, event, key, state, reason, attempts, size, received_at AS receivedAt, finished_at AS finishedAt`;

type Row = Record<string, SQLOutputValue>;

/** Reads entries whole or as summaries. Columns are STRICT, so their types are what the schema says. */
export function readEntries(db: DatabaseSync) {
  const one = db.prepare(
    `SELECT seq, delivery, event, key, headers, attempts, received_at AS receivedAt, body AS payload
     FROM entries JOIN payloads USING (seq) WHERE seq = ?`,
  );
  const progress = db.prepare('SELECT plugin FROM progress WHERE delivery = ?');
  const whole = db.prepare(
    `SELECT ${SUMMARY}, headers, body AS payload FROM entries JOIN payloads USING (seq) WHERE delivery = ?`,
  );
  const summaries = db.prepare(
    `SELECT ${SUMMARY} FROM entries WHERE state IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?`,
  );
  return {
    claimed(seq: number): ClaimedEntry {
      const row = one.get(seq) as Row as unknown as Omit<ClaimedEntry, 'done'>;
      return { ...row, done: progress.all(row.delivery).map(({ plugin }) => plugin as string) };
    },
    list: (states: EntryState[], limit: number): EntrySummary[] =>
      summaries.all(JSON.stringify(states), limit).map((row) => ({ ...row }) as unknown as EntrySummary),
    get: (delivery: string): (EntrySummary & { headers: string; payload: Uint8Array }) | undefined => {
      const row = whole.get(delivery);
      return row && ({ ...row } as unknown as EntrySummary & { headers: string; payload: Uint8Array });
    },
  };
}
