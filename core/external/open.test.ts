import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../inbox/postgres/testing.ts';
import { OUTBOX_LIMITS, openForwarder, outboxFile } from './open.ts';
import { openSqliteOutbox } from './sqlite/outbox.ts';
import { configOf, entryOf, testPlugin } from './testing.ts';

const postgres = await startPostgres();
afterAll(() => postgres?.remove());

test.skipIf(!postgres)(
  'what waited in the folder is sent from the database, before what comes then, and dead letters stay',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'outbox-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const plugin = await testPlugin();
    onTestFinished(() => plugin.close());
    const before = openSqliteOutbox(outboxFile(dataDir), OUTBOX_LIMITS);
    const { key } = entryOf('any', 1);
    const to = { plugin: 'p', endpoint: plugin.endpoint, key, repo: 'o/r', event: 'issue_comment', headers: '{}' };
    const letter = (delivery: string) => ({ ...to, delivery, payload: Buffer.from(delivery), receivedAt: Date.now() });
    const [dead] = await before.put(['d1', 'd2', 'd3'].map(letter));
    await before.bury(dead?.seq ?? 0, 'answered 400');
    await before.close();
    const forwarder = await openForwarder({
      dataDir,
      databaseUrl: postgres?.url,
      config: () => configOf({ o: [{ name: 'p', endpoint: plugin.endpoint, events: [] }] }),
      log: pino({ level: 'silent' }),
      registry: new Registry(),
    });
    await forwarder.forward(entryOf('d4', 1));
    forwarder.start();
    await expect.poll(() => plugin.heard).toHaveLength(3);
    await forwarder.close(10_000);
    expect(plugin.heard.slice(0, 2).map(({ body }) => body)).toEqual(['d2', 'd3']);
    const after = openSqliteOutbox(outboxFile(dataDir), OUTBOX_LIMITS);
    expect(await after.counts()).toEqual([{ plugin: 'p', state: 'dead', count: 1 }]);
    await after.close();
  },
);
