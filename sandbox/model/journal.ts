import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Journal, Keyed } from './table.ts';

/** The sandbox's state on disk: one row a record. What one turn of the event loop changes is written in one transaction. */
export interface DiskJournal extends Journal {
  /** Every record, in the order of its id. */
  read(): Iterable<{ kind: string; record: Keyed }>;
  /** Writes what is waiting; called before an answer leaves. */
  flush(): void;
  close(): void;
}

/** Opens `sandbox.sqlite` in a folder, which is made where it is missing. A killed process loses at most the running turn. */
export function openJournal(dataDir: string): DiskJournal {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'sandbox.sqlite'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS records (kind TEXT NOT NULL, id INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id))`);
  const insert = database.prepare('INSERT OR REPLACE INTO records (kind, id, json) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?');
  const waiting = new Map<string, { kind: string; id: number; record: Keyed | undefined }>();
  let open = true;

  function flush(): void {
    if (!open || waiting.size === 0) return;
    database.exec('BEGIN');
    for (const { kind, id, record } of waiting.values()) {
      if (record) insert.run(kind, id, JSON.stringify(record));
      else remove.run(kind, id);
    }
    database.exec('COMMIT');
    waiting.clear();
  }

  function mark(kind: string, id: number, record: Keyed | undefined): void {
    if (waiting.size === 0) queueMicrotask(flush);
    waiting.set(`${kind}/${id}`, { kind, id, record });
  }

  return {
    put: (kind, record) => mark(kind, record.id, record),
    drop: (kind, id) => mark(kind, id, undefined),
    *read() {
      for (const row of database.prepare('SELECT kind, json FROM records ORDER BY id').iterate()) {
        yield { kind: String(row.kind), record: JSON.parse(String(row.json)) };
      }
    },
    flush,
    close() {
      flush();
      open = false;
      database.close();
    },
  };
}
