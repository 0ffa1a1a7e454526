import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from './facts.ts';
import { openPostgresStore } from './postgres/store.ts';
import { startPostgres, type TestPostgres } from './postgres/testing.ts';
import { openSqliteStore } from './sqlite/client.ts';
import type { Arrival, InboxStore, NewEntry, Retention } from './store.ts';

const KEEP: Retention = { keepMs: 3_600_000, maxBytes: 1_000_000 };
const poison = { crashes: 2, attempts: 5 };
const log = pino({ level: 'silent' });
const postgres = await startPostgres();
let folder: string;
let store: InboxStore;

interface Reopen {
  retention?: Retention;
  culprit?: string;
}

interface Backend {
  name: string;
  /** Makes room for a new, empty inbox. */
  fresh(): Promise<void>;
  open(options?: Reopen): Promise<InboxStore>;
}

const sqlite: Backend = {
  name: 'SQLite',
  fresh: async () => {},
  open: ({ retention = KEEP, culprit } = {}) =>
    openSqliteStore(join(folder, 'inbox.db'), { retention, poison, culprit }),
};

function postgresBackend(server: TestPostgres): Backend {
  let url = '';
  return {
    name: 'PostgreSQL',
    async fresh() {
      url = await server.database();
    },
    open: ({ retention = KEEP, culprit } = {}) =>
      openPostgresStore({ url, name: 'one', retention, poison, culprit, log }),
  };
}

afterAll(() => postgres?.remove());

describe.each(postgres ? [sqlite, postgresBackend(postgres)] : [sqlite])('the inbox in $name', (backend) => {
  function entry(delivery: string, key = delivery, size = 10): NewEntry {
    const payload = Buffer.alloc(size, delivery);
    return { delivery, key, payload, event: 'push', headers: '{"x-a":"b"}', receivedAt: 1000 };
  }

  async function put(delivery: string, key = delivery, size = 10): Promise<string> {
    return (await store.put(entry(delivery, key, size), true)).state;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inbox-'));
    await backend.fresh();
    store = await backend.open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /** Ends the process as kill -9 does: nothing is given back. */
  async function dieAndReopen(options?: Reopen): Promise<void> {
    await store.close();
    store = await backend.open(options);
  }

  async function claimed(limit = 10): Promise<string[]> {
    return (await store.claim(limit)).entries.map(({ delivery }) => delivery);
  }

  describe('keeping deliveries', () => {
    it('knows a delivery again, also after a restart and when it is done', async () => {
      expect(await put('a')).toBe('running');
      expect(await put('a')).toBe('known');
      expect([await store.has('a'), await store.has('b')]).toEqual([true, false]);
      await store.finish('a');
      await dieAndReopen();
      expect(await put('a')).toBe('known');
    });

    it('keeps the bytes and headers as they came', async () => {
      const payload = Buffer.from([0, 255, 10, 13, 0xc3, 0x28]);
      await store.put({ ...entry('a'), payload }, false);
      const { entries } = await store.claim(1);
      expect(Buffer.from(entries[0]?.payload ?? [])).toEqual(payload);
      expect(entries[0]).toMatchObject({
        delivery: 'a',
        event: 'push',
        headers: '{"x-a":"b"}',
        receivedAt: 1000,
        attempts: 0,
        done: [],
      });
    });

    it('takes many at once', async () => {
      const results = await Promise.all(Array.from({ length: 100 }, (_, n) => store.put(entry(`d${n % 60}`), false)));
      expect(results.filter(({ state }) => state === 'known')).toHaveLength(40);
      expect((await store.stats()).waiting).toBe(60);
    });
  });

  describe('order', () => {
    it('hands entries of one key to the same process, in order', async () => {
      expect(await store.put(entry('a1', 'a'), true)).toEqual({ state: 'running', seq: 1 });
      expect(await store.put(entry('b1', 'b'), true)).toEqual({ state: 'running', seq: 2 });
      expect(await store.put(entry('a2', 'a'), true)).toEqual({ state: 'running', seq: 3 });
    });

    it('lets nothing overtake what waits with the same key', async () => {
      await store.put(entry('a1', 'a'), false);
      expect(await put('a2', 'a')).toBe('waiting');
      expect(await put('b1', 'b')).toBe('running');
      expect(await store.claim(10)).toMatchObject({ entries: [{ delivery: 'a1' }, { delivery: 'a2' }], left: 0 });
    });

    it('claims the oldest first, as many as asked for', async () => {
      for (const [delivery, key] of [
        ['a1', 'a'],
        ['a2', 'a'],
        ['b1', 'b'],
      ] as const)
        await store.put(entry(delivery, key), false);
      expect(await store.claim(2)).toMatchObject({
        entries: [
          { delivery: 'a1', seq: 1 },
          { delivery: 'a2', seq: 2 },
        ],
        left: 1,
      });
      expect(await claimed()).toEqual(['b1']);
    });
  });

  describe('progress and journal', () => {
    it("says which plugins have finished, and keeps the others' journals over a death", async () => {
      await store.put(entry('a'), true);
      await store.append('a', 'size', ['1', '2']);
      await store.append('a', 'hold', ['3']);
      await store.append('a', 'size', ['4']);
      expect(await store.load('a', 'size')).toEqual(['1', '2', '4']);
      await store.done('a', 'size');
      await dieAndReopen();
      expect(await store.claim(1)).toMatchObject({ entries: [{ done: ['size'], attempts: 1 }] });
      expect(await store.load('a', 'size')).toEqual([]);
      expect(await store.load('a', 'hold')).toEqual(['3']);
    });

    it('forgets all of it when the entry is finished', async () => {
      await store.put(entry('a'), true);
      await store.append('a', 'size', ['1']);
      await store.done('a', 'hold');
      await store.finish('a');
      expect(await store.load('a', 'size')).toEqual([]);
      await store.replay('a');
      expect(await store.claim(1)).toMatchObject({ entries: [{ done: [] }] });
    });
  });

  describe('after a death', () => {
    it('has what was running wait again, before what came later', async () => {
      await store.put(entry('a1', 'a'), true);
      await store.put(entry('a2', 'a'), true);
      await store.put(entry('b1', 'b'), false);
      await dieAndReopen();
      expect(await store.claim(10)).toMatchObject({
        entries: [
          { delivery: 'a1', attempts: 1 },
          { delivery: 'a2', attempts: 0 },
          { delivery: 'b1', attempts: 0 },
        ],
      });
    });

    it('sets an entry aside that the process died of twice', async () => {
      await store.put(entry('a'), true);
      await store.put(entry('b'), true);
      await dieAndReopen({ culprit: 'a' });
      expect(await claimed()).toEqual(['a', 'b']);
      await dieAndReopen({ culprit: 'a' });
      expect(await claimed()).toEqual(['b']);
      expect(await store.list(['aside'], 10)).toMatchObject([{ delivery: 'a', state: 'aside', attempts: 2 }]);
    });

    it('sets an entry aside after five deaths that nothing is known about', async () => {
      await store.put(entry('a'), true);
      for (let death = 1; death < 5; death++) {
        await dieAndReopen();
        expect(await claimed()).toEqual(['a']);
        await store.begin('a');
      }
      await dieAndReopen();
      expect(await claimed()).toEqual([]);
      expect((await store.get('a'))?.reason).toMatch(/died while handling it, 5 times/);
    });

    it('counts no death of one that waited for its turn after two', async () => {
      await store.put(entry('a'), true);
      for (let death = 1; death < 7; death++) {
        await dieAndReopen();
        expect(await store.claim(1)).toMatchObject({ entries: [{ attempts: Math.min(death, 2) }] });
      }
    });

    it('does not count what was given back', async () => {
      await store.put(entry('a'), true);
      await store.release(['a']);
      await dieAndReopen({ culprit: 'a' });
      expect(await store.claim(1)).toMatchObject({ entries: [{ attempts: 0 }] });
    });
  });

  describe('bounds', () => {
    it('removes the oldest finished entries where there is no room', async () => {
      await dieAndReopen({ retention: { keepMs: 3_600_000, maxBytes: 250 } });
      for (const delivery of ['a', 'b']) {
        await store.put(entry(delivery, delivery, 100), true);
        await store.finish(delivery);
      }
      expect(await put('c', 'c', 100)).toBe('running');
      expect(await store.get('a')).toBeUndefined();
      expect((await store.get('c'))?.state).toBe('running');
    });

    it('takes nothing more in where unfinished entries fill it, and writes nothing of it', async () => {
      await dieAndReopen({ retention: { keepMs: 3_600_000, maxBytes: 250 } });
      const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => store.put(entry(name, name, 100), true)));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      expect(results[2]).toMatchObject({ reason: { code: 'transient' } });
      expect(await store.get('c')).toBeUndefined();
      expect(await store.stats()).toMatchObject({ running: 2, bytes: 200 });
      await store.finish('a');
      expect(await put('c', 'c', 100)).toBe('running');
    });
  });

  describe('by hand', () => {
    it('shows, replays and drops', async () => {
      await store.put(entry('a'), true);
      await store.put(entry('b'), true);
      expect(await store.drop('a')).toBe(false);
      expect(await store.replay('a')).toBe(false);
      await store.finish('a');
      await store.setAside('b', 'bad');
      expect((await store.list(['done', 'aside'], 10)).map(({ delivery }) => delivery)).toEqual(['b', 'a']);
      expect(await store.get('b')).toMatchObject({ reason: 'bad', headers: '{"x-a":"b"}', size: 10 });
      expect(await store.replay('b')).toBe(true);
      expect(await claimed()).toEqual(['b']);
      expect(await store.drop('a')).toBe(true);
      expect(await store.get('a')).toBeUndefined();
      expect(await store.drop('nothing')).toBe(false);
    });

    it('says that a closed store is no place to write to', async () => {
      expect(store.isAlive()).toBe(true);
      await store.close();
      expect(store.isAlive()).toBe(false);
      await expect(store.put(entry('a'), true)).rejects.toMatchObject({ code: 'transient' });
    });
  });

  describe('what deliveries told', () => {
    const fact = (value: string, at: number, told = true): Fact => ({ key: 'a#1', field: 'head', value, at, told });
    const arrive = async (delivery: string, facts: Fact[], more: Partial<Arrival> = {}): Promise<string> =>
      (await store.put(entry(delivery, 'a#1'), true, { facts, ...more })).state;
    const head = async () => (await store.notes.facts('a#1')).map(({ value }) => value);

    it('is remembered, and a late delivery changes nothing', async () => {
      await arrive('a', [fact('one', 1)]);
      await arrive('b', [fact('two', 2)]);
      await arrive('c', [fact('old', 1)]);
      await dieAndReopen();
      expect(await store.notes.facts('a#1')).toEqual([{ field: 'head', value: 'two', at: 2 }]);
    });

    it('counts where an event only shows it and nothing was known', async () => {
      await arrive('a', [fact('one', 1, false)]);
      expect(await head()).toEqual(['one']);
      await arrive('b', [fact('two', 2, false)]);
      expect(await head()).toEqual(['one']);
    });

    it('is not changed by a delivery that is known', async () => {
      await arrive('a', [fact('one', 1)]);
      await arrive('a', [fact('two', 2)]);
      expect(await head()).toEqual(['one']);
    });

    it('makes a swept event known that had been told, and a late delivery whose event was swept', async () => {
      await arrive('a', [fact('one', 1)]);
      expect(await arrive('swept', [fact('one', 1)], { missed: true })).toBe('known');
      expect(await arrive('swept2', [fact('two', 2)], { missed: true })).toBe('running');
      expect(await arrive('late', [fact('two', 2)], { twin: 'swept2' })).toBe('known');
      expect(await arrive('other', [fact('two', 2)], { twin: 'swept3' })).toBe('running');
    });

    it('takes any text', async () => {
      const text = "it's \u0000 \ud800 {} \\";
      await arrive('a', [{ ...fact(text, 1), field: text }]);
      expect(await head()).toHaveLength(1);
    });

    it('is forgotten when asked', async () => {
      await store.notes.remember([fact('one', 1), { ...fact('x', 1), field: 'base' }]);
      await store.notes.forget('a#1', 'head');
      expect(await head()).toEqual(['x']);
    });

    it('has one process do what one does for all', async () => {
      expect(await store.notes.takeTurn('task', 60_000)).toBe(true);
      expect(await store.notes.takeTurn('task', 60_000)).toBe(true);
    });
  });
});

describe('the file of the inbox', () => {
  const file = () => join(folder, 'inbox.db');
  const open = (visiting = false) => openSqliteStore(file(), { retention: KEEP, poison, visiting });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('belongs to one program, and others may look', async () => {
    store = await open();
    await expect(open()).rejects.toThrow(`${file()} can not be opened: database is locked: another cutwater runs`);
    await (await open(true)).close();
    await store.close();
    await (await open()).close();
  });

  it('is named where it is none', async () => {
    writeFileSync(file(), 'x'.repeat(5000));
    await expect(open()).rejects.toThrow(`${file()} can not be opened: file is not a database`);
  });
});
