import { ok, skipped } from '../finding.ts';
import type { Check } from '../patient.ts';

const PATIENCE_MS = 10_000;

/** PostgreSQL, where replicas share the inbox and the outbox. */
export const database: Check = {
  name: 'database',
  fix: 'check --database-url, that PostgreSQL runs there, and that the user may create tables',
  async look({ flags }) {
    const url = flags['database-url'];
    if (!url) return [skipped('database', 'the inbox and the outbox are in the data folder')];
    const { Client } = await import('pg');
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
      return [ok('database', `PostgreSQL ${rows[0]?.version}`)];
    } finally {
      await client.end().catch(() => undefined);
    }
  },
};
