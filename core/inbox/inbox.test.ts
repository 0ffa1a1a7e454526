import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CutwaterError } from '../errors.ts';
import { createCrashNote } from './crash-note.ts';
import type { InboxEntry } from './entry.ts';
import { createInbox } from './inbox.ts';
import { createInboxMetrics } from './metrics.ts';
import { type OpenInbox, openInbox, POISON_LIMITS } from './open.ts';

let folder: string;
let inbox: OpenInbox;
let handle: (entry: InboxEntry) => Promise<void>;
const log = pino({ level: 'silent' });

async function open(concurrency?: number): Promise<void> {
  inbox = await openInbox({
    dataDir: folder,
    handle: (entry) => handle(entry),
    registry: new Registry(),
    log,
    concurrency,
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  handle = async () => {};
  await open();
});
afterEach(async () => {
  await inbox.close(0);
  rmSync(folder, { recursive: true });
});

function delivery(id: string, number?: number) {
  const body = { repository: { full_name: 'acme/x' }, ...(number === undefined ? {} : { issue: { number } }) };
  return { delivery: id, event: 'issue_comment', headers: {}, payload: Buffer.from(JSON.stringify(body)) };
}

/** A handler that notes who came and lets each go when told. */
function gate() {
  const events: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const come = new Map<string, PromiseWithResolvers<InboxEntry>>();
  const of = <T>(map: Map<string, PromiseWithResolvers<T>>, id: string): PromiseWithResolvers<T> => {
    const found = map.get(id) ?? Promise.withResolvers<T>();
    map.set(id, found);
    return found;
  };
  handle = async (entry) => {
    events.push(`+${entry.delivery}`);
    of(come, entry.delivery).resolve(entry);
    await of(gates, entry.delivery).promise;
    events.push(`-${entry.delivery}`);
  };
  return { events, started: (id: string) => of(come, id).promise, release: (id: string) => of(gates, id).resolve() };
}

async function settled(): Promise<void> {
  await expect.poll(async () => (await inbox.store.stats()).waiting + (await inbox.store.stats()).running).toBe(0);
}

describe('the thread that writes', () => {
  it('is missed when it has died: nothing is taken in, the program is not ready and still ends', async () => {
    const posts = vi.spyOn(Worker.prototype, 'postMessage');
    await inbox.accept(delivery('a'));
    expect(inbox.isAlive()).toBe(true);
    const [worker] = posts.mock.contexts as Worker[];
    await worker?.terminate();
    posts.mockRestore();
    expect(inbox.isAlive()).toBe(false);
    await expect(inbox.accept(delivery('b'))).rejects.toMatchObject({ code: 'transient' });
  });
});

it('shows its other figures while the store cannot say what is in it', async () => {
  const registry = new Registry();
  const metrics = createInboxMetrics(registry, () => Promise.reject(new CutwaterError('transient', 'no database')));
  metrics.known();
  expect(await registry.metrics()).toContain('cutwater_inbox_known 1');
});

describe('handling', () => {
  it('handles a delivery once, with its parsed body', async () => {
    const seen: InboxEntry[] = [];
    handle = async (entry) => void seen.push(entry);
    inbox.start();
    const answers = await Promise.all([inbox.accept(delivery('a', 5)), inbox.accept(delivery('a', 5))]);
    await settled();
    expect(answers.sort()).toEqual([false, true]);
    expect(seen).toMatchObject([{ delivery: 'a', key: 'acme/x#5', attempts: 0, body: { issue: { number: 5 } } }]);
  });

  it('keeps the order of one pull request and lets others overtake', async () => {
    const { events, started, release } = gate();
    inbox.start();
    for (const [id, number] of [
      ['a1', 1],
      ['a2', 1],
      ['b1', 2],
    ] as const)
      await inbox.accept(delivery(id, number));
    await started('b1');
    release('b1');
    expect(events).not.toContain('+a2');
    release('a1');
    await started('a2');
    release('a2');
    await settled();
    expect(events.indexOf('-a1')).toBeLessThan(events.indexOf('+a2'));
  });

  it('lets the next of a pull request begin when the store has the one before, where it may keep the next one first', async () => {
    const finishing = Promise.withResolvers<void>();
    const begun: string[] = [];
    const store = { ...inbox.store, keepsOrder: false, finish: () => finishing.promise };
    const crashNote = createCrashNote(join(folder, 'note'));
    const metrics = createInboxMetrics(new Registry(), () => store.stats());
    const careful = createInbox({
      store,
      crashNote,
      metrics,
      log,
      handle: async (entry) => void begun.push(entry.delivery),
    });
    careful.start();
    await careful.accept(delivery('a1', 1));
    await careful.accept(delivery('a2', 1));
    await careful.accept(delivery('b1', 2));
    await expect.poll(() => begun).toEqual(['a1', 'b1']);
    finishing.resolve();
    await expect.poll(() => begun).toEqual(['a1', 'b1', 'a2']);
    await careful.close(0);
    crashNote.close();
  });

  it('handles no more at once than it may, and then the rest', async () => {
    await inbox.close(0);
    let now = 0;
    let most = 0;
    handle = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    await open(3);
    inbox.start();
    await Promise.all(Array.from({ length: 50 }, (_, n) => inbox.accept(delivery(`d${n}`))));
    await expect.poll(async () => (await inbox.store.stats()).done).toBe(50);
    expect(most).toBe(3);
  });

  it('lets what arrives before the start wait', async () => {
    const { events, started, release } = gate();
    await inbox.accept(delivery('a'));
    expect(events).toEqual([]);
    inbox.start();
    await started('a');
    release('a');
    await settled();
  });
});

describe('when handling fails', () => {
  beforeEach(async () => {
    await inbox.close(0);
    await open();
  });

  it('tries again, the next of the same pull request waiting', async () => {
    const tried: string[] = [];
    handle = async ({ delivery: id }) => {
      tried.push(id);
      if (tried.length === 1) throw new CutwaterError('transient', 'GitHub is down');
    };
    inbox.start();
    await inbox.accept(delivery('a1', 1));
    await inbox.accept(delivery('a2', 1));
    await settled();
    expect(tried).toEqual(['a1', 'a1', 'a2']);
  });
});

describe('a restart', () => {
  it('goes on with what was unfinished, plugin by plugin', async () => {
    const first = gate();
    inbox.start();
    await inbox.accept(delivery('a', 1));
    await first.started('a');
    await inbox.journal.append('a', 'hold', [{ comment: 7 }]);
    await inbox.journal.append('a', 'size', [{ label: 'size/S' }]);
    await inbox.done('a', 'size');
    await inbox.done('a', 'skip');
    await inbox.close(0);
    const second = gate();
    await open();
    inbox.start();
    const entry = await second.started('a');
    expect([...entry.done]).toEqual(['size']);
    expect(await inbox.journal.load('a', 'hold')).toEqual([{ comment: 7 }]);
    second.release('a');
    await settled();
  });

  it('waits for what is being handled before it closes', async () => {
    const { started, release, events } = gate();
    inbox.start();
    await inbox.accept(delivery('a'));
    await started('a');
    const closed = inbox.close(10_000);
    release('a');
    await closed;
    expect(events).toEqual(['+a', '-a']);
    await open();
    expect(await inbox.store.stats()).toMatchObject({ done: 1, waiting: 0 });
  });
});

describe('a delivery that ends the process', () => {
  const deaths: [string, string][] = [
    ['an exit', 'process.exit(3)'],
    ['an exception in a timer', 'setTimeout(() => { throw new Error("boom") }, 1); return new Promise(() => {})'],
    [
      'a rejection that nobody handles',
      'setImmediate(() => void Promise.reject(new Error("boom"))); return new Promise(() => {})',
    ],
    ['a loop without end, a moment later', 'return Promise.resolve().then(() => { for (;;); })'],
  ];
  it.each(deaths)('is set aside after the second time: %s', async (_name, death) => {
    await inbox.close(0);
    const script = `
      const { openInbox } = await import(${JSON.stringify(new URL('./open.ts', import.meta.url).href)});
      const { Registry } = await import('prom-client');
      const { pino } = await import('pino');
      const seen = [];
      const handle = (entry) => {
        console.log('handles ' + entry.delivery);
        if (entry.delivery === 'innocent') return new Promise(() => setTimeout(() => {}, 60_000));
        ${death};
      };
      const inbox = await openInbox({ dataDir: process.argv[1], handle, blockedLimitMs: 400, registry: new Registry(), log: pino({ level: 'silent' }) });
      for (const delivery of ['innocent', 'poison']) await inbox.accept({ delivery, event: 'push', headers: {}, payload: Buffer.from('{}') });
      inbox.start();
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500);`;
    const run = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script, folder], {
        cwd: join(import.meta.dirname, '../..'),
        encoding: 'utf8',
      });
    for (const time of [1, 2]) expect([time, run().stdout]).toEqual([time, expect.stringContaining('handles poison')]);
    expect(existsSync(join(folder, 'inbox-crash'))).toBe(true);
    const third = run().stdout;
    expect(third).toContain('handles innocent');
    expect(third).not.toContain('handles poison');
    await open();
    expect(await inbox.store.list(['aside'], 5)).toMatchObject([{ delivery: 'poison' }]);
  });

  it('is set aside after many deaths that leave no trace, and the others come through', {
    timeout: 120_000,
  }, async () => {
    await inbox.close(0);
    const script = `
      const { openInbox } = await import(${JSON.stringify(new URL('./open.ts', import.meta.url).href)});
      const { Registry } = await import('prom-client');
      const { pino } = await import('pino');
      const handle = async (entry) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (entry.delivery === 'poison') for (const all = [];;) all.push(new Array(1e6).fill(all.length));
      };
      const inbox = await openInbox({ dataDir: process.argv[1], handle, registry: new Registry(), log: pino({ level: 'silent' }) });
      for (const delivery of ['poison', ...Array.from({ length: 20 }, (_, n) => 'innocent' + n)])
        await inbox.accept({ delivery, event: 'push', headers: {}, payload: Buffer.from('{}') });
      inbox.start();
      while ((await inbox.store.stats()).done < 20) await new Promise((resolve) => setTimeout(resolve, 20));
      process.exit(0);`;
    const flags = ['--max-old-space-size=64', '--input-type=module', '-e', script, folder];
    const run = () =>
      spawnSync(process.execPath, flags, { cwd: join(import.meta.dirname, '../..'), timeout: 30_000 }).status;
    const ends: unknown[] = [];
    while (ends.at(-1) !== 0 && ends.length <= POISON_LIMITS.attempts + 1) ends.push(run());
    expect(ends).toHaveLength(POISON_LIMITS.attempts + 1);
    await open();
    expect(await inbox.store.list(['aside'], 5)).toMatchObject([
      { delivery: 'poison', attempts: POISON_LIMITS.attempts },
    ]);
  });
});
