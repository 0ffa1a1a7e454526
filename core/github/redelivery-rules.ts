import type { Gap } from '../gaps/gap.ts';

/** One attempt of GitHub's to hand a webhook over, as its deliveries API lists it. */
export interface DeliveryAttempt {
  id: number;
  guid: string;
  /** RFC 3339. */
  delivered_at: string;
  /** `OK`, or what went wrong. */
  status: string;
  status_code: number;
  repository_id: number | null;
}

/** An attempt may be under way for ten seconds, and is listed without a status code meanwhile. */
const UNDER_WAY_MS = 15_000;

type Fate = 'arrived' | 'under way' | 'failed';

/** A tunnel takes everything, whether or not somebody is at its other end: then the inbox alone says what arrived. */
function fateOf({ status, status_code, delivered_at }: DeliveryAttempt, now: number, tunnel: boolean): Fate {
  const young = now - Date.parse(delivered_at) < UNDER_WAY_MS;
  const accepted = status_code >= 200 && status_code < 300;
  if (accepted && tunnel) return young ? 'under way' : 'failed';
  if (accepted) return 'arrived';
  return status_code === 0 && (status === 'pending' || young) ? 'under way' : 'failed';
}

/** The last attempt of every delivery of which, as far as GitHub can tell, none arrived and none is under way, oldest first. */
export function failedDeliveries(attempts: readonly DeliveryAttempt[], now: number, tunnel = false): DeliveryAttempt[] {
  const byGuid = Map.groupBy(attempts, ({ guid }) => guid);
  const failed: DeliveryAttempt[] = [];
  for (const tries of byGuid.values()) {
    if (tries.some((attempt) => fateOf(attempt, now, tunnel) !== 'failed')) continue;
    const [first, ...others] = tries;
    if (first) failed.push(others.reduce((last, attempt) => (attempt.id > last.id ? attempt : last), first));
  }
  return failed.sort((a, b) => a.id - b.id);
}

export function isUnderWay(attempts: readonly DeliveryAttempt[], now: number, tunnel = false): boolean {
  return attempts.some((attempt) => fateOf(attempt, now, tunnel) === 'under way');
}

/** Two looks overlap by this much: what was under way in the last one may have failed since. */
export const OVERLAP_MS = 120_000;
/** GitHub keeps deliveries for three days. */
export const GITHUB_KEEPS_MS = 3 * 24 * 3_600_000;

export interface Look {
  /** When the deliveries were listed. Milliseconds since 1970, like the others. */
  began: number;
  /** From when on GitHub was asked for them. */
  since: number;
  /** The oldest that was listed, where there were more pages than we read. */
  cutAt?: number | undefined;
}

/** The time of which a look cannot say that nothing is missing, and why. */
export function gapIn({ began, since, cutAt }: Look): Omit<Gap, 'hook'> | undefined {
  if (cutAt !== undefined) return { since, until: cutAt, why: 'there were more deliveries than are looked through' };
  const keptSince = began - GITHUB_KEEPS_MS;
  if (since >= keptSince) return undefined;
  return { since, until: keptSince + OVERLAP_MS, why: 'GitHub keeps deliveries for three days, and this was before' };
}

/** Deliveries that were asked for in vain, as a gap in each of their repositories. */
export function vainIn(attempts: readonly DeliveryAttempt[], now: number): Omit<Gap, 'hook'>[] {
  const byRepository = Map.groupBy(attempts, ({ repository_id }) => repository_id ?? undefined);
  return [...byRepository].map(([repository, own]) => ({
    since: Math.min(...own.map(({ delivered_at }) => Date.parse(delivered_at))) - OVERLAP_MS,
    until: now,
    why: 'deliveries do not arrive, however often GitHub is asked for them',
    ...(repository !== undefined && { repository }),
  }));
}
