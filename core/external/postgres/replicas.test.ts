import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPostgresStore } from '../../inbox/postgres/store.ts';
import { startPostgres } from '../../inbox/postgres/testing.ts';
import type { InboxStore } from '../../inbox/store.ts';
import type { Envelope, NewLetter, Outbox } from '../letter.ts';
import { openPostgresOutbox } from './outbox.ts';

const limits = { waitMs: 3_600_000, waiting: 100, keepMs: 3_600_000, bytes: 1e6 };
const log = pino({ level: 'silent' });
const postgres = await startPostgres();
afterAll(() => postgres?.remove());

let url: string;
const opened: (Outbox | InboxStore)[] = [];

async function open(name: string): Promise<Outbox> {
  const outbox = await openPostgresOutbox({ url, name, limits, log });
  opened.push(outbox);
  return outbox;
}

/** The inbox of a replica, which notes who lives. */
async function inboxOf(name: string, deadMs: number): Promise<InboxStore> {
  const retention = { keepMs: 3_600_000, maxBytes: 1e6 };
  const lease = { beatMs: 20, deadMs };
  const store = await openPostgresStore({ url, name, retention, poison: { crashes: 2, attempts: 5 }, lease, log });
  opened.push(store);
  return store;
}

function letter(delivery: string, key: string, plugin = 'p'): NewLetter {
  const payload = Buffer.from('{}');
  return {
    plugin,
    endpoint: 'http://p',
    key,
    repo: 'o/r',
    delivery,
    event: 'push',
    headers: '{}',
    payload,
    receivedAt: Date.now(),
  };
}

const seqs = (letters: readonly Envelope[]): number[] => letters.map(({ seq }) => seq);

describe.skipIf(!postgres)('several replicas with the same letters', () => {
  let one: Outbox;
  let two: Outbox;
  beforeEach(async () => {
    url = (await postgres?.database()) ?? '';
    [one, two] = [await open('one'), await open('two')];
  });
  afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

  test('know them all, and each is for one of them', async () => {
    const answers = await Promise.all([one, two, one, two].map((outbox) => outbox.put([letter('d', 'k')])));
    const told = new Set(answers.flatMap((letters, index) => letters.map(({ seq }) => `${seq} ${index % 2}`)));
    expect(told.size).toBe(1);
  });

  test('leave what follows in a lane to the one that has its beginning, of each plugin', async () => {
    const [first] = await one.put([letter('d1', 'k')]);
    expect(await two.put([letter('d2', 'k')])).toEqual([]);
    expect(await two.put([letter('d2', 'k', 'q')])).toHaveLength(1);
    expect(await two.put([letter('e1', 'other')])).toHaveLength(1);
    const [second] = await one.waiting();
    await one.sent(first?.seq ?? 0);
    expect(await two.put([letter('d3', 'k')])).toEqual([]);
    await one.sent(second?.seq ?? 0);
    expect(await two.waiting()).toMatchObject([{ key: 'k', plugin: 'p' }]);
  });

  test('take over what one leaves at its end', async () => {
    const left = await one.put([letter('d1', 'k'), letter('d2', 'k')]);
    await one.close();
    expect(await two.waiting()).toEqual(left);
  });

  test('take over what a dead one held, and it can send no more of it', async () => {
    const left = await one.put([letter('d1', 'k'), letter('d2', 'k')]);
    await inboxOf('two', 200);
    await expect.poll(() => two.waiting(), { timeout: 20_000 }).toEqual(left);
    expect(await one.waiting()).toEqual([]);
    expect(await Promise.all(seqs(left).map((seq) => one.read(seq)))).toEqual([undefined, undefined]);
  });

  test('have at once what they had, when they come back under their name', async () => {
    const left = await one.put([letter('d1', 'k'), letter('d2', 'k')]);
    const [more] = await two.put([letter('e1', 'other')]);
    const back = await open('one');
    expect(await back.put([letter('d3', 'k')])).toMatchObject([...left, { key: 'k' }]);
    expect(await back.waiting()).toEqual([]);
    expect(await two.read(more?.seq ?? 0)).toMatchObject({ delivery: 'e1' });
  });

  test('leave a living one what it has', async () => {
    const kept = await one.put([letter('d1', 'k')]);
    await inboxOf('one', 20_000);
    await inboxOf('two', 20_000);
    // The inbox of the same name takes back what was left at its last end.
    expect(await one.waiting()).toEqual(kept);
    expect(await two.waiting()).toEqual([]);
  });

  test('send again what any of them decides about', async () => {
    const [dead] = await one.put([letter('d1', 'k')]);
    const seq = dead?.seq ?? 0;
    await one.bury(seq, 'answered 400');
    expect(await two.dead(10)).toMatchObject([{ seq, reason: 'answered 400' }]);
    expect(await two.retry(seq)).toBe(true);
    expect(await one.waiting()).toEqual([dead]);
  });

  test('say so while the database is away, and go on when it is back', async () => {
    await postgres?.kill();
    await expect(one.put([letter('d1', 'k')])).rejects.toMatchObject({ code: 'transient' });
    await expect(one.waiting()).rejects.toMatchObject({ code: 'transient' });
    await postgres?.start();
    expect(await one.put([letter('d1', 'k')])).toHaveLength(1);
  });
});
