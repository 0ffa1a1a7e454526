import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiRequest } from './api-request.ts';
import { type Budget, createBudgets } from './budget.ts';
import type { BudgetOptions } from './gates.ts';
import type { Priority } from './spender.ts';

const UNLIMITED: BudgetOptions = { hourlyTokens: 0, burst: 0, publicLimits: false, concurrency: 10 };
const PUBLIC = { ...UNLIMITED, publicLimits: true, concurrency: 5000 };

function request(priority: Priority, parts: Partial<ApiRequest> = {}): ApiRequest {
  const spender = { plugin: 'p', repo: 'r', priority };
  const { signal } = new AbortController();
  return {
    method: 'GET',
    url: 'https://x/repos/o/r',
    headers: {},
    body: undefined,
    signal,
    account: 'a',
    spender,
    repeatable: true,
    writes: false,
    endpoint: 0,
    ...parts,
  };
}

function rate(remaining: number, resetsInMs: number, resource = 'core', limit = 5000): Response {
  const headers = {
    'x-ratelimit-resource': resource,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String((Date.now() + resetsInMs) / 1000),
  };
  return new Response('', { headers });
}

const ok = async (): Promise<Response> => new Response('');
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets the budget hear an answer of GitHub's. */
async function hear(budget: Budget, answer: Response, url = 'https://x/repos/o/r'): Promise<void> {
  await budget.run(request('merge', { url }), async () => answer);
}

describe('the budget', () => {
  it('lets a burst through, as many at once as allowed', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    let now = 0;
    let most = 0;
    const task = async (): Promise<Response> => {
      most = Math.max(most, ++now);
      await tick();
      now--;
      return ok();
    };
    await Promise.all(Array.from({ length: 50 }, () => budget.run(request('label'), task)));
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThan(5);
  });

  it('lets the more urgent go first where there is a queue', async () => {
    const budget = createBudgets({ ...UNLIMITED, concurrency: 2 }).of('a');
    const open = Promise.withResolvers<Response>();
    const order: Priority[] = [];
    const blocked = Array.from({ length: 3 }, () => budget.run(request('label'), () => open.promise));
    const queued = (['fun', 'label', 'merge', 'report', 'trigger'] as const).map((priority) =>
      budget.run(request(priority), async () => {
        order.push(priority);
        return ok();
      }),
    );
    await expect.poll(() => budget.waiting).toBe(5);
    open.resolve(new Response(''));
    await Promise.all([...blocked, ...queued]);
    expect(order).toEqual(['merge', 'trigger', 'report', 'label', 'fun']);
    expect(budget.waiting).toBe(0);
  });

  it('sends nothing while GitHub wants to hear nothing', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    budget.pause(60);
    const until = Date.now() + 60;
    await budget.run(request('merge'), async () => {
      expect(Date.now()).toBeGreaterThanOrEqual(until - 2);
      return ok();
    });
  });

  it('keeps what is left for the urgent', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    await hear(budget, rate(400, 100));
    const order: Priority[] = [];
    await Promise.all(
      (['fun', 'label', 'report', 'merge'] as const).map((priority) =>
        budget.run(request(priority), async () => {
          order.push(priority);
          return ok();
        }),
      ),
    );
    expect(order.slice(0, 2).sort()).toEqual(['merge', 'report']);
    expect(order.slice(2).sort()).toEqual(['fun', 'label']);
  });

  it('gives up waiting with the caller', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    budget.pause(3_600_000);
    const caller = new AbortController();
    const waiting = budget.run(request('merge', { signal: caller.signal }), ok);
    caller.abort();
    await expect(waiting).rejects.toThrow();
    expect(budget.waiting).toBe(0);
  });

  it('spends no more than its burst, and an organisation its own', async () => {
    const budgets = createBudgets({ ...UNLIMITED, hourlyTokens: 3600, burst: 3 });
    budgets.limit('rich', 36_000, 10);
    const sent = { poor: 0, rich: 0 };
    const spend = (who: 'poor' | 'rich') => async () => {
      sent[who]++;
      return ok();
    };
    for (let n = 0; n < 12; n++) {
      void budgets.of('poor').run(request('label'), spend('poor'));
      void budgets.of('rich').run(request('label'), spend('rich'));
    }
    await expect.poll(() => sent.rich).toBeGreaterThanOrEqual(10);
    expect(sent.poor).toBeLessThan(8);
  });

  it('gives the token back for an answer that has not changed', async () => {
    const budget = createBudgets({ ...UNLIMITED, hourlyTokens: 1, burst: 1 }).of('a');
    for (let n = 0; n < 5; n++) await budget.run(request('label'), async () => new Response(null, { status: 304 }));
    await budget.run(request('label'), ok);
    const stopped = new AbortController();
    const beyond = budget.run(request('label', { signal: stopped.signal }), ok);
    await tick();
    stopped.abort();
    await expect(beyond).rejects.toThrow();
  });
});

describe('GitHub’s hours', () => {
  const search = 'https://x/search/issues';
  const graphql = 'https://x/graphql';

  it('are kept apart: who may not search may still read', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    await hear(budget, rate(0, 3_600_000, 'search', 30), search);
    await budget.run(request('fun'), ok);
    const caller = new AbortController();
    const waiting = budget.run(request('merge', { url: search, signal: caller.signal }), ok);
    await tick();
    expect(budget.waiting).toBe(1);
    caller.abort();
    await expect(waiting).rejects.toThrow();
    expect([...budget.left().keys()]).toEqual(['search']);
  });

  it('hold GraphQL’s points too', async () => {
    const budget = createBudgets(UNLIMITED).of('a');
    await hear(budget, rate(50, 80, 'graphql'), graphql);
    const began = Date.now();
    await budget.run(request('trigger', { url: graphql }), ok);
    expect(Date.now() - began).toBeGreaterThanOrEqual(75);
  });

  it('are not overdrawn by those that are under way', async () => {
    const budget = createBudgets({ ...UNLIMITED, concurrency: 50 }).of('a');
    await hear(budget, rate(3, 3_600_000));
    const open = Promise.withResolvers<Response>();
    let sent = 0;
    const caller = new AbortController();
    const all = Array.from({ length: 10 }, () =>
      budget.run(request('merge', { signal: caller.signal }), () => {
        sent++;
        return open.promise;
      }),
    );
    await tick();
    expect(sent).toBe(3);
    open.resolve(rate(0, 3_600_000));
    caller.abort();
    await Promise.allSettled(all);
    expect(sent).toBe(3);
  });
});

describe('github.com’s minutes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const comment = {
    method: 'POST',
    url: 'https://x/repos/o/r/issues/5/comments',
    writes: true,
    repeatable: false,
  };
  const status = { ...comment, url: 'https://x/repos/o/r/statuses/abc' };
  const mutation = {
    ...comment,
    url: 'https://x/graphql',
    body: '{"query":"mutation{addComment(input:{}){clientMutationId}}"}',
  };
  const rows: [string, Partial<ApiRequest>, number, number][] = [
    ['reads are a point each', {}, 900, 1800],
    ['statuses are five points each, and no content', status, 180, 360],
    ['comments are 80 a minute', comment, 80, 160],
    ['comments by GraphQL as well', mutation, 80, 160],
    ['queries have points of their own', { method: 'POST', url: 'https://x/graphql' }, 2000, 4000],
  ];
  it.each(rows)('%s', async (_name, parts, first, second) => {
    const budget = createBudgets(PUBLIC).of('a');
    let sent = 0;
    for (let n = 0; n < second + 10; n++) {
      void budget.run(request('label', parts), async () => {
        sent++;
        return ok();
      });
    }
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sent).toBe(first);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sent).toBe(second);
  });

  it('end with 500 comments an hour', async () => {
    const budget = createBudgets(PUBLIC).of('a');
    let sent = 0;
    for (let n = 0; n < 700; n++) {
      void budget.run(request('label', comment), async () => {
        sent++;
        return ok();
      });
    }
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    expect(sent).toBe(500);
    await vi.advanceTimersByTimeAsync(40 * 60_000);
    expect(sent).toBe(700);
  });

  it('let a merge pass those that wait', async () => {
    const budget = createBudgets(PUBLIC).of('a');
    const order: string[] = [];
    const send = (name: Priority, parts: Partial<ApiRequest>) =>
      void budget.run(request(name, parts), async () => {
        order.push(name);
        return ok();
      });
    for (let n = 0; n < 180; n++) send('label', status);
    send('fun', status);
    send('merge', { ...status, method: 'PUT' });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(order).toHaveLength(180);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(order.slice(180)).toEqual(['merge', 'fun']);
  });
});
