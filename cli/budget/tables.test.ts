import { expect, it } from 'vitest';
import type { BudgetReport } from '../../core/github/budget-report.ts';
import { budgetTables } from './tables.ts';

const MINUTE = 60_000;
const at = 1_800_000_000_000;
const line = { account: 'installation/5', resource: 'core' as const };
const report: BudgetReport = {
  at,
  accounts: [
    {
      account: 'installation/5',
      name: 'acme',
      waiting: 3,
      limits: [
        {
          resource: 'core',
          limit: 5000,
          remaining: 600,
          resetAt: at + 30 * MINUTE,
          perMinute: 50,
          runsOutAt: at + 12 * MINUTE,
        },
        { resource: 'graphql', limit: 5000, remaining: 4990, resetAt: at + 30 * MINUTE, perMinute: 0.2 },
      ],
    },
    { account: 'app', waiting: 0, limits: [], pausedUntil: at + 30_000 },
  ],
  spent: [
    { ...line, plugin: 'trigger', repo: 'acme/x', counted: 200, free: 10 },
    { ...line, plugin: 'trigger', repo: 'acme/y', counted: 100, free: 0 },
    { ...line, plugin: '', repo: '', counted: 4, free: 0 },
  ],
};

it('shows what is left, until when, and who spent it', () => {
  expect(
    budgetTables(report, { limit: 2, by: 'both' }),
  ).toBe(`ACCOUNT  LIMIT    LEFT  OF    A MINUTE  NEW HOUR   LASTS               WAITING
acme     core     600   5000  50.0      in 30 min  runs out in 12 min  3
acme     graphql  4990  5000  0.2       in 30 min  until the new hour  3
app      –        –     –     –         –          –                   0, paused by GitHub for 30 s

Within the last hour:
PLUGIN   REPOSITORY  REQUESTS  FREE
trigger  acme/x      200       10
trigger  acme/y      100       0
and 1 more; --limit=N shows them
`);
});

it('adds up over repositories', () => {
  expect(budgetTables(report, { limit: undefined, by: 'plugin' })).toContain(`PLUGIN                REQUESTS  FREE
trigger               300       10
(the program itself)  4         0
`);
});

it('says that there is nothing', () => {
  expect(budgetTables({ at, accounts: [], spent: [] }, { limit: 1, by: 'both' })).toContain('nothing was asked');
});
