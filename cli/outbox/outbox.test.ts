import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outbox } from '../../core/external/letter.ts';
import { OUTBOX_LIMITS, outboxFile } from '../../core/external/open.ts';
import { openPostgresOutbox } from '../../core/external/postgres/outbox.ts';
import { openSqliteOutbox } from '../../core/external/sqlite/outbox.ts';
import { startPostgres } from '../../core/inbox/postgres/testing.ts';
import { run } from './index.ts';

const postgres = await startPostgres();
afterAll(() => postgres?.remove());

const log = pino({ level: 'silent' });
const backends = {
  SQLite: async () => openSqliteOutbox(outboxFile(folder), OUTBOX_LIMITS),
  PostgreSQL: (url: string) => openPostgresOutbox({ url, name: 'one', limits: OUTBOX_LIMITS, log }),
};

let folder: string;
let printed: string;
/** The program's, which goes on running. */
let outbox: Outbox;
let number: string;

describe.each(postgres ? (['SQLite', 'PostgreSQL'] as const) : (['SQLite'] as const))('outbox in %s', (backend) => {
  let where: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'outbox-'));
    const url = backend === 'PostgreSQL' ? ((await postgres?.database()) ?? '') : '';
    where = url ? `--database-url=${url}` : `--data-dir=${folder}`;
    outbox = await backends[backend](url);
    const to = { plugin: 'p', endpoint: 'http://p', key: 'o/r#1', repo: 'o/r', event: 'push', headers: '{}' };
    const [letter] = await outbox.put([{ ...to, delivery: 'd1', payload: Buffer.from('{}'), receivedAt: 0 }]);
    number = String(letter?.seq);
    await outbox.bury(Number(number), 'http://p answered 400');
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await outbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const say = (word: string, ...more: string[]) => run([word, where, ...more]);

  test('lists what was given up, and why', async () => {
    await say('list');
    expect(printed).toMatch(/^NUMBER .*\n\d+ +p +o\/r +push +d1 +http:\/\/p answered 400\n$/);
    printed = '';
    await say('list', '--format=jsonl');
    expect(JSON.parse(printed)).toMatchObject({ plugin: 'p', delivery: 'd1' });
  });

  test('has one sent again', async () => {
    await say('retry', number);
    expect(await outbox.waiting()).toHaveLength(1);
    await expect(say('retry', number)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('forgets one', async () => {
    await say('drop', number);
    expect(await outbox.dead(10)).toEqual([]);
  });

  test.each([[['give']], [['retry']], [['list', 'd1']]])('%j is wrong usage', async ([word = '', ...more]) => {
    await expect(say(word, ...more)).rejects.toMatchObject({ code: 'usage' });
  });

  test('where the database is away it says so', async () => {
    const url = 'postgres:///postgres?host=/nowhere&user=test';
    await expect(run(['list', `--database-url=${url}`])).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('/nowhere'),
    });
  });

  test('where there is none it says so, and makes none', async () => {
    await expect(run(['list', `--data-dir=${folder}/nowhere`])).rejects.toMatchObject({ code: 'not-found' });
  });
});
