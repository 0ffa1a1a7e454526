import { Gauge } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { Budgets } from './budget.ts';
import type { Ledger, Spent } from './ledger.ts';
import type { Resource } from './resource.ts';

/** One of GitHub's limits, for one account. Times are milliseconds since 1970. */
export interface LimitReport {
  resource: Resource;
  limit: number;
  remaining: number;
  resetAt: number;
  /** Requests a minute that count, lately. */
  perMinute: number;
  /** When nothing would be left at that pace; absent where the new hour comes first. */
  runsOutAt?: number;
}

export interface AccountReport {
  /** `token`, `app`, or `installation/5`. */
  account: string;
  /** The organisation or user of an installation. */
  name?: string;
  limits: LimitReport[];
  /** Requests that wait for their turn. */
  waiting: number;
  /** GitHub asked to hear nothing until then. */
  pausedUntil?: number;
}

/** What is left of GitHub's budget, who spends it, and until when it lasts. */
export interface BudgetReport {
  at: number;
  accounts: AccountReport[];
  /** The last hour, the greatest first. */
  spent: Spent[];
}

export function budgetReport(budgets: Budgets, ledger: Ledger, names: ReadonlyMap<string, string>): BudgetReport {
  const at = Date.now();
  const accounts = [...budgets.all()].map(([account, budget]): AccountReport => {
    const limits = [...budget.left()].map(([resource, left]) =>
      limitReport(at, resource, left, ledger.pace(account, resource)),
    );
    const { waiting, pausedUntil } = budget;
    const name = names.get(account);
    return { account, ...(name && { name }), limits, waiting, ...(pausedUntil > at && { pausedUntil }) };
  });
  return { at, accounts, spent: ledger.spent() };
}

function limitReport(
  at: number,
  resource: Resource,
  left: { limit: number; remaining: number; resetAt: number },
  perMinute: number,
): LimitReport {
  const runsOutAt = at + (left.remaining / perMinute) * 60_000;
  return { resource, ...left, perMinute, ...(runsOutAt < left.resetAt && { runsOutAt }) };
}

/** The same for /metrics, read when it is asked for. */
export function registerBudgetMetrics(registry: Metrics, report: () => BudgetReport): void {
  const registers = [registry];
  const labelNames = ['account', 'resource'] as const;
  const gauge = (name: string, help: string, value: (limit: LimitReport) => number): void =>
    void new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { account, limits } of report().accounts)
          for (const limit of limits) this.set({ account, resource: limit.resource }, value(limit));
      },
    });
  gauge('cutwater_github_budget_limit', 'Requests that GitHub allows in its hour.', ({ limit }) => limit);
  gauge('cutwater_github_budget_remaining', 'Requests that are left of it.', ({ remaining }) => remaining);
  gauge(
    'cutwater_github_budget_lasts_seconds',
    'For how long it lasts at the pace of the last minutes, and until the new hour at most.',
    ({ runsOutAt, resetAt }) => ((runsOutAt ?? resetAt) - Date.now()) / 1000,
  );
  void new Gauge({
    name: 'cutwater_github_waiting',
    help: 'Requests to GitHub that wait for their turn.',
    labelNames: ['account'],
    registers,
    collect() {
      this.reset();
      for (const { account, waiting } of report().accounts) this.set({ account }, waiting);
    },
  });
}
