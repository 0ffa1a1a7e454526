import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { CutwaterError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createCrashNote } from './crash-note.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createInboxMetrics } from './metrics.ts';
import type { InboxOptions } from './options.ts';
import { openSqliteStore } from './sqlite/client.ts';
import type { InboxStore, PoisonLimits, Retention } from './store.ts';
import { startWatchdog } from './watchdog.ts';

/** GitHub redelivers for three days, so that long a delivery has to be known again. */
export const DEFAULT_RETENTION: Retention = { keepMs: 3 * 24 * 3_600_000, maxBytes: 1024 ** 3 };

/**
 * Twice where the death was traced to the entry. A kill from outside leaves no trace and hits whatever is being handled, which during an outage of GitHub
 * is the same innocent entry for minutes, so that takes many of them.
 */
export const POISON_LIMITS: PoisonLimits = { crashes: 2, attempts: 10 };

export interface OpenInboxOptions extends Pick<InboxOptions, 'handle' | 'concurrency'> {
  /** Where the inbox's files are. */
  dataDir: string;
  /** PostgreSQL, where several replicas share the inbox; `inbox.db` in `dataDir` unless given. */
  databaseUrl?: string | undefined;
  retention?: Retention | undefined;
  /** How long the event loop may be blocked before the process ends itself, in milliseconds; for ever unless given. */
  blockedLimitMs?: number | undefined;
  registry: Metrics;
  log: Logger;
}

/** An inbox with its store, as the program uses it. */
export interface OpenInbox extends Inbox {
  store: InboxStore;
}

/** Replicas have a host or a folder of their own each. */
export function replicaName(dataDir: string): string {
  return `${hostname()}:${resolve(dataDir)}`;
}

async function openStore(
  { dataDir, databaseUrl, log, retention = DEFAULT_RETENTION }: OpenInboxOptions,
  culprit: string | undefined,
): Promise<InboxStore> {
  const options = { retention, poison: POISON_LIMITS, culprit };
  if (databaseUrl) {
    const { openPostgresStore } = await import('./postgres/store.ts');
    return openPostgresStore({ ...options, url: databaseUrl, name: replicaName(dataDir), log });
  }
  return openSqliteStore(join(dataDir, 'inbox.db'), options);
}

/** Opens the store alone, for an operator's look at it; the program may be running. Throws `not-found` where there is none. */
export async function visitStore({
  dataDir,
  databaseUrl,
  log,
}: Pick<OpenInboxOptions, 'dataDir' | 'databaseUrl' | 'log'>): Promise<InboxStore> {
  const options = { retention: DEFAULT_RETENTION, poison: POISON_LIMITS };
  if (databaseUrl) {
    const { openPostgresStore } = await import('./postgres/store.ts');
    return openPostgresStore({
      ...options,
      url: databaseUrl,
      name: `visit:${replicaName(dataDir)}:${process.pid}`,
      log,
    });
  }
  const file = join(dataDir, 'inbox.db');
  if (!existsSync(file)) throw new CutwaterError('not-found', `there is no inbox in ${dataDir}`);
  return openSqliteStore(file, { ...options, visiting: true });
}

/** Opens the inbox. `close` ends the store as well. */
export async function openInbox(options: OpenInboxOptions): Promise<OpenInbox> {
  const { dataDir, handle, concurrency, blockedLimitMs, registry, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const note = join(dataDir, 'inbox-crash');
  const crashNote = createCrashNote(note);
  const store = await openStore(options, crashNote.takeCulprit());
  const metrics = createInboxMetrics(registry, () => store.stats());
  const watchdog = blockedLimitMs && startWatchdog({ note, limitMs: blockedLimitMs });
  const inbox = createInbox({ store, handle, crashNote, metrics, log, concurrency });
  return {
    ...inbox,
    store,
    async close(graceMs) {
      await inbox.close(graceMs);
      await store.close();
      if (watchdog) watchdog.stop();
      crashNote.close();
    },
  };
}
