import { join } from 'node:path';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ConfigView } from '../plugin/settings.ts';
import { createForwarder, type Forwarder } from './forwarder.ts';
import type { OutboxLimits } from './letter.ts';
import { createForwardMetrics } from './metrics.ts';
import { openOutbox } from './outbox.ts';

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

export interface OpenForwarderOptions {
  dataDir: string;
  config(): ConfigView;
  log: Logger;
  registry: Metrics;
}

export function openForwarder({ dataDir, config, log, registry }: OpenForwarderOptions): Forwarder {
  const outbox = openOutbox(outboxFile(dataDir), OUTBOX_LIMITS);
  return createForwarder({ outbox, config, log, metrics: createForwardMetrics(registry, () => outbox.counts()) });
}
