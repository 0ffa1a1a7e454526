import { describe, expect, it } from 'vitest';
import type { ApiRequest } from './api-request.ts';
import { type BudgetOptions, createBudgets } from './budget.ts';
import type { Priority } from './spender.ts';

const UNLIMITED: BudgetOptions = { hourlyTokens: 0, burst: 0, publicLimits: false, concurrency: 10 };

function request(priority: Priority, signal = new AbortController().signal): ApiRequest {
  const spender = { plugin: 'p', repo: 'r', priority };
  return {
    method: 'GET',
    url: 'https://x',
    headers: {},
    body: undefined,
    signal,
    account: 'a',
    spender,
    repeatable: true,
    writes: false,
    endpoint: 0,
  };
}

function rate(remaining: number, resetsInMs: number): Headers {
  const reset = String((Date.now() + resetsInMs) / 1000);
  return new Headers({
    'x-ratelimit-resource': 'core',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': reset,
  });
}

describe('the budget', () => {
  it('lets a burst through, as many at once as allowed', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    let now = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    await Promise.all(Array.from({ length: 50 }, () => budget.run(request('label'), task)));
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThan(5);
  });

  it('lets the more urgent go first where there is a queue', async () => {
    const budget = createBudgets({ ...UNLIMITED, concurrency: 2 }).of('a');
    const open = Promise.withResolvers<void>();
    const order: Priority[] = [];
    const blocked = Array.from({ length: 3 }, () => budget.run(request('label'), () => open.promise));
    const queued = (['fun', 'label', 'merge', 'report', 'trigger'] as const).map((priority) =>
      budget.run(request(priority), async () => void order.push(priority)),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    open.resolve();
    await Promise.all([...blocked, ...queued]);
    expect(order).toEqual(['merge', 'trigger', 'report', 'label', 'fun']);
  });

  it('sends nothing while GitHub wants to hear nothing', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    budget.pause(60);
    const until = Date.now() + 60;
    await budget.run(request('merge'), async () => expect(Date.now()).toBeGreaterThanOrEqual(until - 2));
  });

  it('keeps what is left for the urgent', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    budget.learn(rate(400, 100));
    const order: Priority[] = [];
    await Promise.all(
      (['fun', 'label', 'report', 'merge'] as const).map((priority) =>
        budget.run(request(priority), async () => void order.push(priority)),
      ),
    );
    expect(order.slice(0, 2).sort()).toEqual(['merge', 'report']);
    expect(order.slice(2).sort()).toEqual(['fun', 'label']);
  });

  it('gives up waiting with the caller', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    budget.pause(3_600_000);
    const caller = new AbortController();
    const waiting = budget.run(request('merge', caller.signal), async () => 'sent');
    caller.abort();
    await expect(waiting).rejects.toThrow();
  });

  it('spends no more than its burst, and an organisation its own', async () => {
    const budgets = createBudgets({ ...UNLIMITED, hourlyTokens: 3600, burst: 3 });
    budgets.limit('rich', 36_000, 10);
    const sent = { poor: 0, rich: 0 };
    for (let n = 0; n < 12; n++) {
      void budgets.of('poor').run(request('label'), async () => void sent.poor++);
      void budgets.of('rich').run(request('label'), async () => void sent.rich++);
    }
    await expect.poll(() => sent.rich).toBeGreaterThanOrEqual(10);
    expect(sent.poor).toBeLessThan(8);
  });
});
