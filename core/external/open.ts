import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CutwaterError } from '../errors.ts';
import { replicaName } from '../inbox/open.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ConfigView } from '../plugin/settings.ts';
import { createForwarder, type Forwarder } from './forwarder.ts';
import type { Outbox, OutboxLimits } from './letter.ts';
import { createForwardMetrics } from './metrics.ts';
import { openSqliteOutbox } from './sqlite/outbox.ts';

const HOUR_MS = 3_600_000;

/** As long as GitHub keeps what it could not deliver; dead letters for a week. */
export const OUTBOX_LIMITS: OutboxLimits = {
  waitMs: 72 * HOUR_MS,
  waiting: 10_000,
  keepMs: 7 * 24 * HOUR_MS,
  bytes: 1024 ** 3,
};

/** The file of the letters to external plugins in a data folder. */
export function outboxFile(dataDir: string): string {
  return join(dataDir, 'outbox.db');
}

/** Where the letters are: beside the inbox. */
export interface OutboxPlace {
  dataDir: string;
  /** PostgreSQL, where several replicas share the letters; `outbox.db` in `dataDir` unless given. */
  databaseUrl?: string | undefined;
  log: Logger;
}

async function openShared(url: string, name: string | undefined, log: Logger): Promise<Outbox> {
  const { openPostgresOutbox } = await import('./postgres/outbox.ts');
  return openPostgresOutbox({ url, name, limits: OUTBOX_LIMITS, log });
}

/** Opens the letters for an operator's look at them; the program may be running. Throws `not-found` where there are none. */
export async function visitOutbox({ dataDir, databaseUrl, log }: OutboxPlace): Promise<Outbox> {
  if (databaseUrl) return openShared(databaseUrl, undefined, log);
  const file = outboxFile(dataDir);
  if (!existsSync(file)) throw new CutwaterError('not-found', `there is no outbox in ${dataDir}`);
  return openSqliteOutbox(file, OUTBOX_LIMITS);
}

export interface OpenForwarderOptions extends OutboxPlace {
  config(): ConfigView;
  registry: Metrics;
}

export async function openForwarder(options: OpenForwarderOptions): Promise<Forwarder> {
  const { config, log, registry } = options;
  const outbox = await openOutbox(options);
  return createForwarder({ outbox, config, log, metrics: createForwardMetrics(registry, () => outbox.counts()) });
}

async function openOutbox(place: OutboxPlace): Promise<Outbox> {
  const { dataDir, databaseUrl, log } = place;
  if (!databaseUrl) return openSqliteOutbox(outboxFile(dataDir), OUTBOX_LIMITS);
  await moveWaiting(place);
  return openShared(databaseUrl, replicaName(dataDir), log);
}

/** What waits in the folder since there was no database yet goes to the database, once. */
async function moveWaiting(place: OutboxPlace): Promise<void> {
  if (!existsSync(outboxFile(place.dataDir))) return;
  const from = openSqliteOutbox(outboxFile(place.dataDir), OUTBOX_LIMITS);
  const to = await visitOutbox(place);
  try {
    for (const { seq } of await from.waiting()) {
      const letter = await from.read(seq);
      if (letter) await to.put([letter]);
      await from.sent(seq);
    }
  } finally {
    await from.close();
    await to.close();
  }
}
