import type { Args, CheckRun, CommitStatus } from '../../core/plugin/index.ts';

/** Names of contexts with blanks between; a name with blanks in it stands in double quotes. */
export const contextNames: Args<string[]> = {
  usage: '[context…]',
  parse: (text) => (text.match(/(?:"[^"]*"?|[^" ])+/g) ?? []).map((name) => withoutQuotes(name.trim())),
};

/** No pattern for the end, which would take quadratic time on a long row of quotes. */
function withoutQuotes(name: string): string {
  let end = name.length;
  while (name[end - 1] === '"') end--;
  return name.slice(0, end).replace(/^"+/, '');
}

const PREFIX = 'Overridden by';

/** What tide reads in a description to leave an override alone when the base branch moves. */
const SKIP_RETEST = '[prow:skip-retest]';

export function overrideDescription(user: string, sticky: boolean): string {
  return sticky ? `${PREFIX} ${user} ${SKIP_RETEST}` : `${PREFIX} ${user}`;
}

export function isOverride({ description }: CommitStatus): boolean {
  return description.includes(PREFIX);
}

/** A status that can be overridden, and the job that reports it. */
export interface Overridable {
  context: string;
  url: string;
  job?: string;
}

/**
 * The statuses that are not green, and those that are green by an override only, so that one can be made sticky; then what the branch waits
 * for and nobody reported yet.
 */
export function overridables(
  statuses: readonly CommitStatus[],
  required: readonly string[],
  jobOf: (context: string) => string | undefined,
): Overridable[] {
  const open = statuses.filter((status) => status.state !== 'success' || isOverride(status));
  const known = new Set(statuses.map(({ context }) => context));
  const missing = required.filter((context) => !known.has(context));
  return [...open, ...missing.map((context) => ({ context, url: '' }))].map(({ context, url }) => {
    const job = jobOf(context);
    return { context, url, ...(job !== undefined && { job }) };
  });
}

/** Names of check runs whose best result is a failure. */
export function failedCheckRuns(runs: readonly CheckRun[]): string[] {
  const byName = Map.groupBy(runs, ({ name }) => name);
  const failed = [...byName].filter(([name, results]) => name !== '' && !results.some(isFineOrRunning));
  return failed.map(([name]) => name);
}

function isFineOrRunning({ status, conclusion }: CheckRun): boolean {
  return status !== 'completed' || ['success', 'neutral'].includes(conclusion.toLowerCase());
}

/** What the person is told who names something else. */
export function unknownMessage(command: string, unknown: readonly string[], known: readonly string[]): string {
  return `${command} requires failed status contexts, check run or a prowjob name to operate on.
The following unknown contexts/checkruns were given:
${listed(unknown)}

Only the following failed contexts/checkruns were expected:
${listed(known)}

If you are trying to override a checkrun that has a space in it, you must put a double quote on the context.
`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => ` - \`${name}\``).join('\n');
}
