import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { NewLetter, Outbox, OutboxLimits } from './letter.ts';
import { outboxBackends } from './testing-backends.ts';

const LIMITS: OutboxLimits = { waitMs: 1000, waiting: 3, keepMs: 5000, bytes: 100 };
const backends = await outboxBackends();
afterAll(() => Promise.all(backends.map((backend) => backend.remove())));

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

describe.each(backends)('letters in $name', (backend) => {
  const open = (limits: Partial<OutboxLimits> = {}): Promise<Outbox> => backend.open({ ...LIMITS, ...limits });

  beforeEach(() => backend.fresh());

  test('a letter is still there after a restart, with every byte, and waits once', async () => {
    const before = await open();
    await Promise.all([
      before.put([letter('d1'), letter('d1', { plugin: 'q' })]),
      before.put([letter('d2', { plugin: 'r' })]),
    ]);
    await before.close();
    const after = await open();
    const waiting = await after.waiting();
    expect(waiting.map(({ plugin }) => plugin).sort()).toEqual(['p', 'q', 'r']);
    expect(await after.put([letter('d1')])).toEqual([]);
    const read = await after.read(waiting.find(({ plugin }) => plugin === 'p')?.seq ?? 0);
    expect({ ...read, payload: Buffer.from(read?.payload ?? []) }).toMatchObject(letter('d1'));
    await after.close();
  });

  test('what was sent is not sent again', async () => {
    const outbox = await open();
    const [one] = await outbox.put([letter('d1')]);
    await outbox.sent(one?.seq ?? 0);
    expect(await outbox.put([letter('d1')])).toEqual([]);
    expect(await Promise.all([outbox.waiting(), outbox.read(one?.seq ?? 0), outbox.counts()])).toEqual([
      [],
      undefined,
      [],
    ]);
    await outbox.close();
  });

  test('a dead letter is listed, and waits again or goes when somebody says so', async () => {
    const outbox = await open();
    const [one] = await outbox.put([letter('d1')]);
    const seq = one?.seq ?? 0;
    expect(await outbox.retry(seq)).toBe(false);
    expect(await outbox.drop(seq)).toBe(false);
    await outbox.bury(seq, 'answered 400');
    expect(await outbox.dead(10)).toMatchObject([{ seq, plugin: 'p', delivery: 'd1', reason: 'answered 400' }]);
    expect(await outbox.counts()).toEqual([{ plugin: 'p', state: 'dead', count: 1 }]);
    expect(await outbox.retry(seq)).toBe(true);
    expect(await outbox.waiting()).toEqual([one]);
    await outbox.bury(seq, 'again');
    expect(await outbox.put([letter('d1')])).toEqual([one]);
    await outbox.bury(seq, 'again');
    expect(await outbox.drop(seq)).toBe(true);
    expect(await outbox.dead(10)).toEqual([]);
    await outbox.close();
  });

  test('the oldest of too many, and what has waited too long, dies', async () => {
    const outbox = await open();
    await outbox.put(['d1', 'd2', 'd3', 'd4'].map((delivery) => letter(delivery)));
    await outbox.put([letter('q1', { plugin: 'q', receivedAt: 900 })]);
    expect(await outbox.prune(1000)).toBe(1);
    expect((await outbox.dead(10)).map(({ delivery }) => delivery)).toEqual(['d1']);
    expect(await outbox.prune(1001)).toBe(3);
    expect(await outbox.counts()).toContainEqual({ plugin: 'q', state: 'waiting', count: 1 });
    expect(await outbox.counts()).toHaveLength(2);
    await outbox.close();
  });

  test('dead letters make room, the oldest first, before any that waits', async () => {
    const outbox = await open({ waiting: 100, bytes: 35 });
    const put = await outbox.put(['d1', 'd2', 'd3', 'd4'].map((delivery) => letter(delivery)));
    for (const { seq } of put.slice(2)) await outbox.bury(seq, 'answered 400');
    await outbox.prune(0);
    expect((await outbox.dead(10)).map(({ delivery }) => delivery)).toEqual(['d4']);
    expect(await outbox.counts()).toContainEqual({ plugin: 'p', state: 'waiting', count: 2 });
    await outbox.prune(Date.now() + LIMITS.keepMs + 1000);
    expect(await outbox.counts()).toMatchObject([{ state: 'dead', count: 2 }]);
    await outbox.close();
  });

  test('where they cannot be kept, that is for the moment', async () => {
    const outbox = await open();
    await outbox.close();
    await expect(outbox.put([letter('d1')])).rejects.toMatchObject({ code: 'transient' });
  });
});
