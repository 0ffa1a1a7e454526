import { Pool } from 'pg';
import { CutwaterError, messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { migrate } from './migrations.ts';
import type { Query } from './query.ts';

/** A database of what must outlive a process, for all replicas. */
export interface Database {
  query: Query;
  isOpen(): boolean;
  close(): Promise<void>;
}

/** Connects at most `connections` at once, and brings the schema up to date. Errors, of queries too, are CutwaterError `transient`. */
export async function connect(url: string, connections: number, log: Logger): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 3000,
    // Within the ten seconds in which GitHub wants its answer.
    query_timeout: 8000,
    allowExitOnIdle: true,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'A connection to the database of the inbox broke'));
  try {
    await prepare(pool);
  } catch (error) {
    await pool.end();
    throw failure(error);
  }
  return {
    async query(sql, values) {
      try {
        return await pool.query(sql, values);
      } catch (error) {
        throw failure(error);
      }
    },
    isOpen: () => !pool.ended,
    async close() {
      if (!pool.ended) await pool.end();
    },
  };
}

function failure(error: unknown): CutwaterError {
  return new CutwaterError('transient', `the database of the inbox: ${messageOf(error)}`, { cause: error });
}

async function prepare(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await migrate(client);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
