import { join } from 'node:path';
import { Counter } from 'prom-client';
import { hasCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { GitHub } from './github.ts';
import { type HookBook, type KnownHook, openHookBook } from './hook-book.ts';
import type { Octokit } from './octokit.ts';
import { type DeliveryAttempt, failedDeliveries } from './redelivery-rules.ts';
import { asSpender } from './spender.ts';

/** Sweeps overlap by this much: what was under way in the last one may have failed since. */
const OVERLAP_MS = 120_000;
/** GitHub keeps deliveries for three days. */
const GITHUB_KEEPS_MS = 3 * 24 * 3_600_000;
const MOST_PAGES = 100;
/** How often one delivery is asked for. */
const MOST_ASKS = 5;
/** How many repositories' deliveries are asked for side by side; those of one repository come one after the other. */
const SIDE_BY_SIDE = 8;
/** A webhook that we may not look at is tried again after this. */
const FORBIDDEN_PAUSE_MS = 3_600_000;
/** The first sweep comes at the start, the second soon after it, for what was under way then. */
const SECOND_SWEEP_MS = 5_000;
const EVERY_MS = 30_000;

export interface RedeliveryOptions {
  github: GitHub;
  /** Whether the delivery is in the inbox. */
  isKnown: (guid: string) => Promise<boolean>;
  /** Where the list of webhooks is kept. */
  dataDir: string;
  log: Logger;
  registry: Metrics;
  /** Milliseconds between two sweeps (30,000). */
  everyMs?: number | undefined;
}

/** Asks GitHub for what it could not hand over, as while we were away. */
export interface Redelivery {
  /** Tells it of every delivery that arrives, as a token's webhooks are known from them alone. */
  note: HookBook['note'];
  /** Sweeps now and on a timer. */
  start(): void;
  /** Looks through all known webhooks once; the number of deliveries asked for. */
  sweep(): Promise<number>;
  stop(): void;
}

export function createRedelivery(options: RedeliveryOptions): Redelivery {
  const { github, dataDir, log, everyMs = EVERY_MS } = options;
  const book = openHookBook(join(dataDir, 'hooks.json'), log);
  if (github.installations)
    book.add({ path: '/app/hook', owner: '', sweptAt: Date.now() - GITHUB_KEEPS_MS + OVERLAP_MS });
  const sweepHook = createSweeper(options, book);
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<number> | undefined;

  async function sweepAll(): Promise<number> {
    let asked = 0;
    for (const hook of book.hooks()) asked += await sweepHook(hook);
    return asked;
  }

  function sweep(): Promise<number> {
    sweeping ??= asSpender({ plugin: 'redelivery', repo: '', priority: 'report' }, sweepAll).finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  }

  function plan(ms: number): void {
    timer = setTimeout(() => void sweep().finally(() => plan(everyMs)), ms).unref();
  }

  return {
    note: book.note,
    sweep,
    start() {
      void sweep();
      plan(Math.min(SECOND_SWEEP_MS, everyMs));
    },
    stop: () => clearTimeout(timer),
  };
}

/** Sweeps one webhook; what goes wrong is logged, and tried again with the next sweep. */
function createSweeper({ github, isKnown, log, registry }: RedeliveryOptions, book: HookBook) {
  const asks = new Map<string, number>();
  const notBefore = new Map<string, number>();
  const registers = [registry];
  const counter = new Counter({
    name: 'cutwater_redeliveries_asked',
    help: 'Deliveries that GitHub was asked for again.',
    registers,
  });
  const gaps = new Counter({
    name: 'cutwater_redelivery_gaps',
    help: 'Times that GitHub may no longer hold all that was missed.',
    registers,
  });

  async function ask(octokit: Octokit, hook: KnownHook, { id, guid }: DeliveryAttempt): Promise<void> {
    asks.set(guid, (asks.get(guid) ?? 0) + 1);
    await octokit.request(`POST ${hook.path}/deliveries/${id}/attempts`);
    counter.inc();
    log.info({ hook: hook.path, 'event-GUID': guid }, 'Asked GitHub for a delivery that had failed');
  }

  async function wanted(failed: DeliveryAttempt[]): Promise<DeliveryAttempt[]> {
    const open = failed.filter(({ guid }) => (asks.get(guid) ?? 0) < MOST_ASKS);
    const known = await Promise.all(open.map(({ guid }) => isKnown(guid)));
    return open.filter((_attempt, index) => !known[index]);
  }

  async function sweepHook(hook: KnownHook): Promise<number> {
    const began = Date.now();
    const octokit = await (hook.owner ? github.forOrg(hook.owner) : github.asApp());
    const { attempts, complete } = await listAttempts(octokit, hook, hook.sweptAt - OVERLAP_MS);
    if (!complete || began - hook.sweptAt > GITHUB_KEEPS_MS) {
      gaps.inc();
      log.warn(
        { hook: hook.path, since: new Date(hook.sweptAt) },
        'GitHub may have had more deliveries than it still lists',
      );
    }
    const missing = await wanted(failedDeliveries(attempts, began));
    const lanes = Map.groupBy(missing, ({ repository_id }) => repository_id ?? 0);
    await sideBySide([...lanes.values()], async (lane) => {
      for (const attempt of lane) await ask(octokit, hook, attempt);
    });
    book.swept(hook.path, began);
    return missing.length;
  }

  return async (hook: KnownHook): Promise<number> => {
    if ((notBefore.get(hook.path) ?? 0) > Date.now()) return 0;
    try {
      return await sweepHook(hook);
    } catch (error) {
      const forbidden = hasCode(error, 'forbidden') || hasCode(error, 'not-found');
      if (forbidden) notBefore.set(hook.path, Date.now() + FORBIDDEN_PAUSE_MS);
      log.warn({ hook: hook.path, err: error }, 'Cannot look through the deliveries of a webhook');
      return 0;
    }
  };
}

async function sideBySide<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

/** The attempts since a time, newest first, page by page; not `complete` where there were more pages than we read. */
async function listAttempts(
  octokit: Octokit,
  { path }: KnownHook,
  since: number,
): Promise<{ attempts: DeliveryAttempt[]; complete: boolean }> {
  const attempts: DeliveryAttempt[] = [];
  let pages = 0;
  for await (const { data } of octokit.paginate.iterator(`GET ${path}/deliveries`, { per_page: 100 })) {
    const page = data as DeliveryAttempt[];
    attempts.push(...page.filter(({ delivered_at }) => Date.parse(delivered_at) >= since));
    pages++;
    const last = page.at(-1);
    if (!last || Date.parse(last.delivered_at) < since) return { attempts, complete: true };
    if (pages === MOST_PAGES) return { attempts, complete: false };
  }
  return { attempts, complete: true };
}
