import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboxStore, NewEntry } from '../store.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { openPostgresStore } from './store.ts';
import { startPostgres } from './testing.ts';

const log = pino({ level: 'silent' });
const postgres = await startPostgres();
const stores: InboxStore[] = [];
afterAll(() => postgres?.remove());

/** A live replica is not to be taken for dead because the machine is busy. */
function open(name: string, url = postgres?.url ?? '', deadMs = 20_000): Promise<InboxStore> {
  const options = {
    retention: { keepMs: 3_600_000, maxBytes: 1e6 },
    poison: { crashes: 2, attempts: 5 },
    lease: { beatMs: 20, deadMs },
  };
  const store = openPostgresStore({ url, name, log, ...options });
  store.then(
    (opened) => stores.push(opened),
    () => {},
  );
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

  it('hand all of one key to one of them, however many arrive at once', async () => {
    const arrivals = Array.from({ length: 40 }, (_, n) => ({
      delivery: `d${n}`,
      key: `k${n % 4}`,
      replica: n % 3 ? one : two,
    }));
    const owners = new Map<string, Set<InboxStore>>();
    const own = (key: string, replica: InboxStore): void =>
      void owners.set(key, (owners.get(key) ?? new Set()).add(replica));
    await Promise.all(
      arrivals.map(async ({ delivery, key, replica }) => {
        if ((await replica.put(entry(delivery, key), true)).state === 'running') own(key, replica);
      }),
    );
    await Promise.all(
      [one, two].map(async (replica) => {
        for (const { key } of (await replica.claim(100)).entries) own(key, replica);
      }),
    );
    const sizes = [...owners].map(([key, replicas]) => [key, replicas.size]);
    expect(sizes.sort()).toEqual(['k0', 'k1', 'k2', 'k3'].map((key) => [key, 1]));
  });

  it('take over what a silent one held, and it can write no more about it', async () => {
    await one.put(entry('a', 'a'), true);
    await one.append('a', 'hold', ['1']);
    await one.done('a', 'size');
    two = await open('two', undefined, 200);
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

  it('take turns at what one does for all', async () => {
    expect(await one.notes.takeTurn('sweep', 600_000)).toBe(true);
    expect(await two.notes.takeTurn('sweep', 600_000)).toBe(false);
    expect(await one.notes.takeTurn('sweep', 1)).toBe(true);
    await expect.poll(() => two.notes.takeTurn('sweep', 600_000)).toBe(true);
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

  it('have in hand what came in although its answer was lost, because the database stood still', {
    timeout: 60_000,
  }, async () => {
    await one.put(entry('before', 'a'), true);
    await two.put(entry('theirs', 'b'), true);
    postgres?.freeze();
    await expect(one.put(entry('a', 'a'), true)).rejects.toMatchObject({ code: 'transient' });
    postgres?.thaw();
    const found: string[] = [];
    await expect.poll(async () => found.push(...(await claimed(one))) && found, { timeout: 20_000 }).toEqual(['a']);
    expect((await one.put(entry('a', 'a'), true)).state).toBe('known');
    expect(await claimed(one)).toEqual([]);
  });
});

describe.skipIf(!postgres)('a database', () => {
  afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));

  async function connected<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: url });
    await client.connect();
    return use(client).finally(() => client.end());
  }

  const fresh = async (): Promise<string> => (await postgres?.database()) ?? '';

  it('is set up once by replicas that start together', async () => {
    const url = await fresh();
    const opened = await Promise.all(['a', 'b', 'c', 'd'].map((name) => open(name, url)));
    const answers = await Promise.all(opened.map((store) => store.put(entry('x', 'x'), true)));
    expect(answers.filter(({ state }) => state === 'known')).toHaveLength(3);
  });

  it('of an older version is brought up to date with what is in it, and serves older replicas still', async () => {
    const url = await fresh();
    const put = (client: Client, delivery: string) =>
      client.query("SELECT * FROM inbox_put($1, 'push', $1, '{}', 'x', 1, 'old', false)", [delivery]);
    await connected(url, async (client) => {
      await migrate(client, MIGRATIONS.slice(0, 1));
      await put(client, 'before');
    });
    const store = await open('new', url);
    await connected(url, (client) => put(client, 'after'));
    expect(await claimed(store)).toEqual(['before', 'after']);
    expect((await store.put(entry('before', 'before'), true)).state).toBe('known');
  });

  it('of a newer version is refused', async () => {
    const url = await fresh();
    await connected(url, (client) => migrate(client, [...MIGRATIONS, 'SELECT 1']));
    await expect(open('old', url)).rejects.toThrow('newer version');
  });
});
