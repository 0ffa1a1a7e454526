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

function fateOf({ status, status_code, delivered_at }: DeliveryAttempt, now: number): Fate {
  if (status_code >= 200 && status_code < 300) return 'arrived';
  const young = now - Date.parse(delivered_at) < UNDER_WAY_MS;
  return status_code === 0 && (status === 'pending' || young) ? 'under way' : 'failed';
}

/** The last attempt of every delivery of which none arrived and none is under way, oldest first. */
export function failedDeliveries(attempts: readonly DeliveryAttempt[], now: number): DeliveryAttempt[] {
  const byGuid = Map.groupBy(attempts, ({ guid }) => guid);
  const failed: DeliveryAttempt[] = [];
  for (const tries of byGuid.values()) {
    if (tries.some((attempt) => fateOf(attempt, now) !== 'failed')) continue;
    const [first, ...others] = tries;
    if (first) failed.push(others.reduce((last, attempt) => (attempt.id > last.id ? attempt : last), first));
  }
  return failed.sort((a, b) => a.id - b.id);
}
