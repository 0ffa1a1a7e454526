import { ABOUT_THIS_BOT, type Commit, closesIssues, commitList, firstLine } from '../../core/plugin/index.ts';

const MARKER = '<!-- [prow:invalid-commit-message] -->';
/** What earlier versions of Prow wrote. */
const OLD_WORDS = [
  '**The list of commits with invalid commit messages**:',
  'not allowed in the title of a Pull Request',
];
const TEMPORARY = /^(?:fixup!|amend!|squash!)/;
const KEYWORDS = '[Keywords](https://help.github.com/articles/closing-issues-using-keywords)';

/** Whether a comment of the bot's is about commit messages. */
export function isNotice(body: string): boolean {
  return [MARKER, ...OLD_WORDS].some((words) => body.includes(words));
}

interface Change {
  org: string;
  repo: string;
  title: string;
  commits: readonly Commit[];
}

/** The comment about all that is wrong; undefined where nothing is (Prow: pkg/plugins/invalidcommitmsg). */
export function noticeFor(change: Change, checks: { keywords: boolean; fixups: boolean }): string | undefined {
  const { org, repo, title, commits } = change;
  const closing = checks.keywords ? commits.filter(({ message }) => closesIssues(message)) : [];
  const temporary = checks.fixups ? commits.filter(({ message }) => TEMPORARY.test(firstLine(message))) : [];
  const sections: string[] = [];
  if (closing.length > 0)
    sections.push(
      `### Invalid commit messages\n\n${KEYWORDS} which can automatically close issues and hashtag(#) mentions are not allowed.\n\n${commitList(org, repo, closing)}`,
    );
  if (temporary.length > 0)
    sections.push(
      `### Fixup/amend/squash commits\n\nTemporary commits like fixup!, amend!, or squash! are not allowed.\n\nUse [git rebase --autosquash](https://git-scm.com/docs/git-rebase#Documentation/git-rebase.txt---autosquash) to fix them.\n\n${commitList(org, repo, temporary)}`,
    );
  if (checks.keywords && closesIssues(title))
    sections.push(
      `### Invalid PR title\n\n${KEYWORDS} are not allowed in PR titles.\n\nUse \`/retitle <new-title>\` to fix it.`,
    );
  if (sections.length === 0) return undefined;
  return `${MARKER}\n\nInvalid commit message issues detected\n\n${sections.join('\n\n')}\n\n${ABOUT_THIS_BOT}`;
}
