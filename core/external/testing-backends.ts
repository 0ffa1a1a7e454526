import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startPostgres, type TestPostgres } from '../inbox/postgres/testing.ts';
import type { Outbox, OutboxLimits } from './letter.ts';
import { openPostgresOutbox } from './postgres/outbox.ts';
import { openSqliteOutbox } from './sqlite/outbox.ts';

/** A place for letters of tests. */
export interface Backend {
  name: string;
  /** Makes room for new, empty letters. */
  fresh(): Promise<void>;
  /** As one replica, always the same. */
  open(limits: OutboxLimits): Promise<Outbox>;
  remove(): Promise<void>;
}

/** All places there are, PostgreSQL where it is installed. */
export async function outboxBackends(): Promise<Backend[]> {
  const postgres = await startPostgres();
  return postgres ? [sqlite(), inPostgres(postgres)] : [sqlite()];
}

function sqlite(): Backend {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  let files = 0;
  return {
    name: 'SQLite',
    async fresh() {
      files++;
    },
    open: async (limits) => openSqliteOutbox(join(folder, `outbox${files}.db`), limits),
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

function inPostgres(server: TestPostgres): Backend {
  let url = '';
  return {
    name: 'PostgreSQL',
    async fresh() {
      url = await server.database();
    },
    open: (limits) => openPostgresOutbox({ url, name: 'one', limits, log: pino({ level: 'silent' }) }),
    remove: () => server.remove(),
  };
}
