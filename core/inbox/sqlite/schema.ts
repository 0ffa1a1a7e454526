import type { DatabaseSync } from 'node:sqlite';

/** One step a version; a database remembers in user_version how many it has had. Released steps never change. */
const MIGRATIONS = [
  `CREATE TABLE entries (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     delivery TEXT NOT NULL UNIQUE,
     event TEXT NOT NULL,
     key TEXT NOT NULL,
     headers TEXT NOT NULL,
     size INTEGER NOT NULL,
     state TEXT NOT NULL,
     reason TEXT NOT NULL DEFAULT '',
     attempts INTEGER NOT NULL DEFAULT 0,
     crashes INTEGER NOT NULL DEFAULT 0,
     received_at INTEGER NOT NULL,
     finished_at INTEGER
   ) STRICT;
   CREATE INDEX open_by_key ON entries (key, seq) WHERE state IN ('waiting', 'running');
   CREATE INDEX open_by_state ON entries (state, seq) WHERE state IN ('waiting', 'running');
   CREATE INDEX finished ON entries (finished_at) WHERE state = 'done';
   CREATE TABLE payloads (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
   CREATE TABLE progress (
     delivery TEXT NOT NULL, plugin TEXT NOT NULL, PRIMARY KEY (delivery, plugin)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE journal (
     id INTEGER PRIMARY KEY, delivery TEXT NOT NULL, plugin TEXT NOT NULL, record TEXT NOT NULL
   ) STRICT;
   CREATE INDEX journal_of ON journal (delivery, plugin, id);`,
  // What is handled at once passes from running to done without touching an index but that of finished entries.
  `ALTER TABLE entries ADD COLUMN segment INTEGER;
   ALTER TABLE entries ADD COLUMN at INTEGER;
   DROP INDEX open_by_key;
   DROP INDEX open_by_state;
   CREATE INDEX waiting_by_key ON entries (key) WHERE state = 'waiting';
   CREATE INDEX waiting ON entries (seq) WHERE state = 'waiting';`,
  `CREATE TABLE facts (
     key TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (key, field)
   ) STRICT, WITHOUT ROWID;
   ALTER TABLE entries ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;`,
];

/** Sets the database up for group commit and brings it to the newest version. */
export function prepare(db: DatabaseSync): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192');
  const row = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > MIGRATIONS.length) throw new Error('the inbox was written by a newer version of cutwater');
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < row.user_version) continue;
    db.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
