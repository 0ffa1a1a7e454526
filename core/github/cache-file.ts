import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';

/** An answer of GitHub's that may be asked about again. */
export interface CachedAnswer {
  etag: string;
  headers: [string, string][];
  body: string;
  /** When it was got, in milliseconds since 1970. */
  at: number;
}

/** Answers that survive a restart. */
export interface CacheFile {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
  close(): void;
}

/** Nothing survives: for where there is no folder for it. */
export const NO_CACHE_FILE: CacheFile = { get: () => undefined, set: () => {}, close: () => {} };

const FLUSH_MS = 1000;
/** A file that is full gives up a little more than it has to, so that it is not counted with every write. */
const FULL_AGAIN = 0.98;

/**
 * Keeps answers in one SQLite file of at most `maxBytes`, the longest unused going first. Losing it costs requests and nothing else: writes are gathered
 * for a second and not synced, and a file that is broken is left alone.
 */
export function openCacheFile(path: string, maxBytes: number, log: Logger): CacheFile {
  try {
    return open(path, maxBytes, log);
  } catch (error) {
    log.warn({ path, err: error }, "Cannot open the cache of GitHub's answers; going on without");
    return NO_CACHE_FILE;
  }
}

function open(path: string, maxBytes: number, log: Logger): CacheFile {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 1000; PRAGMA cache_size = -2048');
  db.exec(`CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, etag TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS answers_used ON answers (used)`);
  const select = db.prepare('SELECT etag, headers, body, at FROM answers WHERE key = ?');
  const touch = db.prepare('UPDATE answers SET used = ? WHERE key = ?');
  const write = db.prepare(
    'INSERT OR REPLACE INTO answers (key, etag, headers, body, at, used) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // `length` would read every answer, and hold the program up for as long; their size in bytes stands in their rows.
  const total = db.prepare('SELECT coalesce(sum(octet_length(body) + octet_length(key)), 0) AS bytes FROM answers');
  const oldest = db.prepare(
    'SELECT key, octet_length(body) + octet_length(key) AS bytes FROM answers ORDER BY used LIMIT 100',
  );
  const remove = db.prepare('DELETE FROM answers WHERE key = ?');
  const pending = new Map<string, CachedAnswer>();
  const touched = new Set<string>();
  let bytes = total.get()?.bytes as number;
  let timer: NodeJS.Timeout | undefined;

  /** Writes were counted as if they replaced nothing, so the sum comes first. */
  function trim(): void {
    bytes = total.get()?.bytes as number;
    while (bytes > maxBytes * FULL_AGAIN) {
      const rows = oldest.all() as { key: string; bytes: number }[];
      if (rows.length === 0) return;
      for (const row of rows) {
        if (bytes <= maxBytes * FULL_AGAIN) return;
        remove.run(row.key);
        bytes -= row.bytes;
      }
    }
  }

  function flush(): void {
    timer = undefined;
    try {
      db.exec('BEGIN');
      for (const [key, { etag, headers, body, at }] of pending) {
        write.run(key, etag, JSON.stringify(headers), body, at, Date.now());
        bytes += key.length + Buffer.byteLength(body);
      }
      for (const key of touched) touch.run(Date.now(), key);
      if (bytes > maxBytes) trim();
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      log.warn({ err: messageOf(error) }, "Cannot write the cache of GitHub's answers");
    }
    pending.clear();
    touched.clear();
  }

  /** What is broken inside of the file is as good as missing. */
  function read(key: string): CachedAnswer | undefined {
    try {
      const row = select.get(key) as { etag: string; headers: string; body: string; at: number } | undefined;
      return row && { ...row, headers: JSON.parse(row.headers) as [string, string][] };
    } catch (error) {
      log.warn({ err: messageOf(error) }, "Cannot read the cache of GitHub's answers");
      return undefined;
    }
  }

  return {
    get(key) {
      const waiting = pending.get(key);
      if (waiting) return waiting;
      const answer = read(key);
      if (!answer) return undefined;
      touched.add(key);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
      return answer;
    },
    set(key, answer) {
      pending.set(key, answer);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    close() {
      if (!db.isOpen) return;
      clearTimeout(timer);
      flush();
      db.close();
    },
  };
}
