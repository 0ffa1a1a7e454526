import { DatabaseSync } from 'node:sqlite';
import { CutwaterError, messageOf } from '../../errors.ts';
import type { Envelope, Letter, NewLetter, Outbox, OutboxLimits } from '../letter.ts';
import { deadLetters, prune } from './dead-letters.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS letters (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    plugin TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    key TEXT NOT NULL,
    repo TEXT NOT NULL,
    delivery TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    headers TEXT NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (delivery, plugin, endpoint)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_state ON letters (state, plugin, seq);`;

const PUT = `INSERT INTO letters
    (plugin, endpoint, key, repo, delivery, event, state, size, received_at, changed_at, headers, payload)
  VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?)
  ON CONFLICT (delivery, plugin, endpoint) DO UPDATE
    SET state = 'waiting', received_at = excluded.received_at, changed_at = excluded.changed_at WHERE state = 'dead'
  RETURNING seq, plugin, endpoint, key`;

const ENVELOPE = 'seq, plugin, endpoint, key';

/** As soon as a letter that an operator has had wait again is taken up. */
const LOOK_EVERY_MS = 60_000;

/** Opens the letters in the SQLite file `path`. Other processes may look at them and retry dead ones meanwhile. */
export function openSqliteOutbox(path: string, limits: OutboxLimits): Outbox {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL');
  db.exec(SCHEMA);
  const put = db.prepare(PUT);
  const read = db.prepare(
    `SELECT ${ENVELOPE}, repo, delivery, event, headers, payload, received_at AS receivedAt FROM letters
     WHERE seq = ? AND state = 'waiting'`,
  );
  const sent = db.prepare(`UPDATE letters SET state = 'sent', size = 0, payload = x'', changed_at = ? WHERE seq = ?`);
  const bury = db.prepare(`UPDATE letters SET state = 'dead', reason = ?, changed_at = ? WHERE seq = ?`);
  const write = grouped((batches: (readonly NewLetter[])[]) =>
    synced(db, () => batches.map((letters) => letters.flatMap((letter) => put.all(...valuesOf(letter)) as unknown[]))),
  );
  return {
    put: async (letters) => (await write(letters)) as Envelope[],
    lookEveryMs: LOOK_EVERY_MS,
    waiting: async () =>
      db.prepare(`SELECT ${ENVELOPE} FROM letters WHERE state = 'waiting' ORDER BY seq`).all() as unknown as Envelope[],
    read: async (seq) => read.get(seq) as unknown as Letter | undefined,
    sent: async (seq) => void sent.run(Date.now(), seq),
    bury: async (seq, reason) => void bury.run(reason, Date.now(), seq),
    ...deadLetters(db),
    prune: async (now) => prune(db, limits, now),
    close: async () => db.close(),
  };
}

function valuesOf(letter: NewLetter) {
  const { plugin, endpoint, key, repo, delivery, event, headers, payload, receivedAt } = letter;
  const { byteLength } = payload;
  return [plugin, endpoint, key, repo, delivery, event, byteLength, receivedAt, Date.now(), headers, payload] as const;
}

/** One transaction that is on the disk when this returns: the inbox forgets the event after it. */
function synced<T>(db: DatabaseSync, write: () => T): T {
  db.exec('PRAGMA synchronous = FULL');
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = write();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  } finally {
    db.exec('PRAGMA synchronous = NORMAL');
  }
}

/** What is asked for in one turn of the event loop is written together, so that it shares one sync. Failures are CutwaterError `transient`. */
function grouped<A, R>(write: (asked: A[]) => R[]): (asked: A) => Promise<R> {
  let gathered: { asked: A; resolve(result: R): void; reject(error: unknown): void }[] = [];

  function flush(): void {
    const group = gathered;
    gathered = [];
    try {
      const results = write(group.map(({ asked }) => asked));
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      const failure = new CutwaterError('transient', `the outbox: ${messageOf(error)}`);
      for (const { reject } of group) reject(failure);
    }
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      gathered.push({ asked, resolve, reject });
      if (gathered.length === 1) setImmediate(flush);
    });
}
