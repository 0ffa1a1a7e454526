import { describe, expect, test } from 'vitest';
import { botComments, happen, say } from '../../core/plugin/testing/index.ts';
import { approve } from './index.ts';
import { type Row, said, stage, stale } from './testing.ts';

const SELF = { require_self_approval: false };
const REVIEWS = { ignore_review_state: false };

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
    { words: '/approve', by: 'other[bot]', looks: true },
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
