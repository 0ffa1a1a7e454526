import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiRequest } from './api-request.ts';
import { AGAIN, type BudgetOptions, gatesOf, type Task } from './gates.ts';
import { createPurse, type Left } from './purse.ts';
import type { Resource } from './resource.ts';

/** Timers end at once where they are set for more than 24 days, which is what a wrong clock somewhere can make of an hour. */
const LONGEST_SLEEP_MS = 60_000;

/** One account's share of GitHub: a queue by urgency, GitHub's own limits, and what it said is left. */
export interface Budget {
  run(request: ApiRequest, task: () => Promise<Response>): Promise<Response>;
  /** Nothing is sent for so long. */
  pause(ms: number): void;
  /** As GitHub's last answers tell it; limits whose hour is over are left out. */
  left(): Map<Resource, Left>;
  /** Requests that wait for their turn or for a new hour. */
  readonly waiting: number;
  /** Until when nothing is sent, in milliseconds since 1970; in the past where nothing keeps it. */
  readonly pausedUntil: number;
}

export interface Budgets {
  of(account: string): Budget;
  /** Sets an organisation's own limits; Prow's --github-throttle-org. */
  limit(account: string, hourlyTokens: number, burst: number): void;
  all(): ReadonlyMap<string, Budget>;
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
    all: () => budgets,
  };
}

function createBudget(options: BudgetOptions): Budget {
  const gates = gatesOf(options);
  const purse = createPurse();
  let pausedUntil = 0;
  let waiting = 0;

  /** Until when a request has to wait, in milliseconds since 1970; 0 for not at all. */
  function waitsUntil(request: ApiRequest): number {
    const now = Date.now();
    return pausedUntil > now ? pausedUntil : purse.waitsUntil(request, now);
  }

  async function ready(request: ApiRequest): Promise<void> {
    for (let until = waitsUntil(request); until > 0; until = waitsUntil(request)) {
      await sleep(Math.min(Math.max(1, until - Date.now()), LONGEST_SLEEP_MS), undefined, { signal: request.signal });
    }
  }

  async function turn(request: ApiRequest, task: () => Promise<Response>): Promise<Response> {
    const last: Task = async () => {
      waiting--;
      try {
        request.signal.throwIfAborted();
        return waitsUntil(request) > 0 ? AGAIN : await purse.spend(request, task);
      } finally {
        waiting++;
      }
    };
    for (;;) {
      await ready(request);
      const result = await gates.reduceRight<Task>((inner, gate) => () => gate(request, inner), last)();
      if (result !== AGAIN) return result;
    }
  }

  return {
    async run(request, task) {
      waiting++;
      try {
        return await givingUp(request.signal, turn(request, task));
      } finally {
        waiting--;
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, Date.now() + ms);
    },
    left: purse.left,
    get waiting() {
      return waiting;
    },
    get pausedUntil() {
      return pausedUntil;
    },
  };
}

/** Rejects as soon as the caller gives up; its turn in the queue comes to nothing then. */
function givingUp<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
