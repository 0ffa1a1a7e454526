import type { AccountReport, BudgetReport, LimitReport } from '../../core/github/budget-report.ts';
import type { Spent } from '../../core/github/ledger.ts';
import { table } from '../config/output.ts';

export interface TableOptions {
  /** How many of those who spend (20). */
  limit: number | undefined;
  by: 'plugin' | 'repo' | 'both';
}

/** The report as two tables: what is left, and who spent it. */
export function budgetTables({ at, accounts, spent }: BudgetReport, { limit = 20, by }: TableOptions): string {
  const limits = accounts.flatMap((account) => rowsOf(at, account));
  if (limits.length === 0 && spent.length === 0) return 'nothing was asked of GitHub within the last hour\n';
  const left = table([['ACCOUNT', 'LIMIT', 'LEFT', 'OF', 'A MINUTE', 'NEW HOUR', 'LASTS', 'WAITING'], ...limits]);
  const lines = gathered(spent, by);
  const rows = lines.slice(0, limit).map((line) => spentRow(line, by));
  const rest = lines.length > limit ? `and ${lines.length - limit} more; --limit=N shows them\n` : '';
  return `${left}\nWithin the last hour:\n${table([spentHead(by), ...rows])}${rest}`;
}

function rowsOf(at: number, account: AccountReport): string[][] {
  const { limits, waiting, pausedUntil } = account;
  const name = account.name ?? account.account;
  const queue = pausedUntil ? `${waiting}, paused by GitHub for ${inMinutes(pausedUntil - at)}` : String(waiting);
  if (limits.length === 0) return [[name, '–', '–', '–', '–', '–', '–', queue]];
  return limits.map((limit) => [name, ...limitCells(at, limit), queue]);
}

function limitCells(at: number, { resource, remaining, limit, perMinute, resetAt, runsOutAt }: LimitReport): string[] {
  const lasts = runsOutAt ? `runs out in ${inMinutes(runsOutAt - at)}` : 'until the new hour';
  return [resource, `${remaining}`, `${limit}`, perMinute.toFixed(1), `in ${inMinutes(resetAt - at)}`, lasts];
}

function inMinutes(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

interface Line {
  plugin: string;
  repo: string;
  counted: number;
  free: number;
}

/** Added up over accounts and kinds of requests, and over what is not asked for. */
function gathered(spent: readonly Spent[], by: TableOptions['by']): Line[] {
  const lines = new Map<string, Line>();
  for (const { plugin, repo, counted, free } of spent) {
    const line = { plugin: by === 'repo' ? '' : plugin, repo: by === 'plugin' ? '' : repo };
    const before = lines.get(`${line.plugin} ${line.repo}`) ?? { ...line, counted: 0, free: 0 };
    lines.set(`${line.plugin} ${line.repo}`, {
      ...line,
      counted: before.counted + counted,
      free: before.free + free,
    });
  }
  return [...lines.values()].sort((a, b) => b.counted - a.counted || b.free - a.free);
}

function spentHead(by: TableOptions['by']): string[] {
  return [...(by === 'repo' ? [] : ['PLUGIN']), ...(by === 'plugin' ? [] : ['REPOSITORY']), 'REQUESTS', 'FREE'];
}

function spentRow({ plugin, repo, counted, free }: Line, by: TableOptions['by']): string[] {
  const who = by === 'repo' ? [] : [plugin || '(the program itself)'];
  const where = by === 'plugin' ? [] : [repo || '–'];
  return [...who, ...where, `${counted}`, `${free}`];
}
