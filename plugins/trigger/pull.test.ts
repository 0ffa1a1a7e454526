import { expect, test } from 'vitest';
import { botComments } from '../../core/plugin/testing/index.ts';
import { BOT, event, type Stage } from './testing.ts';

const OK = 'ok-to-test';
const NEEDS = 'needs-ok-to-test';
const BASE = { changes: { base: { ref: { from: 'old' }, sha: { from: 'old' } } } };
const label = (name: string, by = 'alice') => ({ label: { name }, sender: { login: by } });

interface Row extends Stage {
  on: string;
  by: 'alice' | 'stranger';
  before?: string[];
  draft?: boolean;
  payload?: object;
  starts?: boolean;
  says?: string;
  after?: string[];
  aborts?: boolean;
}

test.each<Row>([
  { on: 'opened', by: 'alice', starts: true },
  { on: 'opened', by: 'alice', draft: true, says: 'Skipping CI for Draft Pull Request.\nIf you want CI signal' },
  { on: 'opened', by: 'stranger', before: [OK], after: [OK], says: 'Hi @stranger. Thanks for your PR.' },
  {
    on: 'opened',
    by: 'stranger',
    after: [NEEDS],
    says: "I'm waiting for a [acme](https://github.com/orgs/acme/people) member",
  },
  { on: 'opened', by: 'stranger', draft: true, after: [NEEDS], says: 'Hi @stranger' },
  { on: 'opened', by: 'alice', starts: false, world: { mergeable: false } },
  { on: 'opened', by: 'stranger', jobs: [], after: [] },
  { on: 'reopened', by: 'alice', starts: true },
  { on: 'reopened', by: 'alice', draft: true },
  { on: 'reopened', by: 'stranger', before: [OK], after: [OK], starts: true },
  { on: 'reopened', by: 'stranger', before: [OK, NEEDS], after: [OK], starts: true },
  { on: 'reopened', by: 'stranger' },
  { on: 'reopened', by: 'stranger', draft: true },
  { on: 'ready_for_review', by: 'alice', starts: true },
  { on: 'ready_for_review', by: 'stranger' },
  { on: 'ready_for_review', by: 'stranger', before: [OK], after: [OK], starts: true },
  { on: 'edited', by: 'alice', payload: BASE, starts: true },
  { on: 'edited', by: 'alice', payload: BASE, draft: true },
  { on: 'edited', by: 'alice', payload: { changes: { title: { from: 'x' } } } },
  { on: 'edited', by: 'alice', payload: {} },
  { on: 'edited', by: 'stranger', payload: BASE },
  { on: 'edited', by: 'stranger', payload: BASE, before: [OK], after: [OK], starts: true },
  { on: 'synchronize', by: 'alice', starts: true, aborts: true },
  { on: 'synchronize', by: 'stranger', aborts: true },
  { on: 'synchronize', by: 'stranger', before: [OK], after: [OK], starts: true, aborts: true },
  { on: 'labeled', by: 'alice', payload: label('lgtm') },
  { on: 'labeled', by: 'stranger', payload: label('lgtm'), starts: true },
  { on: 'labeled', by: 'stranger', payload: label('lgtm'), before: [OK], after: [OK] },
  { on: 'labeled', by: 'stranger', payload: label('test') },
  { on: 'labeled', by: 'stranger', payload: label(OK), starts: true },
  { on: 'labeled', by: 'stranger', payload: label(OK), draft: true },
  { on: 'labeled', by: 'stranger', payload: label(OK, BOT) },
  { on: 'labeled', by: 'stranger', payload: {} },
  { on: 'closed', by: 'alice', aborts: true },
  { on: 'converted_to_draft', by: 'alice', draft: true, aborts: true },
  { on: 'assigned', by: 'alice' },
])('$on by $by ($before, draft: $draft, $payload)', async (row) => {
  const { by, draft = false, before = [], payload = {}, jobs, world } = row;
  const done = await event(row.on, {
    world: { author: by, draft, labels: before, ...world },
    settings: { trusted_org: 'acme', only_org_members: true },
    payload,
    ...(jobs && { jobs }),
  });
  expect(done.started).toEqual(row.starts ? ['pull-jib'] : []);
  expect(done.world.labels).toEqual(row.after ?? []);
  if (row.says === undefined) expect(botComments(done.world)).toEqual([]);
  else expect(botComments(done.world)[0]).toContain(row.says);
  if (jobs?.length !== 0) expect(done.old).toBe(row.aborts ? 'aborted' : 'triggered');
});

test('a stranger is greeted in these words', async () => {
  const done = await event('opened', {
    settings: { trusted_org: 'friends', join_org_url: 'https://example.com/join' },
  });
  expect(botComments(done.world)).toEqual([
    `Hi @stranger. Thanks for your PR.

I'm waiting for a [acme](https://github.com/orgs/acme/people) or [friends](https://github.com/orgs/friends/people) member to verify that this patch is reasonable to test. If it is, they should reply with \`/ok-to-test\` on its own line. Until that is done, I will not automatically test new commits in this PR, but the usual testing commands by org members will still work.

Regular contributors should [join the org](https://example.com/join) to skip this step.

Once the patch is verified, the new status will be reflected by the \`ok-to-test\` label.

I understand the commands that are listed [here](https://go.k8s.io/bot-commands?repo=acme%2Fwidgets).

<details>

Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).  If you have questions or suggestions related to my behavior, please file an issue against the [kubernetes-sigs/prow](https://github.com/kubernetes-sigs/prow/issues/new?title=Prow%20issue:) repository.
</details>
`,
  ]);
});

test('where /ok-to-test is ignored the stranger is told, and gets no label', async () => {
  const done = await event('opened', { settings: { ignore_ok_to_test: true } });
  expect(done.world.labels).toEqual([]);
  expect(botComments(done.world)[0]).toContain(
    'Collaborators can still trigger tests on the PR using `/test all`.\n\nI understand',
  );
});

const merged = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    org: 'acme',
    repo: 'widgets',
    number,
    title: '',
    author: 'stranger',
    state: 'closed',
    isPull: true,
    labels: [],
  }));
const JOIN = 'Regular contributors should [join the org](https://github.com/orgs/acme/people) to skip this step.';

test.each([
  { prominent: {}, found: 0, says: JOIN },
  { prominent: {}, found: 2, says: JOIN },
  {
    prominent: {},
    found: 3,
    says: ">[!TIP]\n>**We noticed you've done this a few times! Consider [joining the org](https://github.com/orgs/acme/people) to skip",
  },
  { prominent: { disabled: true }, found: 3, says: JOIN },
  { prominent: { merged_pr_threshold: 5 }, found: 4, says: JOIN },
  { prominent: { merged_pr_threshold: 0 }, found: 0, says: '>[!TIP]' },
  {
    prominent: { message: 'Join [us]({join_org_url}), really: {join_org_url}' },
    found: 3,
    says: 'Join [us](https://github.com/orgs/acme/people), really: https://github.com/orgs/acme/people',
  },
  { prominent: {}, found: 3, bot: true, says: JOIN },
])('who comes often is asked to join: $prominent, $found merged', async ({ prominent, found, bot = false, says }) => {
  const done = await event('opened', {
    settings: { org_invite: { prominent } },
    world: { found: merged(found), authorIsBot: bot },
  });
  expect(botComments(done.world)[0]).toContain(says);
});

test('a force-push aborts what runs and starts the same for the new commit', async () => {
  const done = await event('synchronize', { world: { author: 'alice' } });
  expect([done.old, done.started]).toEqual(['aborted', ['pull-jib']]);
});

test('3,000 changed files', async () => {
  const files = Array.from({ length: 3_000 }, (_, index) => ({
    path: `d/${index}.go`,
    status: 'added',
    additions: 1,
    deletions: 0,
    patch: '',
    sha: '',
    url: '',
  }));
  const jobs = [{ name: 'jib', context: 'pull-jib', run_if_changed: '^d/2999\\.go$' }];
  const done = await event('opened', { world: { author: 'alice', files }, jobs });
  expect(done.started).toEqual(['pull-jib']);
});

test.each([
  { on: 'labeled', payload: label('kind/bug') },
  { on: 'edited', payload: { changes: { title: { from: 'x' } } } },
  { on: 'assigned', payload: {} },
])('$on asks GitHub nothing', async ({ on, payload }) => {
  expect((await event(on, { payload })).world.calls).toEqual([]);
});
