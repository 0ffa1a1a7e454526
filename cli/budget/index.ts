import { CutwaterError, messageOf } from '../../core/errors.ts';
import { choiceFlag, describeFlags, intFlag, parseFlags, stringFlag } from '../../core/flags.ts';
import type { BudgetReport } from '../../core/github/budget-report.ts';
import { write } from '../config/output.ts';
import { budgetTables } from './tables.ts';

const FLAGS = {
  url: stringFlag('the running program (http://127.0.0.1:8888)', 'URL'),
  limit: intFlag('how many of those who spend are listed, the greatest first (20)'),
  by: choiceFlag('what stands on one line', ['plugin', 'repo', 'both'], 'both'),
  format: choiceFlag('tables for people, or JSON for programs', ['table', 'json'], 'table'),
};

const USAGE = `usage: cutwater budget [FLAGS]

What is left of GitHub's budget for each token and installation, until when it lasts at the pace of the last minutes, and what each plugin and repository
spent within the last hour. Answers that had not changed since they were last asked for are free.
`;

/** `cutwater budget`: asks a running program. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values, rest } = parseFlags(FLAGS, argv);
  if (rest.length > 0) throw new CutwaterError('usage', 'budget takes flags alone');
  const report = await ask(values.url ?? 'http://127.0.0.1:8888');
  const text = values.format === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : budgetTables(report, values);
  await write(text);
  return 0;
}

async function ask(address: string): Promise<BudgetReport> {
  const url = URL.parse('/budget', address);
  if (!url) throw new CutwaterError('usage', `--url: ${address} is no address`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new CutwaterError('not-found', `it answered ${response.status}`);
    return (await response.json()) as BudgetReport;
  } catch (error) {
    throw new CutwaterError(
      'not-found',
      `cannot ask the program at ${address}: ${reasonOf(error)}; name it with --url`,
    );
  }
}

/** fetch hides what went wrong in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return messageOf(cause ?? error);
}
