import type { Commit } from '../ports/index.ts';
import { plainText } from './quiet.ts';

/** Two such lists fit into one comment, however many commits there are and whatever stands in them. */
const MOST_COMMITS = 80;
const LONGEST_SUBJECT = 120;

/** Commits as a Markdown list with links (Prow: pkg/plugins/dco, MarkdownSHAList). */
export function commitList(org: string, repo: string, commits: readonly Pick<Commit, 'sha' | 'message'>[]): string {
  const lines = commits
    .slice(0, MOST_COMMITS)
    .map(
      ({ sha, message }) =>
        `- [${sha.slice(0, 7)}](https://github.com/${org}/${repo}/commits/${sha}) ${subject(message)}`,
    );
  const left = commits.length - lines.length;
  return [...lines, ...(left > 0 ? [`- … and ${left} more`] : [])].join('\n');
}

function subject(message: string): string {
  const line = plainText(firstLine(message));
  return line.length <= LONGEST_SUBJECT ? line : `${line.slice(0, LONGEST_SUBJECT).toWellFormed()}…`;
}

/** The subject of a commit message. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
