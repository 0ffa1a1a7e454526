import { Counter } from 'prom-client';
import { hasCode } from '../errors.ts';
import type { Gap } from '../gaps/gap.ts';
import type { InboxStore } from '../inbox/store.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { GitHub } from './github.ts';
import type { HookBook, KnownHook } from './hook-book.ts';
import { createAsks } from './redelivery-asks.ts';
import { listAttempts } from './redelivery-list.ts';
import {
  type DeliveryAttempt,
  failedDeliveries,
  GITHUB_KEEPS_MS,
  gapIn,
  isUnderWay,
  OVERLAP_MS,
  vainIn,
} from './redelivery-rules.ts';

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

type TellGap = (hook: KnownHook, gap: Omit<Gap, 'hook'>) => Promise<void>;

/** Looks through the deliveries of one webhook; what goes wrong is logged, and tried again with the next sweep. */
export function createLook(options: LookOptions, book: HookBook): (hook: KnownHook) => Promise<number> {
  const { log } = options;
  const tell = gapTeller(options);
  const sweepHook = hookSweeper(options, book, tell);
  const notBefore = new Map<string, number>();

  /** GitHub does not show us this webhook's deliveries, so all that may have been is a gap. */
  async function withoutList(hook: KnownHook): Promise<void> {
    const now = Date.now();
    // Counted up to when we last looked: nothing is heard either while we are away.
    if (hook.sweptAt - hook.heardAt > FORGET_AFTER_MS) {
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

  return async (hook) => {
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

/** Notes a gap of what came to a webhook after we first heard of it. */
function gapTeller({ onGap, log, registry }: LookOptions): TellGap {
  const gaps = new Counter({
    name: 'cutwater_redelivery_gaps',
    help: 'Times that GitHub may no longer hold all that was missed.',
    registers: [registry],
  });
  return async (hook, gap) => {
    const whole = { ...gap, hook: hook.path, since: Math.max(gap.since, hook.firstAt) };
    if (whole.since >= whole.until) return;
    await onGap(whole);
    gaps.inc();
    log.warn(
      { ...whole, since: new Date(whole.since), until: new Date(whole.until) },
      'GitHub may no longer hold all that was missed; the repositories are looked through for it',
    );
  };
}

/** Asks for what failed since the last sweep, and tells what GitHub cannot bring back; says how many deliveries it asked for. */
function hookSweeper(options: LookOptions, book: HookBook, tell: TellGap): (hook: KnownHook) => Promise<number> {
  const { github, store } = options;
  const asks = createAsks(options);

  /** Those of the deliveries that failed which did not come on another way. */
  async function missingOf(failed: DeliveryAttempt[]): Promise<DeliveryAttempt[]> {
    const known = await Promise.all(failed.map(({ guid }) => store.has(guid)));
    return failed.filter((_attempt, index) => !known[index]);
  }

  /** Tells of a gap in each repository with deliveries that do not arrive. */
  async function giveUp(hook: KnownHook, lost: DeliveryAttempt[], all: DeliveryAttempt[], now: number): Promise<void> {
    const guids = new Set(lost.map(({ guid }) => guid));
    const attempts = all.filter(({ guid }) => guids.has(guid));
    for (const gap of vainIn(attempts, now)) await tell(hook, gap);
    for (const attempt of lost) asks.givenUp(attempt);
  }

  return async (hook) => {
    const since = Math.min(hook.sweptAt, Date.now()) - OVERLAP_MS;
    const octokit = await (hook.owner ? github.forOrg(hook.owner) : github.asApp());
    const { attempts, cutAt, began } = await listAttempts(octokit, hook, since);
    // An inbox that is new knows nothing of what arrived in one before it: only what failed is asked for then.
    const tunnel = (options.tunnel ?? false) && hook.sweptAt > began - GITHUB_KEEPS_MS + 2 * OVERLAP_MS;
    const missing = await missingOf(failedDeliveries(attempts, began, tunnel));
    await giveUp(hook, missing.filter(asks.isVain), attempts, began);
    const wanted = missing.filter(asks.mayAsk);
    const refused = await asks.forAll(octokit, hook, wanted);
    await giveUp(hook, refused, attempts, began);
    const asked = wanted.filter((attempt) => !refused.includes(attempt));
    const gap = gapIn({ began, since, cutAt });
    // What GitHub still holds comes first: the next sweep begins at the same time, and finds it arrived.
    if (gap && (asked.length > 0 || isUnderWay(attempts, began, tunnel))) return asked.length;
    if (gap) await tell(hook, gap);
    // GitHub only promises to send what it is asked for, so the next sweep sees whether it came.
    await book.swept(hook, Math.min(began, ...asked.map(({ delivered_at }) => Date.parse(delivered_at))));
    return asked.length;
  };
}
