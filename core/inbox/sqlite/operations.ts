import type { DatabaseSync } from 'node:sqlite';
import type { EntryState, EntrySummary } from '../entry.ts';
import {
  type Arrival,
  type Claim,
  type NewEntry,
  type PoisonLimits,
  type PutResult,
  type Retention,
  type StoreStats,
  SUSPECT_ATTEMPTS,
} from '../store.ts';
import { openFacts } from './facts.ts';
import { openPayloads, type Payloads } from './payloads.ts';
import { readEntries } from './read.ts';
import { createRoom } from './room.ts';
import { prepare } from './schema.ts';
import type { Segments } from './segments.ts';

export interface SqliteOptions {
  retention: Retention;
  poison: PoisonLimits;
  /** The delivery that the last death of the process was traced to. */
  culprit?: string | undefined;
  /** For a look from outside while another process may be handling entries: these stay in its hands. */
  visiting?: boolean | undefined;
}

/** A delivery with the size of its payload, in bytes. */
export interface StoredEntry extends NewEntry {
  size: number;
}

/** What can be done with the database; each is one step of a transaction. */
export type Operations = ReturnType<typeof openOperations>;

/** Prepares an open database, and takes back what a process that died had in its hands. */
export function openOperations(db: DatabaseSync, segments: Segments, options: SqliteOptions) {
  const { retention, poison, culprit, visiting } = options;
  prepare(db);
  if (!visiting) takeBack(db, poison, culprit ?? '');
  const room = createRoom(db, retention);
  const payloads = openPayloads(db, segments);
  const facts = openFacts(db);
  return {
    ...writes(db, room, segments, facts),
    ...reads(db, payloads),
    ...byHand(db),
    ...room,
    ...facts,
    sweep: payloads.sweep,
  };
}

/** Entries that were being handled when the process died wait again; those that were there too often are set aside. */
function takeBack(db: DatabaseSync, poison: PoisonLimits, culprit: string): void {
  db.exec('BEGIN IMMEDIATE');
  db.prepare("UPDATE entries SET crashes = crashes + 1 WHERE delivery = ? AND state = 'running'").run(culprit);
  // Of one key only the first had begun.
  db.prepare(
    `UPDATE entries SET attempts = attempts + 1 WHERE (attempts < ? OR begun) AND seq IN
       (SELECT min(seq) FROM entries WHERE state = 'running' GROUP BY key)`,
  ).run(SUSPECT_ATTEMPTS);
  db.exec("UPDATE entries SET state = 'waiting', begun = 0 WHERE state = 'running'");
  db.prepare(
    `UPDATE entries SET state = 'aside', reason = 'the process died while handling it, ' || attempts || ' times'
     WHERE state = 'waiting' AND (crashes >= ? OR attempts >= ?)`,
  ).run(poison.crashes, poison.attempts);
  db.exec('COMMIT');
}

function writes(
  db: DatabaseSync,
  room: ReturnType<typeof createRoom>,
  segments: Segments,
  facts: ReturnType<typeof openFacts>,
) {
  const known = db.prepare('SELECT 1 FROM entries WHERE delivery = ?');
  const before = db.prepare("SELECT 1 FROM entries WHERE key = ? AND state = 'waiting' LIMIT 1");
  const insert = db.prepare(
    `INSERT INTO entries (delivery, event, key, headers, size, received_at, state, segment, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addProgress = db.prepare('INSERT INTO progress (delivery, plugin) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const dropJournal = db.prepare('DELETE FROM journal WHERE delivery = ? AND plugin = ?');
  const addRecord = db.prepare('INSERT INTO journal (delivery, plugin, record) VALUES (?, ?, ?)');
  const finishEntry = db.prepare("UPDATE entries SET state = 'done', finished_at = ? WHERE delivery = ?");
  const asideEntry = db.prepare("UPDATE entries SET state = 'aside', reason = ?, finished_at = ? WHERE delivery = ?");
  const beginEntry = db.prepare("UPDATE entries SET begun = 1 WHERE delivery = ? AND state = 'running'");
  const releaseEntry = db.prepare(
    "UPDATE entries SET state = 'waiting', begun = 0 WHERE delivery = ? AND state = 'running'",
  );
  const clear = [
    db.prepare('DELETE FROM journal WHERE delivery = ?'),
    db.prepare('DELETE FROM progress WHERE delivery = ?'),
  ];
  return {
    put(
      { delivery, event, key, headers, size, receivedAt, payload }: StoredEntry,
      start: boolean,
      arrival?: Arrival,
    ): PutResult {
      if (known.get(delivery) || (arrival && facts.isKnown(arrival))) return { state: 'known' };
      room.makeRoom(size);
      const state = start && !before.get(key) ? 'running' : 'waiting';
      const { segment, at } = segments.append(payload);
      const { lastInsertRowid } = insert.run(delivery, event, key, headers, size, receivedAt, state, segment, at);
      room.added(size);
      if (arrival) facts.remember(arrival.facts);
      return { state, seq: Number(lastInsertRowid) };
    },
    begin: (delivery: string): void => void beginEntry.run(delivery),
    done(delivery: string, plugin: string): void {
      addProgress.run(delivery, plugin);
      dropJournal.run(delivery, plugin);
    },
    finish(delivery: string): void {
      finishEntry.run(Date.now(), delivery);
      for (const statement of clear) statement.run(delivery);
    },
    setAside(delivery: string, reason: string): void {
      asideEntry.run(reason, Date.now(), delivery);
    },
    release(deliveries: string[]): void {
      for (const delivery of deliveries) releaseEntry.run(delivery);
    },
    append(delivery: string, plugin: string, records: string[]): void {
      for (const record of records) addRecord.run(delivery, plugin, record);
    },
  };
}

function reads(db: DatabaseSync, payloads: Payloads) {
  const claimable = db.prepare(
    `UPDATE entries SET state = 'running' WHERE seq IN
       (SELECT seq FROM entries WHERE state = 'waiting' ORDER BY seq LIMIT ?) RETURNING seq`,
  );
  const waiting = db.prepare("SELECT count(*) AS n FROM entries WHERE state = 'waiting'");
  const records = db.prepare('SELECT record FROM journal WHERE delivery = ? AND plugin = ? ORDER BY id');
  const one = db.prepare('SELECT 1 FROM entries WHERE delivery = ?');
  const counts = db.prepare('SELECT state, count(*) AS n, sum(size) AS bytes FROM entries GROUP BY state');
  const lost = db.prepare(
    "UPDATE entries SET state = 'aside', reason = 'its payload is lost', finished_at = ? WHERE seq = ?",
  );
  const entries = readEntries(db, payloads);

  function lose(seq: number): [] {
    lost.run(Date.now(), seq);
    return [];
  }

  return {
    claim(limit: number): Claim {
      const seqs = claimable.all(limit).map((row) => row.seq as number);
      const claimed = seqs.sort((a, b) => a - b).flatMap((seq) => entries.claimed(seq) ?? lose(seq));
      return { entries: claimed, left: waiting.get()?.n as number };
    },
    load: (delivery: string, plugin: string): string[] =>
      records.all(delivery, plugin).map((row) => row.record as string),
    has: (delivery: string): boolean => one.get(delivery) !== undefined,
    list: (states: EntryState[], limit: number): EntrySummary[] => entries.list(states, limit),
    get: (delivery: string) => entries.get(delivery),
    stats(): StoreStats {
      const stats: StoreStats = { waiting: 0, running: 0, aside: 0, done: 0, bytes: 0 };
      for (const row of counts.all()) {
        stats[row.state as EntryState] = row.n as number;
        stats.bytes += row.bytes as number;
      }
      return stats;
    },
  };
}

/** What a person does with `cutwater inbox`. */
function byHand(db: DatabaseSync) {
  const again = db.prepare(
    `UPDATE entries SET state = 'waiting', attempts = 0, crashes = 0, reason = '', finished_at = NULL
     WHERE delivery = ? AND state IN ('done', 'aside')`,
  );
  const progress = db.prepare('DELETE FROM progress WHERE delivery = ?');
  const journal = db.prepare('DELETE FROM journal WHERE delivery = ?');
  const payload = db.prepare('DELETE FROM payloads WHERE seq = (SELECT seq FROM entries WHERE delivery = ?)');
  const forget = db.prepare('DELETE FROM entries WHERE delivery = ?');
  const state = db.prepare('SELECT state FROM entries WHERE delivery = ?');
  return {
    /** A finished entry starts afresh; one that was set aside goes on where its plugins stopped, so that nothing is done twice. */
    replay: (delivery: string): boolean => again.run(delivery).changes > 0,
    drop(delivery: string): boolean {
      const found = state.get(delivery)?.state;
      if (found === undefined || found === 'running') return false;
      for (const statement of [progress, journal, payload, forget]) statement.run(delivery);
      return true;
    },
  };
}
