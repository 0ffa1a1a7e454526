import { Counter } from 'prom-client';
import { hasCode } from '../errors.ts';
import type { Gap } from '../gaps/gap.ts';
import type { InboxStore } from '../inbox/store.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { GitHub } from './github.ts';
import type { HookBook, KnownHook } from './hook-book.ts';
import type { Octokit } from './octokit.ts';
import {
  type DeliveryAttempt,
  failedDeliveries,
  GITHUB_KEEPS_MS,
  gapIn,
  isUnderWay,
  OVERLAP_MS,
  vainIn,
} from './redelivery-rules.ts';

const MOST_PAGES = 100;
/** How often one delivery is asked for. */
const MOST_ASKS = 5;
/** How many repositories' deliveries are asked for side by side; those of one repository come one after the other. */
const SIDE_BY_SIDE = 8;
/** A webhook that we may not look at is tried again after this. */
const FORBIDDEN_PAUSE_MS = 3_600_000;
/** A webhook whose deliveries we may not see, and which has been silent for so long, is not there any more. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000;

export interface LookOptions {
  github: GitHub;
  store: Pick<InboxStore, 'has' | 'notes'>;
  /** Takes a gap that GitHub cannot close; resolves when that is on disk. */
  onGap(gap: Gap): Promise<unknown>;
  /** The App's webhooks come through a channel that keeps nothing. */
  tunnel?: boolean | undefined;
  log: Logger;
  registry: Metrics;
}

/** Looks through the deliveries of one webhook; what goes wrong is logged, and tried again with the next sweep. */
export function createLook(
  { github, store, onGap, log, registry, tunnel: tunnelled = false }: LookOptions,
  book: HookBook,
) {
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
  const asked = ({ guid }: DeliveryAttempt): number => asks.get(guid) ?? 0;

  async function ask(octokit: Octokit, hook: KnownHook, attempt: DeliveryAttempt): Promise<void> {
    asks.set(attempt.guid, asked(attempt) + 1);
    await octokit.request(`POST ${hook.path}/deliveries/${attempt.id}/attempts`);
    counter.inc();
    log.info({ hook: hook.path, 'event-GUID': attempt.guid }, 'Asked GitHub for a delivery that had failed');
  }

  /** Notes a gap of what came to this webhook after we first heard of it. */
  async function tell(hook: KnownHook, gap: Omit<Gap, 'hook'>): Promise<void> {
    const whole = { ...gap, hook: hook.path, since: Math.max(gap.since, hook.firstAt) };
    if (whole.since >= whole.until) return;
    await onGap(whole);
    gaps.inc();
    log.warn(
      { ...whole, since: new Date(whole.since), until: new Date(whole.until) },
      'GitHub may no longer hold all that was missed; the repositories are looked through for it',
    );
  }

  /** Those of the deliveries that failed which did not come on another way. */
  async function missingOf(failed: DeliveryAttempt[]): Promise<DeliveryAttempt[]> {
    const known = await Promise.all(failed.map(({ guid }) => store.has(guid)));
    return failed.filter((_attempt, index) => !known[index]);
  }

  /** A gap in each repository with deliveries that do not arrive, however often they are asked for. */
  function vainGaps(missing: DeliveryAttempt[], attempts: DeliveryAttempt[], now: number): Omit<Gap, 'hook'>[] {
    const vain = new Set(missing.filter((attempt) => asked(attempt) === MOST_ASKS).map(({ guid }) => guid));
    for (const guid of vain) asks.set(guid, MOST_ASKS + 1);
    return vainIn(
      attempts.filter(({ guid }) => vain.has(guid)),
      now,
    );
  }

  async function sweepHook(hook: KnownHook): Promise<number> {
    const since = Math.min(hook.sweptAt, Date.now()) - OVERLAP_MS;
    const octokit = await (hook.owner ? github.forOrg(hook.owner) : github.asApp());
    const { attempts, cutAt, began } = await listAttempts(octokit, hook, since);
    // An inbox that is new knows nothing of what arrived in one before it: only what failed is asked for then.
    const tunnel = tunnelled && hook.sweptAt > began - GITHUB_KEEPS_MS + 2 * OVERLAP_MS;
    const missing = await missingOf(failedDeliveries(attempts, began, tunnel));
    const wanted = missing.filter((attempt) => asked(attempt) < MOST_ASKS);
    for (const gap of vainGaps(missing, attempts, began)) await tell(hook, gap);
    const lanes = Map.groupBy(wanted, ({ repository_id }) => repository_id ?? 0);
    await sideBySide([...lanes.values()], async (lane) => {
      for (const attempt of lane) await ask(octokit, hook, attempt);
    });
    const gap = gapIn({ began, since, cutAt });
    // What GitHub still holds comes first: the next sweep begins at the same time, and finds it arrived.
    if (gap && (wanted.length > 0 || isUnderWay(attempts, began, tunnel))) return wanted.length;
    if (gap) await tell(hook, gap);
    await book.swept(hook, began);
    return wanted.length;
  }

  /** GitHub does not show us this webhook's deliveries, so all that may have been is a gap. */
  async function withoutList(hook: KnownHook): Promise<void> {
    const now = Date.now();
    if (now - hook.heardAt > FORGET_AFTER_MS) {
      log.info({ hook: hook.path }, 'Forgetting a webhook that nothing comes from any more');
      return book.forget(hook);
    }
    await tell(hook, {
      since: hook.sweptAt - OVERLAP_MS,
      until: now,
      why: 'GitHub does not show the deliveries of this webhook',
    });
    await book.swept(hook, now);
    notBefore.set(hook.path, now + FORBIDDEN_PAUSE_MS);
  }

  return async (hook: KnownHook): Promise<number> => {
    if ((notBefore.get(hook.path) ?? 0) > Date.now()) return 0;
    try {
      return await sweepHook(hook).catch(async (error: unknown) => {
        if (!hasCode(error, 'forbidden') && !hasCode(error, 'not-found')) throw error;
        log.warn({ hook: hook.path, err: error }, 'GitHub does not show the deliveries of a webhook');
        await withoutList(hook);
        return 0;
      });
    } catch (error) {
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

interface Listed {
  attempts: DeliveryAttempt[];
  /** The time of the oldest, where there were more pages than we read. */
  cutAt?: number | undefined;
  /** When they were listed, by GitHub's clock: ours may be wrong. Milliseconds since 1970, like all times here. */
  began: number;
}

/** The attempts since a time, newest first, page by page. */
async function listAttempts(octokit: Octokit, { path }: KnownHook, since: number): Promise<Listed> {
  const attempts: DeliveryAttempt[] = [];
  let pages = 0;
  let began = Date.now();
  for await (const { data, headers } of octokit.paginate.iterator(`GET ${path}/deliveries`, { per_page: 100 })) {
    if (pages === 0) began = Date.parse(headers.date ?? '') || began;
    const page = data as DeliveryAttempt[];
    attempts.push(...page.filter(({ delivered_at }) => Date.parse(delivered_at) >= since));
    pages++;
    const last = page.at(-1);
    if (!last || Date.parse(last.delivered_at) < since) break;
    if (pages === MOST_PAGES) return { attempts, began, cutAt: Date.parse(last.delivered_at) };
  }
  return { attempts, began };
}
