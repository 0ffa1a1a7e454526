import { setTimeout as sleep } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import type { ApiRequest } from './api-request.ts';
import type { Priority } from './spender.ts';

/** What may be spent. Zero hourly tokens: as much as GitHub gives. */
export interface BudgetOptions {
  /** Prow's --github-hourly-tokens and --github-allowed-burst. */
  hourlyTokens: number;
  burst: number;
  /** Stay below github.com's limits of 900 points and 80 new things a minute; GitHub Enterprise Server has none. */
  publicLimits: boolean;
  /** Requests under way at once; GitHub allows 100. */
  concurrency: number;
}

/** bottleneck's order, 0 first, and the part of the hourly budget that is kept for those who are more urgent. */
const URGENCY: Record<Priority, { order: number; reserve: number }> = {
  merge: { order: 1, reserve: 0 },
  trigger: { order: 3, reserve: 0.02 },
  report: { order: 5, reserve: 0.05 },
  label: { order: 6, reserve: 0.1 },
  fun: { order: 8, reserve: 0.2 },
};

const AGAIN = Symbol('again');

/** One account's share of GitHub: a queue by urgency, GitHub's own limits, and what it said is left. */
interface Budget {
  run<T>(request: ApiRequest, task: () => Promise<T>): Promise<T>;
  /** Nothing is sent for so long. */
  pause(ms: number): void;
  /** Takes GitHub's figures from an answer. */
  learn(headers: Headers): void;
}

export interface Budgets {
  of(account: string): Budget;
  /** Sets an organisation's own limits; Prow's --github-throttle-org. */
  limit(account: string, hourlyTokens: number, burst: number): void;
}

export function createBudgets(options: BudgetOptions): Budgets {
  const budgets = new Map<string, Budget>();
  return {
    of(account) {
      const found = budgets.get(account) ?? createBudget(options);
      budgets.set(account, found);
      return found;
    },
    limit: (account, hourlyTokens, burst) =>
      void budgets.set(account, createBudget({ ...options, hourlyTokens, burst })),
  };
}

/** A bucket of tokens that refills evenly; bottleneck counts in quarters of a second. */
function bucket(size: number, perHour: number): Bottleneck {
  const interval = Math.ceil(3_600_000 / perHour / 250) * 250;
  return new Bottleneck({
    reservoir: size,
    reservoirIncreaseInterval: interval,
    reservoirIncreaseAmount: Math.max(1, Math.floor((perHour * interval) / 3_600_000)),
    reservoirIncreaseMaximum: size,
  });
}

type Gate = (request: ApiRequest, task: () => Promise<unknown>) => Promise<unknown>;

const orderOf = ({ spender }: ApiRequest): number => URGENCY[spender.priority].order;

/** Takes from a bucket what a request weighs. */
function spending(limiter: Bottleneck, weigh: (request: ApiRequest) => number): Gate {
  return (request, task) => {
    const weight = weigh(request);
    return weight === 0 ? task() : limiter.schedule({ priority: orderOf(request), weight }, task);
  };
}

/** Part of what may be under way at once goes straight through, as bottleneck takes 5 ms a request; the rest queues by urgency. */
function slots(concurrency: number): Gate {
  const direct = Math.ceil(concurrency * 0.6);
  const queue = new Bottleneck({ maxConcurrent: Math.max(1, concurrency - direct) });
  let active = 0;
  return async (request, task) => {
    if (active >= direct) return queue.schedule({ priority: orderOf(request) }, task);
    active++;
    try {
      return await task();
    } finally {
      active--;
    }
  };
}

function gatesOf({ hourlyTokens, burst, publicLimits, concurrency }: BudgetOptions): Gate[] {
  const gates = [slots(concurrency)];
  if (publicLimits) {
    gates.unshift(spending(bucket(80, 80 * 60), ({ writes, method }) => (writes && method === 'POST' ? 1 : 0)));
    gates.unshift(spending(bucket(900, 900 * 60), ({ writes }) => (writes ? 5 : 1)));
  }
  if (hourlyTokens > 0) gates.unshift(spending(bucket(burst, hourlyTokens), () => 1));
  return gates;
}

function createBudget(options: BudgetOptions): Budget {
  const gates = gatesOf(options);
  const known = { limit: 0, remaining: 0, reset: 0 };
  let pausedUntil = 0;

  /** Until when a request has to wait, in milliseconds since 1970; 0 for not at all. */
  function waitsUntil({ spender }: ApiRequest): number {
    const now = Date.now();
    if (pausedUntil > now) return pausedUntil;
    const short = known.reset > now && known.remaining < known.limit * URGENCY[spender.priority].reserve;
    return short ? known.reset : 0;
  }

  async function ready(request: ApiRequest): Promise<void> {
    for (let until = waitsUntil(request); until > 0; until = waitsUntil(request)) {
      await sleep(Math.max(1, until - Date.now()), undefined, { signal: request.signal });
    }
  }

  return {
    async run<T>(request: ApiRequest, task: () => Promise<T>): Promise<T> {
      for (;;) {
        await ready(request);
        const last = async (): Promise<unknown> => (waitsUntil(request) > 0 ? AGAIN : task());
        const nested = gates.reduceRight<() => Promise<unknown>>((inner, gate) => () => gate(request, inner), last);
        const result = await nested();
        if (result !== AGAIN) return result as T;
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, Date.now() + ms);
    },
    learn(headers) {
      if (headers.get('x-ratelimit-resource') !== 'core') return;
      known.limit = Number(headers.get('x-ratelimit-limit'));
      known.remaining = Number(headers.get('x-ratelimit-remaining'));
      known.reset = Number(headers.get('x-ratelimit-reset')) * 1000;
    },
  };
}
