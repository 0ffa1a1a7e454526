import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openOperations } from './operations.ts';
import { openSegments, type Segments } from './segments.ts';

const options = { retention: { keepMs: 3_600_000, maxBytes: 1_000_000 }, poison: { crashes: 2, attempts: 5 } };
let root: string;
let folder: string;
let segments: Segments;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'segments-'));
  folder = join(root, 'payloads');
  segments = openSegments(folder, 20);
});
afterEach(() => {
  segments.close();
  rmSync(root, { recursive: true });
});

function write(...texts: string[]) {
  const places = texts.map((text) => segments.append(Buffer.from(text)));
  segments.sync();
  segments.commit();
  return places;
}

function reopen(): void {
  segments.close();
  segments = openSegments(folder, 20);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

it('reads what one transaction appended, before it is synced and after a restart', () => {
  const place = segments.append(Buffer.from('early'));
  expect(text(segments.read(place, 5))).toBe('early');
  const [one, two] = write('one', 'twelve');
  expect([place.at, one?.at, two?.at]).toEqual([0, 5, 8]);
  reopen();
  expect([place, one, two].map((at, index) => at && text(segments.read(at, [5, 3, 6][index] ?? 0)))).toEqual([
    'early',
    'one',
    'twelve',
  ]);
});

it('leaves nothing of what came to nothing', () => {
  write('first');
  segments.append(Buffer.from('never committed'));
  segments.sync();
  segments.rollback();
  expect(readFileSync(join(folder, '1'), 'utf8')).toBe('first');
  expect(write('again')).toEqual([{ segment: 1, at: 5 }]);
  expect(readFileSync(join(folder, '1'), 'utf8')).toBe('firstagain');
});

it('begins another file where one is full, and after every start, behind no torn end', () => {
  write('0123456789', '0123456789');
  expect(write('next')).toEqual([{ segment: 2, at: 0 }]);
  writeFileSync(join(folder, '2'), 'next and half of somethi');
  reopen();
  expect(write('after')).toEqual([{ segment: 3, at: 0 }]);
  expect(segments.complete()).toEqual([
    { segment: 1, bytes: 20 },
    { segment: 2, bytes: 24 },
  ]);
});

it('says where a file was lost or cut', () => {
  const [one, two] = write('one', 'two');
  truncateSync(join(folder, '1'), 4);
  expect(two && segments.read(two, 3)).toBeUndefined();
  rmSync(join(folder, '1'));
  expect(one && segments.read(one, 3)).toBeUndefined();
});

function openInbox() {
  const db = new DatabaseSync(join(root, 'inbox.db'));
  const operations = openOperations(db, segments, options);
  const put = (delivery: string, size: number): void => {
    const payload = Buffer.alloc(size, delivery);
    operations.put({ delivery, event: 'push', key: delivery, headers: '{}', size, receivedAt: 1, payload }, true);
    segments.sync();
    segments.commit();
  };
  return { ...operations, db, put };
}

it('gives up a file of which little is left, and keeps what is', () => {
  const inbox = openInbox();
  inbox.put('a', 15);
  inbox.put('b', 5);
  inbox.put('c', 20);
  inbox.put('d', 1);
  inbox.finish('a');
  expect(inbox.sweep()).toEqual([]);
  inbox.drop('a');
  expect(inbox.sweep()).toEqual([1]);
  segments.remove(1);
  expect(readdirSync(folder).sort()).toEqual(['2', '3']);
  expect(text(inbox.get('b')?.payload)).toBe('bbbbb');
  inbox.drop('c');
  expect(inbox.get('c')).toBeDefined();
  expect(inbox.stats()).toMatchObject({ running: 3, bytes: 26 });
  inbox.db.close();
});

it('sets aside what has lost its payload, and goes on with the rest', () => {
  const inbox = openInbox();
  inbox.put('a', 20);
  inbox.put('b', 5);
  inbox.release(['a', 'b']);
  segments.remove(1);
  expect(inbox.claim(10).entries.map(({ delivery }) => delivery)).toEqual(['b']);
  expect(inbox.list(['aside'], 10)).toMatchObject([{ delivery: 'a', reason: 'its payload is lost' }]);
  inbox.db.close();
});

it('writes a known delivery no second time', () => {
  const inbox = openInbox();
  inbox.put('a', 5);
  inbox.put('a', 5);
  expect(statSync(join(folder, '1')).size).toBe(5);
  inbox.db.close();
});
