import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboxStore, NewEntry } from '../store.ts';
import { openPostgresStore } from './store.ts';
import { startPostgres } from './testing.ts';

const log = pino({ level: 'silent' });
const postgres = await startPostgres();
const stores: InboxStore[] = [];

function open(name: string): Promise<InboxStore> {
  const options = {
    retention: { keepMs: 3_600_000, maxBytes: 1e6 },
    poison: { crashes: 2, attempts: 5 },
    lease: { beatMs: 20, deadMs: 200 },
  };
  const store = openPostgresStore({ url: postgres?.url ?? '', name, log, ...options });
  void store.then((opened) => stores.push(opened));
  return store;
}

function entry(delivery: string, key: string): NewEntry {
  return { delivery, key, event: 'push', headers: '{}', payload: Buffer.from('{}'), receivedAt: 1 };
}

async function claimed(store: InboxStore): Promise<string[]> {
  return (await store.claim(10)).entries.map(({ delivery }) => delivery);
}

describe.skipIf(!postgres)('several replicas with one inbox', () => {
  let one: InboxStore;
  let two: InboxStore;
  beforeEach(async () => {
    one = await open('one');
    two = await open('two');
    for (const { delivery } of await one.list(['waiting', 'running', 'done', 'aside'], 100)) {
      await one.setAside(delivery, '');
      await two.setAside(delivery, '');
      await one.drop(delivery);
    }
  });
  afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));
  afterAll(() => postgres?.remove());

  it("know each other's deliveries", async () => {
    const answers = await Promise.all([one, two, one, two].map((store) => store.put(entry('a', 'a'), true)));
    expect(answers.map(({ state }) => state).sort()).toEqual(['known', 'known', 'known', 'running']);
  });

  it('keep the order of a key that another works on', async () => {
    expect((await one.put(entry('a1', 'a'), true)).state).toBe('running');
    expect((await two.put(entry('a2', 'a'), true)).state).toBe('waiting');
    expect((await two.put(entry('b1', 'b'), true)).state).toBe('running');
    expect(await claimed(two)).toEqual([]);
    await one.finish('a1');
    expect(await claimed(two)).toEqual(['a2']);
    expect((await one.put(entry('a3', 'a'), true)).state).toBe('waiting');
  });

  it('start one of each key, however many arrive at once', async () => {
    const stored = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? one : two).put(entry(`d${n}`, `k${n % 4}`), true)),
    );
    expect(stored.filter(({ state }) => state === 'running').length).toBeGreaterThanOrEqual(4);
    const owners = await Promise.all([claimed(one), claimed(two)]);
    const running = await one.list(['running'], 100);
    for (const key of ['k0', 'k1', 'k2', 'k3']) {
      const open = running.filter((found) => found.key === key).map(({ delivery }) => delivery);
      const byOne = open.filter((delivery) => owners[0]?.includes(delivery) || Number(delivery.slice(1)) % 2 === 1);
      expect([0, open.length]).toContain(byOne.filter((delivery) => !owners[1]?.includes(delivery)).length);
    }
  });

  it('take over what a silent one held, and it can write no more about it', async () => {
    await one.put(entry('a', 'a'), true);
    await one.append('a', 'hold', ['1']);
    await one.done('a', 'size');
    const woken = new Promise<void>((resolve) => two.onWork(resolve));
    // Closing ends the heartbeat and gives nothing back, as a death does.
    await one.close();
    await woken;
    expect(await two.claim(10)).toMatchObject({ entries: [{ delivery: 'a', attempts: 1, done: ['size'] }] });
    expect(await two.load('a', 'hold')).toEqual(['1']);
    const back = await open('one');
    await expect(back.append('a', 'hold', ['2'])).rejects.toMatchObject({ code: 'conflict' });
    await back.finish('a');
    expect((await two.get('a'))?.state).toBe('running');
  });

  it('say so while the database is away, and go on when it is back, nothing taken from anybody', async () => {
    await one.put(entry('a', 'a'), true);
    await postgres?.kill();
    await expect(two.put(entry('b', 'b'), true)).rejects.toMatchObject({ code: 'transient' });
    await postgres?.start();
    expect((await two.put(entry('b', 'b'), true)).state).toBe('running');
    await one.append('a', 'hold', ['1']);
    await one.finish('a');
    expect((await two.get('a'))?.state).toBe('done');
  });
});
