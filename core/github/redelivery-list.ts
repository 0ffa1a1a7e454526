import type { KnownHook } from './hook-book.ts';
import type { Octokit } from './octokit.ts';
import type { DeliveryAttempt } from './redelivery-rules.ts';

const MOST_PAGES = 100;

/** What GitHub shows of the deliveries of a webhook. */
interface Listed {
  attempts: DeliveryAttempt[];
  /** The time of the oldest, where there were more pages than we read. */
  cutAt?: number | undefined;
  /** When they were listed, by GitHub's clock: ours may be wrong. Milliseconds since 1970, like all times here. */
  began: number;
}

/** The attempts since a time, newest first, page by page. */
export async function listAttempts(octokit: Octokit, { path }: KnownHook, since: number): Promise<Listed> {
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
