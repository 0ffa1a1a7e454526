import type { DatabaseSync } from 'node:sqlite';
import type { Segments } from './segments.ts';

/** Which part of a segment is still named by a row, below which it is worth moving what is left. */
const WORTH_KEEPING = 0.5;

/** The payloads of entries: in the segments, or in the database itself, where their segment was no longer worth keeping. */
export type Payloads = ReturnType<typeof openPayloads>;

export function openPayloads(db: DatabaseSync, segments: Segments) {
  const stored = db.prepare('SELECT body FROM payloads WHERE seq = ?');
  const place = db.prepare('SELECT segment, at, size FROM entries WHERE seq = ?');
  const used = db.prepare('SELECT segment, sum(size) AS bytes FROM entries WHERE segment IS NOT NULL GROUP BY segment');
  const inSegment = db.prepare('SELECT seq FROM entries WHERE segment = ?');
  const store = db.prepare('INSERT INTO payloads (seq, body) VALUES (?, ?)');
  const leave = db.prepare('UPDATE entries SET segment = NULL, at = NULL WHERE seq = ?');

  function read(seq: number): Uint8Array | undefined {
    const row = place.get(seq) as { segment: number | null; at: number; size: number } | undefined;
    if (row && row.segment !== null) return segments.read({ segment: row.segment, at: row.at }, row.size);
    return stored.get(seq)?.body as Uint8Array | undefined;
  }

  function moveOut(segment: number): void {
    for (const row of inSegment.all(segment)) {
      const seq = row.seq as number;
      const body = read(seq);
      if (body) store.run(seq, body);
      leave.run(seq);
    }
  }

  return {
    /** The payload of one entry, or `undefined` where its file is lost. */
    read,
    /** Names the segments that may be removed once this is committed: those that are mostly unused, after having moved what is left in them. */
    sweep(): number[] {
      const bytesUsed = new Map(used.all().map((row) => [row.segment as number, row.bytes as number]));
      const worthless = segments
        .complete()
        .filter(({ segment, bytes }) => (bytesUsed.get(segment) ?? 0) < bytes * WORTH_KEEPING || bytes === 0)
        .map(({ segment }) => segment);
      for (const segment of worthless) moveOut(segment);
      return worthless;
    },
  };
}
