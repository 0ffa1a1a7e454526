import type { Commit } from '../ports/index.ts';
import { plainText } from './quiet.ts';

/** Commits as a Markdown list with links (Prow: pkg/plugins/dco, MarkdownSHAList). */
export function commitList(org: string, repo: string, commits: readonly Pick<Commit, 'sha' | 'message'>[]): string {
  const lines = commits.map(
    ({ sha, message }) =>
      `- [${sha.slice(0, 7)}](https://github.com/${org}/${repo}/commits/${sha}) ${plainText(firstLine(message))}`,
  );
  return lines.join('\n');
}

/** The subject of a commit message. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
