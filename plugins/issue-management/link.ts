import { isTransient } from '../../core/plugin/index.ts';
import { formatIssueRef, type IssueRef, parseIssueRef, withFixes } from './fixes.ts';
import type { Context } from './needs.ts';

/** Each of them costs requests of GitHub. */
const MOST_ISSUES = 30;

/** Edits the `Fixes` line of a pull request's description (Prow: pkg/plugins/issue-management/link-issue.go). */
export async function linkIssues(add: readonly string[], remove: readonly string[], context: Context): Promise<void> {
  const { event, ports, reply } = context;
  if (!event.isPull) return reply('`/link-issue` and `/unlink-issue` can only be used on pull requests.');
  if (!(await ports.people.isMember(event.org, event.user)))
    return reply('You must be an org member to use this command.');
  if (add.length > MOST_ISSUES) return reply(`I link at most ${MOST_ISSUES} issues at once.`);
  const problems: string[] = [];
  const linked: string[] = [];
  for (const text of add) {
    const ref = parseIssueRef(text, event.org, event.repo);
    const problem = ref ? await problemWith(ref, context) : badFormat(text);
    if (problem !== undefined) problems.push(problem);
    else if (ref) linked.push(formatIssueRef(ref, event.org, event.repo));
  }
  // What cannot be read as an issue may still stand on the line, and can be taken from it.
  const unlinked = remove.map((text) => {
    const ref = parseIssueRef(text, event.org, event.repo);
    return ref ? formatIssueRef(ref, event.org, event.repo) : text;
  });
  const done = linked.length + unlinked.length > 0 ? await edit(linked, unlinked, context) : '';
  await reply(answer(done, problems));
}

async function edit(add: string[], remove: string[], { ports }: Context): Promise<string> {
  const { body } = await ports.pull.get();
  const changed = withFixes(body, add, remove);
  if (changed === body) return 'The PR body is already up-to-date. No changes were made.';
  await ports.issue.edit({ body: changed });
  return 'Updated the `Fixes` line in the pull request body.';
}

function badFormat(text: string): string {
  return `Invalid format for issue **${text}**. Supported formats are **issue-number** (e.g., \`123\`) and **organization/repository#issue-number** (e.g., \`kubernetes/test-infra#456\`)`;
}

async function problemWith(ref: IssueRef, { event, at }: Context): Promise<string | undefined> {
  const place = `${ref.org}/${ref.repo}`;
  const there = at(ref);
  if (place !== `${event.org}/${event.repo}` && !(await found(there.repo.get())))
    return `Repository **${place}** does not exist.`;
  const issue = await found(there.issue.get());
  if (!issue) return `Issue **#${ref.number}** in repository **${place}** does not exist.`;
  return issue.isPull ? `Skipped issue #${ref.number} of **${place}** as it is a ***pull request***.` : undefined;
}

/** What GitHub has; undefined where it has nothing, or nothing that we may see. */
export async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isTransient(error)) throw error;
    return undefined;
  }
}

function answer(done: string, problems: string[]): string {
  if (problems.length === 0) return done;
  const however = done === '' ? '' : '\n\nHowever, ';
  const list = problems.map((problem) => `* ${problem}\n`).join('');
  return `${done}${however}there are one or more errors with issue references provided. Please cross check and retry.\n${list}`;
}
