import { describe, expect, test } from 'vitest';
import { botComments, comment, file, happen, say, type World } from '../../core/plugin/testing/index.ts';
import { approve } from './index.ts';

type Options = Record<string, unknown>;
type State = World['reviews'][number]['state'];

const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 0, 0, second)).toISOString();
const said = (author: string, body: string, second = 0) => comment(author, body, { url: '', createdAt: at(second) });
const reviewed = (author: string, body: string, state: State, second = 0): World['reviews'][number] => ({
  id: second + 1,
  author,
  body,
  state,
  submittedAt: at(second),
  url: '',
});
const stale = (second = 0) => said('ci-robot', '[APPROVALNOTIFIER] This PR is **APPROVED**\n\nblah', second);

const WORLD: Partial<World> = {
  org: 'org',
  repo: 'repo',
  number: 1,
  author: 'cjwagner',
  baseRef: 'master',
  repoFiles: {
    'a/OWNERS': 'approvers: [Alice]',
    'a/b/OWNERS': 'approvers: [Bob]',
    'c/OWNERS': 'approvers: [cblecker, cjwagner]',
    'd/OWNERS': 'approvers: [dora]\noptions:\n  auto_approve_unowned_subfolders: true',
    'e/OWNERS': 'approvers: [spxtr]',
  },
};

const off = { require_self_approval: true, ignore_review_state: true };

interface Row {
  name: string;
  files: string[];
  body?: string;
  label?: 'bot' | 'human';
  comments?: World['comments'];
  reviews?: World['reviews'];
  assignees?: string[];
  options?: Options;
  approved: boolean;
  /** What the notice says: parts of it. */
  notice?: (string | RegExp)[];
}

function stage(row: Row) {
  const actor = row.label === 'bot' ? 'ci-robot' : 'root';
  return {
    world: {
      ...WORLD,
      body: row.body ?? '',
      files: row.files.map((path) => file(path)),
      labels: row.label ? ['approved'] : [],
      labelHistory: row.label ? [{ label: 'approved', action: 'labeled' as const, actor, at: at(0) }] : [],
      comments: row.comments ?? [],
      reviews: row.reviews ?? [],
      assignees: row.assignees ?? [],
    },
    settings: { approve: [{ repos: ['org/repo'], ...off, ...row.options }] },
  };
}

const SELF = { require_self_approval: false };
const ISSUE = { issue_required: true };
const REVIEWS = { ignore_review_state: false };
const NO_ISSUE =
  '*No associated issue*. Update pull-request body to add a reference to an issue, or get approval with `/approve no-issue`\n\n';

const rows: Row[] = [
  { name: 'the author approves by writing it', files: ['c/c.go'], options: SELF, approved: true },
  { name: 'the author does not', files: ['c/c.go'], approved: false, notice: ['META={"approvers":["cblecker"]}'] },
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

describe('the notice', () => {
  const NOTICE = `[APPROVALNOTIFIER] This PR is **NOT APPROVED**

This pull-request has been approved by:
**Once this PR has been reviewed and has the lgtm label**, please assign [cblecker](https://github.com/cblecker) for approval. For more information see [the Code Review Process](https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process).

The full list of commands accepted by this bot can be found [here](https://go.k8s.io/bot-commands?repo=org%2Frepo).

<details open>
Needs approval from an approver in each of these files:

- **[c/OWNERS](https://github.com/org/repo/blob/master/c/OWNERS)**

Approvers can indicate their approval by writing \`/approve\` in a comment
Approvers can cancel approval by writing \`/approve cancel\` in a comment
</details>
<!-- META={"approvers":["cblecker"]} -->`;
  const row: Row = { name: '', files: ['c/c.go'], approved: false };
  const payload = { action: 'opened' };

  test('to the letter, not approved', async () => {
    const world = await happen(approve, 'pull_request', 'opened', { ...stage(row), payload });
    expect(botComments(world)).toEqual([NOTICE]);
  });

  test('to the letter, approved, elsewhere', async () => {
    const { world: before, settings } = stage({ ...row, options: SELF });
    const world = await happen(approve, 'pull_request', 'opened', {
      world: { ...before, baseRef: 'dev' },
      settings: {
        approve: [
          { ...settings.approve[0], commandHelpLink: 'https://help.test', pr_process_link: 'https://process.test' },
        ],
        github: { link_url: 'https://github.mycorp.com' },
      },
      payload,
    });
    expect(botComments(world)).toEqual([
      `[APPROVALNOTIFIER] This PR is **APPROVED**

This pull-request has been approved by: *<a href="https://github.com/org/repo/pull/1#" title="Author self-approved">cjwagner</a>*

The full list of commands accepted by this bot can be found [here](https://help.test?repo=org%2Frepo).

The pull request process is described [here](https://process.test)

<details >
Needs approval from an approver in each of these files:

- ~~[c/OWNERS](https://github.mycorp.com/org/repo/blob/dev/c/OWNERS)~~ [cjwagner]

Approvers can indicate their approval by writing \`/approve\` in a comment
Approvers can cancel approval by writing \`/approve cancel\` in a comment
</details>
<!-- META={"approvers":[]} -->`,
    ]);
  });

  test('stands where it says the same; people may quote it', async () => {
    const comments = [said('bob', NOTICE), said('ci-robot', NOTICE)];
    const world = await happen(approve, 'pull_request', 'opened', { ...stage({ ...row, comments }), payload });
    expect(world.comments).toEqual(comments);
    expect(world.calls.filter((call) => /comments\.(create|delete)/.test(call))).toEqual([]);
  });

  test('an older one is replaced, and every other goes', async () => {
    const comments = [stale(), said('ci-robot', 'something else'), stale(), said('bob', '[APPROVALNOTIFIER] me')];
    const world = await happen(approve, 'pull_request', 'opened', { ...stage({ ...row, comments }), payload });
    expect(world.comments.map(({ body }) => body)).toEqual(['something else', '[APPROVALNOTIFIER] me', NOTICE]);
  });
});

describe('what makes it look', () => {
  const row: Row = { name: '', files: ['a/a.go'], comments: [said('alice', '/approve')], approved: true };

  test.each([
    { words: '/approve', looks: true },
    { words: '/approve no-issue', looks: true },
    { words: 'stuff\r\n/Approve cancel\r\n', looks: true },
    { words: '/remove-approve', looks: true },
    { words: '/lgtm', looks: false },
    { words: '/lgtm', options: { lgtm_acts_as_approve: true }, looks: true },
    { words: '/approved', looks: false },
    { words: 'I /approve', looks: false },
    { words: '/approve', event: { action: 'edited' as const }, looks: false },
    { words: '/approve', event: { source: 'description' as const }, looks: false },
    { words: '/approve', event: { source: 'review' as const }, looks: true },
    { words: '/approve', event: { isPull: false }, looks: false },
    { words: '/approve', event: { state: 'closed' as const }, looks: false },
    { words: '/approve', by: 'ci-robot', looks: false },
    { words: '/approve', by: 'other[bot]', looks: false },
  ])('$words by $by $event', async ({ words, by = 'alice', event, options, looks }) => {
    const world = await say(approve, by, words, { ...stage({ ...row, options: options ?? {} }), event: event ?? {} });
    expect(world.calls.length > 0).toBe(looks);
    expect(world.labels).toEqual(looks ? ['approved'] : []);
  });

  test.each([
    { action: 'submitted', state: 'approved', looks: true },
    { action: 'submitted', state: 'changes_requested', looks: true },
    { action: 'dismissed', state: 'dismissed', looks: true },
    { action: 'edited', state: 'approved', looks: false },
    { action: 'submitted', state: 'commented', looks: false },
    { action: 'submitted', state: 'approved', body: '/approve', looks: false },
    { action: 'submitted', state: 'approved', type: 'Bot', looks: false },
    { action: 'submitted', state: 'approved', options: { ignore_review_state: true }, looks: false },
  ])('review $action $state $body', async ({ action, state, body = null, type = 'User', options, looks }) => {
    const world = await happen(approve, 'pull_request_review', action, {
      ...stage({ ...row, options: options ?? REVIEWS }),
      payload: { review: { state, body, user: { login: 'alice', type } } },
    });
    expect(world.labels).toEqual(looks ? ['approved'] : []);
  });

  test.each([
    { action: 'opened', looks: true },
    { action: 'reopened', looks: true },
    { action: 'edited', looks: false },
    { action: 'labeled', label: 'approved', by: 'root', looks: true },
    { action: 'labeled', label: 'lgtm', by: 'root', looks: false },
    { action: 'labeled', label: 'approved', by: 'ci-robot', looks: false },
    { action: 'labeled', label: 'approved', by: 'root', state: 'closed' as const, looks: false },
  ])(
    'pull request $action $label by $by',
    async ({ action, label = '', by = 'root', state = 'open' as const, looks }) => {
      const { world: before, settings } = stage(row);
      const world = await happen(approve, 'pull_request', action, {
        world: { ...before, state },
        settings,
        payload: { action, label: { name: label }, sender: { login: by } },
      });
      expect(world.calls.length > 0).toBe(looks);
    },
  );
});
