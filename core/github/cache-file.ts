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
  const total = db.prepare('SELECT coalesce(sum(length(body) + length(key)), 0) AS bytes FROM answers');
  const trim = db.prepare('DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used LIMIT 100)');
  const pending = new Map<string, CachedAnswer>();
  const touched = new Set<string>();
  let bytes = total.get()?.bytes as number;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    try {
      db.exec('BEGIN');
      for (const [key, { etag, headers, body, at }] of pending) {
        write.run(key, etag, JSON.stringify(headers), body, at, Date.now());
        bytes += key.length + body.length;
      }
      for (const key of touched) touch.run(Date.now(), key);
      while (bytes > maxBytes && trim.run().changes > 0) bytes = total.get()?.bytes as number;
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      log.warn({ err: messageOf(error) }, "Cannot write the cache of GitHub's answers");
    }
    pending.clear();
    touched.clear();
  }

  return {
    get(key) {
      const waiting = pending.get(key);
      if (waiting) return waiting;
      const row = select.get(key) as { etag: string; headers: string; body: string; at: number } | undefined;
      if (!row) return undefined;
      touched.add(key);
      timer ??= setTimeout(flush, FLUSH_MS).unref();
      return { ...row, headers: JSON.parse(row.headers) as [string, string][] };
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
