import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewLetter, OutboxLimits } from './letter.ts';
import { openOutbox } from './outbox.ts';

const LIMITS: OutboxLimits = { waitMs: 1000, waiting: 3, keepMs: 5000, bytes: 100 };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'outbox-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = (limits: Partial<OutboxLimits> = {}) => openOutbox(join(dir, 'outbox.db'), { ...LIMITS, ...limits });

function letter(delivery: string, more: Partial<NewLetter> = {}): NewLetter {
  return {
    plugin: 'p',
    endpoint: 'http://p',
    key: 'o/r#1',
    repo: 'o/r',
    delivery,
    event: 'push',
    headers: '{"a":"b"}',
    payload: Buffer.from('0123456789'),
    receivedAt: 0,
    ...more,
  };
}

test('a letter is still there after a restart, with every byte, and waits once', async () => {
  const before = open();
  const [first, second] = await Promise.all([
    before.put([letter('d1'), letter('d1', { plugin: 'q' })]),
    before.put([letter('d2')]),
  ]);
  expect(first.map(({ plugin }) => plugin)).toEqual(['p', 'q']);
  expect(second).toHaveLength(1);
  before.close();
  const after = open();
  expect(await after.put([letter('d1')])).toEqual([]);
  expect(after.waiting()).toEqual([...first, ...second]);
  const read = after.read(first[0]?.seq ?? 0);
  expect({ ...read, payload: Buffer.from(read?.payload ?? []) }).toMatchObject(letter('d1'));
  after.close();
});

test('what was sent is not sent again', async () => {
  const outbox = open();
  const [one] = await outbox.put([letter('d1')]);
  outbox.sent(one?.seq ?? 0);
  expect(await outbox.put([letter('d1')])).toEqual([]);
  expect([outbox.waiting(), outbox.read(one?.seq ?? 0), outbox.counts()]).toEqual([[], undefined, []]);
  outbox.close();
});

test('a dead letter is listed, and waits again or goes when somebody says so', async () => {
  const outbox = open();
  const [one] = await outbox.put([letter('d1')]);
  const seq = one?.seq ?? 0;
  expect(outbox.retry(seq)).toBe(false);
  expect(outbox.drop(seq)).toBe(false);
  outbox.bury(seq, 'answered 400');
  expect(outbox.dead(10)).toMatchObject([{ seq, plugin: 'p', delivery: 'd1', reason: 'answered 400' }]);
  expect(outbox.counts()).toEqual([{ plugin: 'p', state: 'dead', count: 1 }]);
  expect(outbox.retry(seq)).toBe(true);
  expect(outbox.waiting()).toEqual([one]);
  outbox.bury(seq, 'again');
  expect(await outbox.put([letter('d1')])).toEqual([one]);
  outbox.bury(seq, 'again');
  expect(outbox.drop(seq)).toBe(true);
  expect(outbox.dead(10)).toEqual([]);
  outbox.close();
});

test('the oldest of too many, and what has waited too long, dies', async () => {
  const outbox = open();
  await outbox.put(['d1', 'd2', 'd3', 'd4'].map((delivery) => letter(delivery)));
  await outbox.put([letter('q1', { plugin: 'q', receivedAt: 900 })]);
  expect(outbox.prune(1000)).toBe(1);
  expect(outbox.dead(10).map(({ delivery }) => delivery)).toEqual(['d1']);
  expect(outbox.prune(1001)).toBe(3);
  expect(outbox.waiting()).toMatchObject([{ plugin: 'q' }]);
  outbox.close();
});

test('dead letters make room, the oldest first, before any that waits', async () => {
  const outbox = open({ waiting: 100, bytes: 35 });
  const put = await outbox.put(['d1', 'd2', 'd3', 'd4'].map((delivery) => letter(delivery)));
  for (const { seq } of put.slice(2)) outbox.bury(seq, 'answered 400');
  outbox.prune(0);
  expect(outbox.dead(10).map(({ delivery }) => delivery)).toEqual(['d4']);
  expect(outbox.waiting()).toEqual(put.slice(0, 2));
  outbox.prune(Date.now() + LIMITS.keepMs + 1000);
  expect(outbox.counts()).toMatchObject([{ state: 'dead', count: 2 }]);
  outbox.close();
});

test('a disk that fails is for the moment', async () => {
  const outbox = open();
  outbox.close();
  await expect(outbox.put([letter('d1')])).rejects.toMatchObject({ code: 'transient' });
});
