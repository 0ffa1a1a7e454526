import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest } from './api-request.ts';
import { createBudgets } from './budget.ts';
import { budgetReport, registerBudgetMetrics } from './budget-report.ts';
import { createLedger, type Ledger } from './ledger.ts';

const MINUTE = 60_000;
let now: number;
let ledger: Ledger;
beforeEach(() => {
  now = 1_800_000_000_000;
  ledger = createLedger(() => now);
});

function spend(plugin: string, count: number, free = false, parts: Partial<ApiRequest> = {}): void {
  const spender = { plugin, repo: 'acme/x', priority: 'label' };
  const request = { url: 'https://x/repos/acme/x', account: 'installation/5', spender, ...parts } as ApiRequest;
  for (let n = 0; n < count; n++) ledger.record(request, free);
}

describe('the ledger', () => {
  it('says who spent what within the hour, what was free apart', () => {
    spend('size', 2);
    spend('size', 3, true);
    spend('lgtm', 5);
    spend('lgtm', 1, false, { url: 'https://x/graphql' });
    expect(ledger.spent()).toEqual([
      { account: 'installation/5', resource: 'core', plugin: 'lgtm', repo: 'acme/x', counted: 5, free: 0 },
      { account: 'installation/5', resource: 'core', plugin: 'size', repo: 'acme/x', counted: 2, free: 3 },
      { account: 'installation/5', resource: 'graphql', plugin: 'lgtm', repo: 'acme/x', counted: 1, free: 0 },
    ]);
    now += 40 * MINUTE;
    spend('size', 1);
    expect(ledger.spent()[1]).toMatchObject({ plugin: 'size', counted: 3 });
    now += 40 * MINUTE;
    expect(ledger.spent()).toMatchObject([{ plugin: 'size', counted: 1 }]);
    now += 40 * MINUTE;
    expect(ledger.spent()).toEqual([]);
  });

  it('takes the pace from the last minutes', () => {
    now += 60 * MINUTE;
    spend('size', 100);
    now += 4 * MINUTE;
    expect(ledger.pace('installation/5', 'core')).toBeCloseTo(100 / 9, 1);
    expect(ledger.pace('installation/5', 'graphql')).toBe(0);
    expect(ledger.pace('token', 'core')).toBe(0);
  });

  it('does not take a short life for a fast one', () => {
    spend('size', 10);
    expect(ledger.pace('installation/5', 'core')).toBe(10);
  });

  it('stays small, however many repositories there are', () => {
    for (let n = 0; n < 6000; n++)
      spend('size', 1, false, { spender: { plugin: 'size', repo: `acme/r${n}`, priority: 'label' } });
    expect(ledger.spent()[0]).toMatchObject({ repo: '(others)', counted: 1000 });
    expect(ledger.spent()).toHaveLength(5001);
  });
});

describe('the report', () => {
  function answer(remaining: number): Response {
    const reset = Math.ceil((Date.now() + 30 * MINUTE) / 1000);
    return new Response('', {
      headers: {
        'x-ratelimit-resource': 'core',
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': `${remaining}`,
        'x-ratelimit-reset': `${reset}`,
      },
    });
  }

  it.each([
    [600, 50, 12],
    [600, 1, undefined],
  ])('with %i left and %i a minute tells when the budget runs out', async (remaining, perMinute, minutes) => {
    const budgets = createBudgets({ hourlyTokens: 0, burst: 0, publicLimits: false, concurrency: 9 });
    spend('size', perMinute);
    const request = { url: 'https://x/y', signal: new AbortController().signal, spender: { priority: 'merge' } };
    await budgets.of('installation/5').run(request as ApiRequest, async () => answer(remaining));
    const report = () => budgetReport(budgets, ledger, new Map([['installation/5', 'acme']]));
    const [account] = report().accounts;
    expect(account).toMatchObject({ account: 'installation/5', name: 'acme', waiting: 0 });
    const limit = account?.limits[0];
    expect(limit).toMatchObject({ resource: 'core', limit: 5000, remaining, perMinute });
    const left = limit?.runsOutAt && (limit.runsOutAt - Date.now()) / MINUTE;
    if (minutes === undefined) expect(left).toBeUndefined();
    else expect(left).toBeCloseTo(minutes, 1);

    const registry = new Registry();
    registerBudgetMetrics(registry, report);
    const text = await registry.metrics();
    expect(text).toContain(`cutwater_github_budget_remaining{account="installation/5",resource="core"} ${remaining}`);
    expect(text).toContain('cutwater_github_waiting{account="installation/5"} 0');
  });
});
