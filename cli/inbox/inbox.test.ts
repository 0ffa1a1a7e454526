import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_RETENTION, POISON_LIMITS } from '../../core/inbox/open.ts';
import { openPostgresStore } from '../../core/inbox/postgres/store.ts';
import { startPostgres } from '../../core/inbox/postgres/testing.ts';
import { openSqliteStore } from '../../core/inbox/sqlite/client.ts';
import type { InboxStore } from '../../core/inbox/store.ts';
import { run } from './index.ts';

const postgres = await startPostgres();
afterAll(() => postgres?.remove());

const limits = { retention: DEFAULT_RETENTION, poison: POISON_LIMITS };
const backends = {
  SQLite: () => openSqliteStore(path.join(folder, 'inbox.db'), limits),
  PostgreSQL: () =>
    openPostgresStore({ ...limits, url: postgres?.url ?? '', name: 'one', log: pino({ level: 'silent' }) }),
};

let folder: string;
let printed: string;
/** The program's, which goes on running. */
let store: InboxStore;

const records = () =>
  printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const stateOf = async (delivery: string) => (await store.get(delivery))?.state;

describe.each(postgres ? (['SQLite', 'PostgreSQL'] as const) : (['SQLite'] as const))('inbox in %s', (backend) => {
  const where = (): string => (backend === 'SQLite' ? `--data-dir=${folder}` : `--database-url=${postgres?.url ?? ''}`);
  const inbox = (word: string, ...more: string[]) => run([word, where(), ...more]);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'inbox-'));
    store = await backends[backend]();
    for (const delivery of ['running', 'aside', 'done']) {
      const payload = Buffer.from(`{"zen":"${delivery}"}`);
      const headers = '{"x-github-event":"ping"}';
      await store.put({ delivery, event: 'ping', key: delivery, headers, payload, receivedAt: 0 }, true);
    }
    await store.setAside('aside', 'it broke\nat line 1');
    await store.finish('done');
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await store.release(['running']);
    for (const delivery of ['running', 'aside', 'done']) await store.drop(delivery);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('lists what is not finished, and why', async () => {
    await inbox('list');
    expect(printed).toMatch(/^DELIVERY .*\naside +ping +- +aside .* it broke\nrunning +ping +- +running .*\n$/);
  });

  test('lists one state, for programs', async () => {
    await inbox('list', '--state=done', '--format=jsonl');
    expect(records()).toMatchObject([{ delivery: 'done', state: 'done' }]);
  });

  test('shows and exports a delivery', async () => {
    await inbox('show', 'aside');
    expect(JSON.parse(printed)).toMatchObject({ reason: 'it broke\nat line 1', payload: { zen: 'aside' } });
    printed = '';
    await inbox('export', 'aside', 'done');
    const headers = { 'x-github-event': 'ping' };
    expect(records()).toEqual([
      { delivery: 'aside', event: 'ping', headers, payload: '{"zen":"aside"}' },
      { delivery: 'done', event: 'ping', headers, payload: '{"zen":"done"}' },
    ]);
  });

  test('replays and drops', async () => {
    await inbox('replay', 'aside', 'done');
    expect([await stateOf('aside'), await stateOf('done')]).toEqual(['waiting', 'waiting']);
    await inbox('drop', 'aside');
    expect(await stateOf('aside')).toBeUndefined();
  });

  test('leaves what the program is handling in its hands', async () => {
    await expect(inbox('drop', 'running')).rejects.toMatchObject({ code: 'not-found' });
    await expect(inbox('replay', 'running')).rejects.toMatchObject({ code: 'not-found' });
    expect(await stateOf('running')).toBe('running');
  });

  test.each<[string[], string]>([
    [['show', 'none'], 'not-found'],
    [['show'], 'usage'],
    [['list', 'one'], 'usage'],
    [['burn', 'one'], 'usage'],
  ])('%j is refused', async ([word = '', ...more], code) => {
    await expect(inbox(word, ...more)).rejects.toMatchObject({ code });
  });

  test('a folder without an inbox gets none', async () => {
    await expect(run(['list', `--data-dir=${path.join(folder, 'other')}`])).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
