import { expect, test } from 'vitest';
import { botComments, comment, commit, happen, type World } from '../../core/plugin/testing/index.ts';
import { invalidcommitmsg } from './index.ts';

const LABEL = 'do-not-merge/invalid-commit-message';
const MARKER = '<!-- [prow:invalid-commit-message] -->';
const LIST =
  '### Invalid commit messages\n\n[Keywords](https://help.github.com/articles/closing-issues-using-keywords) which can automatically close issues and hashtag(#) mentions are not allowed.\n\n';
const FIXUPS =
  '### Fixup/amend/squash commits\n\nTemporary commits like fixup!, amend!, or squash! are not allowed.\n\nUse [git rebase --autosquash]';
const TITLE =
  '### Invalid PR title\n\n[Keywords](https://help.github.com/articles/closing-issues-using-keywords) are not allowed in PR titles.\n\nUse `/retitle <new-title>` to fix it.';
const off = (...names: string[]) => ({
  invalid_commit_msg: [{ repos: ['acme'], checks: names.map((name) => ({ name, disabled: true })) }],
});

interface Row {
  commits?: string[];
  title?: string;
  before?: boolean;
  says: string[];
  action?: string;
  settings?: Record<string, unknown>;
  comments?: World['comments'];
}

const happens = ({ commits = [], title = 'A change', before, action = 'opened', settings = {}, comments = [] }: Row) =>
  happen(invalidcommitmsg, 'pull_request', action, {
    world: {
      title,
      labels: before ? [LABEL] : [],
      commits: commits.map((message, index) => commit(message, { sha: `sha${index}abcdefgh` })),
      comments,
    },
    settings,
  });

test.each<Row>([
  { commits: ['a good message', 'mentions #5 only'], says: [] },
  {
    commits: ['this is a commit message\n\nfixes #12'],
    says: [LIST, '[sha0abc](https://github.com/acme/widgets/commits/sha0abcdefgh) this is'],
  },
  { commits: ['ok', 'Closes: k/k#12'], says: [LIST, '- [sha1abc]'] },
  { commits: ['resolve   #1', 'FIXED #2'], says: ['- [sha0abc]', '- [sha1abc]'] },
  { commits: ['prefix #1', 'fix#1', 'fixing #1'], says: ['- [sha0abc]'] },
  { commits: ['fixup! x'], says: [FIXUPS, '- [sha0abc]'] },
  { commits: ['amend! x', 'squash! y'], says: [FIXUPS, '[sha0abc]', '[sha1abc]'] },
  { commits: ['x\n\nfixup! y', 'a fixup! b', 'Fixup! c'], says: [] },
  { title: 'fixes #9', says: [TITLE] },
  { commits: ['fixup! closes #3'], title: 'close #4', says: [LIST, FIXUPS, TITLE] },
  { commits: ['fixup! closes #3'], title: 'close #4', settings: off('fixupPrefix'), says: [LIST, TITLE] },
  { commits: ['fixup! closes #3'], title: 'close #4', settings: off('issueClosingKeywords'), says: [FIXUPS] },
  { commits: ['fixup! closes #3'], title: 'close #4', settings: off('issueClosingKeywords', 'fixupPrefix'), says: [] },
  { commits: ['fixes #1'], before: true, says: [LIST] },
  { commits: ['fine'], before: true, says: [] },
  { commits: ['fixes #1'], action: 'edited', says: [LIST] },
])('$commits in "$title" ($action) with $settings', async (row) => {
  const world = await happens(row);
  expect(world.labels).toEqual(row.says.length > 0 ? [LABEL] : []);
  const comments = botComments(world);
  expect(comments).toHaveLength(row.says.length > 0 ? 1 : 0);
  for (const part of row.says) expect(comments[0]).toContain(part);
  if (comments[0])
    expect(comments[0].startsWith(`${MARKER}\n\nInvalid commit message issues detected\n\n###`)).toBe(true);
});

test('the comment is replaced when it says something else, and goes when nothing is wrong', async () => {
  const first = await happens({ commits: ['fixes #1'], says: [] });
  const same = await happens({ commits: ['fixes #1'], before: true, comments: first.comments, says: [] });
  expect(same.comments).toEqual(first.comments);
  const old = comment('ci-robot', '**The list of commits with invalid commit messages**:\n\n- x');
  const other = await happens({ title: 'fixes #1', before: true, comments: [...first.comments, old], says: [] });
  expect(botComments(other)).toHaveLength(1);
  expect(botComments(other)[0]).toContain(TITLE);
  const human = comment('bob', MARKER);
  const fine = await happens({ before: true, comments: [...other.comments, human], says: [] });
  expect(fine.comments).toEqual([human]);
});

test('nothing else changes a message', async () => {
  expect((await happens({ commits: ['fixes #1'], action: 'labeled', says: [] })).calls).toEqual([]);
});
