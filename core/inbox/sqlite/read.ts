import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { EntryState, EntrySummary } from '../entry.ts';
import type { ClaimedEntry } from '../store.ts';
import type { Payloads } from './payloads.ts';

const SUMMARY = `delivery, event, key, state, reason, attempts, size, received_at AS receivedAt, finished_at AS finishedAt`;

type Row = Record<string, SQLOutputValue>;

/** Reads entries whole or as summaries. Columns are STRICT, so their types are what the schema says. */
export function readEntries(db: DatabaseSync, payloads: Payloads) {
  const one = db.prepare(
    `SELECT seq, delivery, event, key, headers, attempts, received_at AS receivedAt FROM entries WHERE seq = ?`,
  );
  const progress = db.prepare('SELECT plugin FROM progress WHERE delivery = ?');
  const whole = db.prepare(`SELECT seq, ${SUMMARY}, headers FROM entries WHERE delivery = ?`);
  const summaries = db.prepare(
    `SELECT ${SUMMARY} FROM entries WHERE state IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?`,
  );
  return {
    /** An entry to handle, or `undefined` where its payload is lost. */
    claimed(seq: number): ClaimedEntry | undefined {
      const payload = payloads.read(seq);
      if (!payload) return undefined;
      const row = one.get(seq) as Row as unknown as Omit<ClaimedEntry, 'done' | 'payload'>;
      return { ...row, payload, done: progress.all(row.delivery).map(({ plugin }) => plugin as string) };
    },
    list: (states: EntryState[], limit: number): EntrySummary[] =>
      summaries.all(JSON.stringify(states), limit).map((row) => ({ ...row }) as unknown as EntrySummary),
    get: (delivery: string): (EntrySummary & { headers: string; payload: Uint8Array }) | undefined => {
      const row = whole.get(delivery);
      if (!row) return undefined;
      const { seq, ...entry } = row as Row as unknown as EntrySummary & { seq: number; headers: string };
      return { ...entry, payload: payloads.read(seq) ?? new Uint8Array() };
    },
  };
}
