import { expect, test } from 'vitest';
import { botComments, file, happen } from '../../core/plugin/testing/index.ts';
import { approve } from './index.ts';
import { type Row, reviewed, said, stage, stale } from './testing.ts';

const SELF = { require_self_approval: false };
const ISSUE = { issue_required: true };
const REVIEWS = { ignore_review_state: false };
const NO_ISSUE =
  '*No associated issue*. Update pull-request body to add a reference to an issue, or get approval with `/approve no-issue`\n\n';

const rows: Row[] = [
  { name: 'the author approves by writing it', files: ['c/c.go'], options: SELF, approved: true },
  { name: 'the author does not', files: ['c/c.go'], approved: false, notice: ['META={"approvers":["cblecker"]}'] },
  {
    name: "more files than GitHub lists: the rest may be anybody's",
    files: Array.from({ length: 3000 }, (_, index) => `c/${index}.go`),
    options: SELF,
    approved: false,
    notice: ['- **[OWNERS]('],
  },
  { name: 'no files at all', files: [], options: SELF, approved: false },
  {
    name: 'an assignee is asked before others',
    files: ['c/c.go', 'e/e.go'],
    assignees: ['spxtr'],
    approved: false,
    notice: [
      'please ask for approval from [spxtr](https://github.com/spxtr) and additionally assign [cblecker](https://github.com/cblecker) for approval. For more',
    ],
  },
  {
    name: 'assignees are enough',
    files: ['e/e.go'],
    assignees: ['SPXTR'],
    approved: false,
    notice: ['please ask for approval from [spxtr](https://github.com/spxtr). For more'],
  },
  {
    name: 'no-issue',
    files: ['a/a.go'],
    comments: [said('Alice', 'stuff\n/approve no-issue \nmore stuff')],
    options: ISSUE,
    approved: true,
    notice: ['Associated issue requirement bypassed by: *<a href="" title="Approved">Alice</a>*\n\nThe full'],
  },
  {
    name: 'no-issue is not taken back by a plain approval',
    files: ['a/a.go'],
    comments: [said('Alice', '/approve no-issue\n/approve')],
    options: ISSUE,
    approved: true,
  },
  {
    name: 'no-issue of somebody who may approve nothing of it',
    files: ['a/a.go'],
    comments: [said('Alice', '/approve'), said('mallory', '/approve no-issue')],
    options: ISSUE,
    approved: false,
    notice: [NO_ISSUE],
  },
  {
    name: 'an issue in the description',
    files: ['a/a.go'],
    body: 'some changes that fix #42.\n/assign',
    comments: [said('Alice', '/approve')],
    options: ISSUE,
    approved: true,
    notice: ['Associated issue: *#42*\n\nThe full'],
  },
  {
    name: 'an issue of the organisation, by its address',
    files: ['a/a.go'],
    body: 'see https://github.com/org/other/issues/7',
    comments: [said('Alice', '/approve')],
    options: ISSUE,
    approved: true,
    notice: ['Associated issue: *#7*'],
  },
  {
    name: 'an explicit no-issue by the author',
    files: ['a/a.go', 'c/c.go'],
    comments: [said('ALIcE', '/approve'), said('cjwagner', '/approve no-issue')],
    options: ISSUE,
    approved: true,
  },
  {
    name: 'the author approves, but an issue is missing',
    files: ['a/a.go', 'c/c.go'],
    comments: [said('ALIcE', '/approve')],
    options: { ...SELF, ...ISSUE },
    approved: false,
    notice: [NO_ISSUE, '[ALIcE]', 'title="Author self-approved">cjwagner</a>*', '<details >'],
  },
  ...['/approve cancel ', '/remove-approve ', '/APPROVE CANCEL', '/approve please cancel'].map((words) => ({
    name: `taken back: ${words}`,
    files: ['a/a.go'],
    label: 'bot' as const,
    comments: [said('Alice', '/approve no-issue'), stale(), said('Alice', `stuff\n${words}\nmore stuff`)],
    options: { ...SELF, ...ISSUE },
    approved: false,
    notice: [
      '<a href="https://github.com/org/repo/pull/1#" title="Author self-approved">',
      'META={"approvers":["alice"]}',
    ],
  })),
  {
    name: 'no longer enough after a push',
    files: ['a/a.go', 'a/b/b.go'],
    label: 'bot',
    comments: [said('bOb', '/approve'), stale()],
    approved: false,
    notice: [/\*\*\[a\/OWNERS\]\(https:\/\/github.com\/org\/repo\/blob\/master\/a\/OWNERS\)\*\*\n\nApprovers/],
  },
  {
    name: 'who may approve above may approve below',
    files: ['a/a.go', 'a/b/b.go'],
    comments: [said('alice', '/approve')],
    approved: true,
    notice: ['- ~~[a/OWNERS](https://github.com/org/repo/blob/master/a/OWNERS)~~ [alice]\n\nApprovers'],
  },
  ...['/approve cancel', '/remove-approve'].map((words) => ({
    name: `the author takes back what was implied: ${words}`,
    files: ['c/c.go'],
    label: 'bot' as const,
    comments: [stale(), said('CJWagner', words, 1)],
    options: SELF,
    approved: false,
  })),
  {
    name: '/lgtm cancel takes back where /lgtm gives',
    files: ['c/c.go'],
    label: 'bot',
    comments: [stale(), said('CJWagner', '/lgtm cancel //PR changed after LGTM, removing LGTM.', 1)],
    options: { ...SELF, lgtm_acts_as_approve: true },
    approved: false,
  },
  {
    name: '/lgtm approves where it may',
    files: ['a/a.go', 'a/aa.go'],
    comments: [said('alice', 'stuff\n/lgtm\nblah', 1)],
    options: { lgtm_acts_as_approve: true },
    approved: true,
    notice: ['title="LGTM">alice</a>'],
  },
  { name: '/lgtm alone', files: ['a/a.go'], comments: [said('alice', '/lgtm')], approved: false },
  {
    name: '/lgtm beside a command that counts',
    files: ['a/a.go'],
    comments: [said('alice', '/approve cancel\n/lgtm')],
    approved: false,
  },
  {
    name: 'in the body of a review',
    files: ['a/a.go'],
    reviews: [reviewed('Alice', 'stuff\n/approve', 'COMMENTED')],
    approved: true,
  },
  {
    name: 'reviews that do not count',
    files: ['c/c.go'],
    reviews: [reviewed('cjwagner', '', 'APPROVED')],
    approved: false,
  },
  {
    name: 'a review',
    files: ['a/a.go'],
    reviews: [reviewed('Alice', '', 'APPROVED')],
    options: REVIEWS,
    approved: true,
  },
  {
    name: 'a review that requests changes takes back',
    files: ['a/a.go'],
    label: 'bot',
    comments: [said('Alice', '/approve')],
    reviews: [reviewed('Alice', '', 'CHANGES_REQUESTED', 2)],
    options: REVIEWS,
    approved: false,
  },
  {
    name: 'the later review counts',
    files: ['a/a.go'],
    reviews: [reviewed('Alice', '', 'CHANGES_REQUESTED', 1), reviewed('Alice', '', 'APPROVED', 2)],
    options: REVIEWS,
    approved: true,
  },
  {
    name: 'a dismissed review takes nothing back',
    files: ['a/a.go'],
    label: 'bot',
    reviews: [reviewed('Alice', 'yep', 'APPROVED', 0), reviewed('Alice', 'dismissed', 'DISMISSED', 2)],
    options: REVIEWS,
    approved: true,
  },
  ...['/approve cancel', '/remove-approve'].map((words) => ({
    name: `${words} after an approving review`,
    files: ['c/c.go'],
    label: 'bot' as const,
    comments: [said('cjwagner', words, 2)],
    reviews: [reviewed('cjwagner', 'yep', 'APPROVED', 0)],
    options: REVIEWS,
    approved: false,
  })),
  ...['/approve cancel', '/remove-approve'].map((words) => ({
    name: `${words} in an approving review`,
    files: ['a/a.go', 'c/c.go'],
    reviews: [reviewed('cjwagner', words, 'APPROVED')],
    options: REVIEWS,
    approved: false,
    notice: ['META={"approvers":["alice","cblecker"]}'],
  })),
  {
    name: '/approve in a review that requests changes',
    files: ['a/a.go'],
    reviews: [reviewed('Alice', '/approve', 'CHANGES_REQUESTED')],
    options: REVIEWS,
    approved: true,
  },
  {
    name: 'no bot approves',
    files: ['a/a.go'],
    comments: [said('ci-robot', '/approve')],
    reviews: [reviewed('helper[bot]', '/approve', 'APPROVED')],
    options: REVIEWS,
    approved: false,
  },
  {
    name: 'an App that only comments may be an approver',
    files: ['e/e.go'],
    comments: [said('helper[bot]', '/approve')],
    approved: false,
    notice: ['title="Approved">helper[bot]</a>'],
  },
  {
    name: 'a code block is no command',
    files: ['a/a.go'],
    comments: [said('alice', '```\n/approve\n```\n> /approve')],
    approved: false,
  },
  {
    name: 'a person set the label',
    files: ['a/a.go'],
    label: 'human',
    comments: [stale()],
    options: ISSUE,
    approved: true,
    notice: [
      '\n\nApproval requirements bypassed by manually added approval.\n\nThis pull-request has been approved by:\n\n*No associated issue*. Requirement bypassed by manually added approval.\n\nThe full',
      'META={"approvers":["alice"]}',
      '<details >',
    ],
  },
  {
    name: 'the bot set the label, and it does not hold',
    files: ['a/a.go'],
    label: 'bot',
    approved: false,
  },
  {
    name: 'new folders that need no approval',
    files: ['d/new-folder/new_file.go'],
    approved: true,
    notice: ['each of these files:\n\n\nApprovers', 'approved by:\n\nThe full'],
  },
  { name: 'a file beside such folders needs one', files: ['d/file.go'], approved: false },
  {
    name: 'nobody to ask',
    files: ['x/y.go'],
    approved: false,
    notice: ['approved by:\n\n\nThe full', '- **[OWNERS](https://github.com/org/repo/blob/master/OWNERS)**\n'],
  },
];

test('a file that moves needs the approval of both places', async () => {
  const moved = file('c/x.go', { status: 'renamed', previousPath: 'e/x.go' });
  const { world, settings } = stage({ name: '', files: [], options: SELF, approved: false });
  const after = await happen(approve, 'pull_request', 'opened', { world: { ...world, files: [moved] }, settings });
  expect(after.labels).toEqual([]);
  expect(botComments(after)[0]).toContain('- **[e/OWNERS](');
});

test.each(rows)('$name', async (row) => {
  const world = await happen(approve, 'pull_request', 'synchronize', {
    ...stage(row),
    payload: { action: 'synchronize' },
  });
  expect(world.labels).toEqual(row.approved ? ['approved'] : []);
  const notices = botComments(world).filter((body) => body.startsWith('[APPROVALNOTIFIER]'));
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain(`[APPROVALNOTIFIER] This PR is **${row.approved ? '' : 'NOT '}APPROVED**\n\n`);
  for (const part of row.notice ?? []) expect(notices[0]).toMatch(part);
});
