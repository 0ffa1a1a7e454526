import { formatResponseTo } from '../../core/plugin/index.ts';
import type { Request } from './requests.ts';

// What is written on GitHub, in Prow's words (Prow: cmd/external-plugins/cherrypicker/server.go and lib/lib.go).

/** An answer to who asked: in a comment, or by a label. */
export function answer({ asked, requester }: Pick<Request, 'asked' | 'requester'>, message: string): string {
  if (!asked) return `In response to a cherrypick label: ${message}`;
  return formatResponseTo(asked.body, asked.url, requester, message);
}

export function notMember(org: string, login: string): string {
  return `only [${org}](https://github.com/orgs/${org}/people) org members may request cherry picks. If you are already part of the org, make sure to [change](https://github.com/orgs/${org}/people?query=${login}) your membership to public. Otherwise you can still do the cherry-pick manually. `;
}

export function ownBase(base: string): string {
  return `I cannot cherry-pick the present PR on top of its base branch (\`${base}\`).`;
}

export function sameBranch(base: string, target: string): string {
  return `base branch (${base}) needs to differ from target branch (${target})`;
}

/** What happens at the merge. */
export function promise(targets: readonly string[], alsoBase: string | undefined): string {
  const named = targets.map((target) => `\`${target}\``).join(', ');
  const where = targets.length === 1 ? 'a new PR and assign it' : 'new PRs and assign them';
  const refused = alsoBase
    ? ` I cannot cherry-pick it on top of \`${alsoBase}\` because that is already its base branch.`
    : '';
  return `once the present PR merges, I will cherry-pick it on top of ${named} in ${where} to you.${refused}`;
}

export function titleFor(title: string, target: string, base: string): string {
  return `[${target}] ${title.replace(`[${base}] `, () => '')}`;
}

const RELEASE_NOTE = /(?:Release note\*\*:\s*(?:<!--[^<>]*-->\s*)?```(?:release-note)?|```release-note)(.+?)```/s;

/** The release note of a description, as the new description holds it. */
function releaseNoteOf(body: string): string {
  const note = RELEASE_NOTE.exec(body)?.[1];
  return note === undefined ? '' : `\`\`\`release-note\n${note.trim()}\n\`\`\``;
}

/** What follows `kind/` in labels, for the `/kind` commands that bring them back. */
function kindsOf(labels: readonly string[]): string[] {
  const kinds = labels.filter((label) => label.startsWith('kind/')).map((label) => label.slice('kind/'.length));
  return [...new Set(kinds)].filter((kind) => kind !== '').sort();
}

export interface Original {
  number: number;
  body: string;
  labels: readonly string[];
}

/** The description of the new pull request; `assignee` is empty where nobody is to be assigned. */
export function bodyFor({ number, body, labels }: Original, assignee: string, chain: readonly string[]): string {
  const parts = [
    `This is an automated cherry-pick of #${number}`,
    assignee && `/assign ${assignee}`,
    releaseNoteOf(body),
    chain.length > 0 && `/cherrypick ${chain.join(' ')}`,
    kindsOf(labels)
      .map((kind) => `/kind ${kind}`)
      .join('\n'),
  ];
  return parts.filter(Boolean).join('\n\n');
}

export interface Conflict {
  commit: string;
  subject: string;
  paths: readonly string[];
}

const MOST_PATHS = 50;
const LONGEST_WORDS = 300;

/** On one line and not too long, whatever a stranger has put there. */
function plain(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST_WORDS)).slice(1, -1);
}

/** What did not apply, as git would say it. */
export function conflict(number: number, target: string, { commit, subject, paths }: Conflict): string {
  const shown = paths.slice(0, MOST_PATHS).map((path) => `CONFLICT: Merge conflict in ${plain(path)}`);
  const more = paths.length > MOST_PATHS ? [`… and in ${paths.length - MOST_PATHS} more files`] : [];
  const output = [
    `Applying: ${plain(subject)}`,
    ...shown,
    ...more,
    `error: Failed to merge in the changes of ${commit}.`,
  ];
  // Nothing in a commit may end the block.
  const text = output.join('\n').replaceAll('```', "'''");
  return `#${number} failed to apply on top of branch ${JSON.stringify(target)}:\n\`\`\`\n${text}\n\`\`\``;
}

/** How a person does what could not be done here. */
export function byHand(number: number, target: string, commits: readonly string[]): string {
  const branch = branchFor(number, target);
  const picked = commits.length > 10 ? '<commits>' : commits.join(' ');
  const steps = [
    `git fetch origin ${quoted(`refs/heads/${target}`)} refs/pull/${number}/head`,
    `git checkout -b ${quoted(branch)} ${quoted(`origin/${target}`)}`,
    `git cherry-pick -x ${picked}`,
  ];
  return `To cherry-pick it by hand, resolve the conflicts after these commands, push the branch and open a pull request against \`${target}\`:\n\`\`\`sh\n${steps.join('\n')}\n\`\`\``;
}

/** As a shell takes it for one word: people copy these lines. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function branchFor(number: number, target: string): string {
  return `cherry-pick-${number}-to-${target}`;
}
