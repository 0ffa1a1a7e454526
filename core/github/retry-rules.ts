import { ConnectionError } from './endpoints.ts';
import { ownTime, resetOf } from './purse.ts';

export interface RetryOptions {
  /** Prow's --github-client.max-retries (8). */
  maxRetries: number;
  /** Prow's --github-client.max-404-retries (2): right after its webhook GitHub may not know a new pull request yet. */
  max404Retries: number;
  /** Prow's --github-client.initial-delay, in milliseconds, doubled every time. */
  initialDelayMs: number;
  /** Prow's --github-client.backoff-timeout: the longest wait that GitHub may ask for. */
  maxWaitMs: number;
  /** How many endpoints there are to turn to, at once, where one cannot be reached. */
  endpoints: number;
}

/** What was tried, how often, and how it went. */
export interface Attempt {
  method: string;
  path: string;
  repeatable: boolean;
  /** 1 for the first. */
  count: number;
  outcome: { status: number; headers: Headers; text: string } | { error: unknown };
}

/**
 * Whether to send a request again, after `wait` milliseconds. `limited`: GitHub wants to hear nothing from the whole account so long (its secondary limits),
 * or nothing more from this hour of REST, search or GraphQL, which the budget minds by itself.
 */
export type Verdict =
  | { again: false }
  | { again: true; wait: number; otherEndpoint?: boolean }
  | { again: boolean; wait: number; limited: 'account' | 'resource' };

const GIVE_UP: Verdict = { again: false };
/** GitHub asks for a minute at least where it names no time, and for more each time that it has to say so again. */
const SECONDARY_WAIT_MS = 60_000;

/**
 * Prow doubles up to a minute. GitHub fails for seconds far more often than for minutes, somebody waits for an answer to a comment, and what gives up here is
 * tried again from its beginning.
 */
const LONGEST_PAUSE_MS = 5_000;

/** Prow: pkg/github/client.go, requestRetry; unlike there a write that may have had its effect is not sent again. */
export function judge(attempt: Attempt, options: RetryOptions, now: number): Verdict {
  const { count, outcome, repeatable } = attempt;
  const wait = Math.min(options.initialDelayMs * 2 ** (count - 1), Math.max(options.initialDelayMs, LONGEST_PAUSE_MS));
  if (count > options.maxRetries) return GIVE_UP;
  if ('error' in outcome) {
    const { error } = outcome;
    if (!(error instanceof ConnectionError) || !(repeatable || error.neverSent)) return GIVE_UP;
    return { again: true, wait: count < options.endpoints ? 0 : wait, otherEndpoint: true };
  }
  const limited = limitedFor(outcome, now, count);
  if (limited) return { again: limited.wait <= options.maxWaitMs, ...limited };
  if (outcome.status >= 500) return repeatable ? { again: true, wait } : GIVE_UP;
  if (outcome.status === 404 && count <= options.max404Retries && mayBeNew(attempt)) return { again: true, wait };
  return GIVE_UP;
}

/** A pull request, issue, commit or what belongs to one: the things that webhooks tell us about. */
function mayBeNew({ method, path }: Attempt): boolean {
  return method === 'GET' && /\/repos\/[^/]+\/[^/]+\/(pulls|issues)\/\d+$/.test(path);
}

/** For how many milliseconds GitHub wants to hear nothing, or `undefined` where the answer is about something else. */
function limitedFor(
  { status, headers, text }: { status: number; headers: Headers; text: string },
  now: number,
  count: number,
): { wait: number; limited: 'account' | 'resource' } | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = retryAfter(headers, now);
  if (after !== undefined) return { wait: after, limited: 'account' };
  if (headers.get('x-ratelimit-remaining') === '0') {
    const wait = Math.max(0, resetOf(headers, now) - now) + 1000;
    return { wait, limited: 'resource' };
  }
  const secondary = status === 429 || /secondary rate limit|abuse detection/i.test(text);
  return secondary ? { wait: SECONDARY_WAIT_MS * 2 ** (count - 1), limited: 'account' } : undefined;
}

/** Milliseconds to wait: GitHub says seconds, a proxy before it may say a date, by its own clock. What is neither says nothing. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after');
  if (!text) return undefined;
  const wait = Number.isNaN(Number(text)) ? ownTime(Date.parse(text), headers, now) - now : Number(text) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
