import { expect, test } from 'vitest';
import { botComments } from '../../core/plugin/testing/index.ts';
import { BOT, comment, JAB, JIB, JOB, JUB, type Stage } from './testing.ts';

const OK = 'ok-to-test';
const NEEDS = 'needs-ok-to-test';
const fence = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;

interface Row extends Stage {
  by?: string;
  say: string;
  before?: string[];
  /** Contexts. */
  starts?: string[];
  after?: string[];
}

const CANNOT = 'Cannot trigger testing until a trusted user reviews the PR and leaves an `/ok-to-test` message.';
const NEVER =
  'PRs from untrusted users cannot be marked as trusted with `/ok-to-test` in this repo meaning untrusted PR authors can never trigger tests themselves. Collaborators can still trigger tests on the PR using `/test`.';

// Who may: nothing is said in any of these.
test.each<Row>([
  { say: '/ok-to-test', world: { isPull: false } },
  { say: '/ok-to-test', world: { state: 'closed' } },
  { say: '/ok-to-test', by: BOT },
  { say: 'Nice weather outside, right?' },
  { say: '/test all', by: 'stranger', world: { author: 'alice' }, starts: ['pull-job'] },
  { say: '/test all', by: 'stranger', before: [OK], after: [OK], starts: ['pull-job'] },
  { say: '/test all', by: 'stranger', before: [NEEDS, OK], after: [OK], starts: ['pull-job'] },
  { say: '/ok-to-test', settings: { ignore_ok_to_test: true } },
  { say: 'looks great, thanks!\n/ok-to-test', after: [OK], starts: ['pull-job'] },
  { say: 'looks great, thanks!\n/ok-to-test \r', after: [OK], starts: ['pull-job'] },
  { say: 'not /ok-to-test' },
  { say: '/ok-to-test', jobs: [JOB], before: [NEEDS], after: [OK], starts: ['pull-job'] },
  { say: '/ok-to-test', jobs: [JIB, JAB], before: [NEEDS], after: [OK] },
  { say: '/test all', starts: ['pull-job'] },
  {
    say: '/test all',
    by: 'mia',
    settings: { trusted_org: 'friends' },
    world: { members: { friends: ['mia'] } },
    starts: ['pull-job'],
  },
  { say: '/test all', by: 'deps[bot]', settings: { trusted_apps: ['deps'] }, starts: ['pull-job'] },
])(
  '$by says $say: starts $starts, leaves $after',
  async ({ by = 'alice', say, before = [], after = [], starts = [], world, ...stage }) => {
    const done = await comment(by, say, { ...stage, world: { ...world, labels: before } });
    expect(done.started).toEqual(starts);
    expect(done.world.labels).toEqual(after);
    expect(botComments(done.world)).toEqual([]);
  },
);

test.each([
  { say: '/ok-to-test', settings: {}, answer: CANNOT },
  { say: '/test all', settings: {}, answer: CANNOT },
  { say: '/retest', settings: {}, before: ['lgtm', 'approved'], answer: CANNOT },
  { say: '/ok-to-test cancel', settings: {}, answer: CANNOT },
  { say: '/test job', settings: { ignore_ok_to_test: true }, answer: NEVER },
  { say: '/test all', settings: { only_org_members: true }, answer: CANNOT },
])('a stranger says $say ($settings) and is told why not', async ({ say, settings, before = [], answer }) => {
  const done = await comment('stranger', say, { settings, world: { labels: before, collaborators: ['alice'] } });
  expect([done.started, done.world.labels]).toEqual([[], before]);
  expect(botComments(done.world)[0]).toContain(`@stranger: ${answer}`);
});

test.each([
  { by: 'alice', before: [OK], after: [NEEDS] },
  { by: 'alice', before: [], after: [NEEDS] },
  { by: 'alice', before: [NEEDS], after: [NEEDS] },
  { by: 'alice', before: [OK, NEEDS], after: [NEEDS] },
])('/ok-to-test cancel of $by: $before becomes $after', async ({ by, before, after }) => {
  for (const say of ['/ok-to-test cancel', '/ok-to-test   cancel \r', '/ok-to-test cancel\n/ok-to-test\n/test all']) {
    const done = await comment(by, say, { world: { labels: before } });
    expect([done.started, done.world.labels, botComments(done.world)]).toEqual([[], after, []]);
  }
});

test('only who is trusted revokes', async () => {
  const done = await comment('stranger', '/ok-to-test cancel', { world: { labels: [OK] } });
  expect(done.world.labels).toEqual([OK]);
  expect(botComments(done.world)[0]).toContain('@stranger: Only trusted users can revoke `/ok-to-test`.');
});

const run = (pattern: string) => ({ run_if_changed: pattern });
const skip = (pattern: string) => ({ skip_if_only_changed: pattern });
const sharded = [
  { ...JAB, branches: ['main'] },
  { ...JAB, branches: ['release'] },
];

// Which jobs: Prow's own table.
test.each<Row>([
  { say: '/retest', starts: ['pull-jib'] },
  { say: '/retest \r', starts: ['pull-jib'] },
  { say: '/retest \r\n/other-command', starts: ['pull-jib'] },
  {
    say: 'Nice weather outside, right?',
    jobs: [{ ...JAB, trigger: 'Nice weather outside, right?', rerun_command: 'Nice weather outside, right?' }],
    starts: ['pull-jab'],
  },
  { say: '/retest', jobs: [{ ...JAB, ...run('CHANGED'), skip_report: true }], starts: ['pull-jab'] },
  { say: '/retest', jobs: [{ ...JAB, ...skip('CHANGED2'), skip_report: true }], starts: ['pull-jab'] },
  { say: '/retest', jobs: [{ ...JIB, ...run('CHANGED') }], starts: ['pull-jib'] },
  { say: '/retest', jobs: [{ ...JIB, ...skip('CHANGED2') }], starts: ['pull-jib'] },
  { say: '/retest', jobs: [{ ...JIB, ...run('CHANGED2') }], starts: ['pull-jib'] },
  { say: '/retest', jobs: [{ ...JIB, ...skip('CHANGED') }], starts: ['pull-jib'] },
  { say: '/retest', jobs: [JIB], starts: ['pull-jib'] },
  { say: '/retest', jobs: [{ ...JIB, optional: true }], starts: ['pull-jib'] },
  { say: '/retest', jobs: [{ ...JAB, ...run('CHANGED2') }] },
  { say: '/retest', jobs: [{ ...JAB, ...skip('CHANGED') }] },
  { say: '/retest', jobs: [{ ...JAB, always_run: true }, JUB], starts: ['pull-jab'] },
  { say: '/retest-required', jobs: [JIB], starts: ['pull-jib'] },
  { say: '/retest-required', jobs: [{ ...JIB, optional: true }] },
  { say: '/test-manual-required', jobs: [JAB], starts: ['pull-jab'] },
  { say: '/test-manual-required', jobs: [{ ...JAB, optional: true }] },
  { say: '/test-manual-required', jobs: [JOB, { ...JAB, ...run('CHANGED') }] },
  { say: '/test jub', jobs: [{ ...JUB, ...run('CHANGED') }], starts: ['pull-jub'] },
  { say: '/test jub', jobs: [{ ...JUB, ...run('CHANGED2') }], starts: ['pull-jub'] },
  { say: '/test jub,', jobs: [JUB], starts: ['pull-jub'] },
  { say: '/test job jib jub', jobs: [JOB, JIB, JUB], starts: ['pull-jib', 'pull-job', 'pull-jub'] },
  { say: '/test job\r\n/test jib\r\n', starts: ['pull-jib', 'pull-job'] },
  { say: '/test jab', jobs: sharded, starts: ['pull-jab'] },
  { say: '/test all', jobs: [{ ...JUB, ...run('CHANGED') }], starts: ['pull-jub'] },
  { say: '/test all', jobs: [{ ...JUB, ...skip('CHANGED2') }], starts: ['pull-jub'] },
  { say: '/test all', jobs: [JOB], world: { mergeable: false } },
  { say: '/test all', jobs: [JOB], world: { mergeable: null }, starts: ['pull-job'] },
  { say: '/test all', jobs: [JOB], world: { draft: true }, starts: ['pull-job'] },
  { say: `please run${' again'.repeat(11_000)}\n/test all`, jobs: [JOB], starts: ['pull-job'] },
])('$say starts $starts of $jobs', async ({ say, jobs, world, starts = [] }) => {
  const done = await comment('alice', say, { ...(jobs && { jobs }), ...(world && { world }) });
  expect(done.started).toEqual(starts);
  expect(botComments(done.world)).toEqual([]);
});

test('jobs of a retest are marked as such, others are not', async () => {
  const [again, first] = [await comment('alice', '/retest'), await comment('alice', '/test jib')];
  expect(again.labels[0]).toMatchObject({ 'prow.k8s.io/retest': 'true', 'event-GUID': 'd-1' });
  expect(first.labels[0]?.['prow.k8s.io/retest']).toBeUndefined();
});

const REQUIRED = 'The following commands are available to trigger required jobs:';
const LIST = `${REQUIRED}\n\`\`\`\n/test jib\n\`\`\`\n\`\`\`\n/test job\n\`\`\`\n\n`;
const SOME = 'Use `/test all` to run the following jobs that were automatically triggered:\n```\njob\n```\n\n';
const EVERY = 'Use `/test all` to run all jobs.\n';
const ALL = [JOB, { ...JIB, always_run: true }];

test.each([
  { say: '/test ?', jobs: ALL, answer: LIST + EVERY },
  { say: '/test ?', jobs: [JOB, JIB], answer: LIST + SOME },
  { say: '/test', answer: `The \`/test\` command needs one or more targets.\n${LIST}${SOME}` },
  { say: '/test \r\n?', answer: `The \`/test\` command needs one or more targets.\n${LIST}${SOME}` },
  { say: '/retest FOO', answer: `The \`/retest\` command does not accept any targets.\n${LIST}${SOME}` },
  { say: '/test FOO', answer: `The specified target(s) for \`/test\` were not found.\n${LIST}${SOME}` },
  { say: `${fence('/test FOO')}/test BAR`, answer: `The specified target(s) for \`/test\` were not found.\n${LIST}` },
  {
    say: '/test all',
    jobs: [{ ...JOB, always_run: false }, JIB],
    answer: `No jobs can be run with \`/test all\`.\n${LIST}`,
  },
  {
    say: '/test all',
    jobs: [{ ...JUB, run_if_changed: 'CHANGED2' }],
    answer: 'No jobs can be run with `/test all`.\n',
  },
  {
    say: '/test jab',
    jobs: sharded,
    world: { baseRef: 'other' },
    answer: 'No presubmit jobs available for acme/widgets@other',
  },
  { say: '/test ?', jobs: [{ ...JUB, always_run: true, skip_branches: ['main'] }, JOB, JIB], answer: LIST + SOME },
  {
    say: '/test ?',
    jobs: [...ALL, { ...JUB, always_run: true, optional: true }],
    answer: `${LIST}The following commands are available to trigger optional jobs:\n\`\`\`\n/test jub\n\`\`\`\n\n${EVERY}`,
  },
  {
    say: '/test ?',
    jobs: [
      { ...JUB, always_run: true, trigger: '/again', rerun_command: '/again' },
      { ...JIB, always_run: true, trigger: '/foo', rerun_command: '/foo' },
      { ...JAB, trigger: '/again', rerun_command: '/again' },
    ],
    answer: `@alice: ${REQUIRED}\n\`\`\`\n/again\n\`\`\`\n\`\`\`\n/foo\n\`\`\`\n\n${EVERY}`,
  },
])('$say is answered with help', async ({ say, jobs, world, answer }) => {
  const done = await comment('alice', say, { ...(jobs && { jobs }), ...(world && { world }) });
  expect(done.started).toEqual([]);
  expect(botComments(done.world)[0]).toContain(answer);
});

test.each([
  fence('/test ?'),
  '~~~\n/test\n~~~',
  fence('/retest FOO'),
  fence('/test FOO') + fence('/test all'),
  '> /test all',
  '<!-- \n/test all\n-->',
])('what stands in code or a quote says nothing: %j', async (say) => {
  const done = await comment('alice', say);
  expect([done.started, done.world.comments]).toEqual([[], []]);
});

test('old help goes when jobs start, and only then', async () => {
  const old = { id: 1, body: `@bob: ${LIST}`, author: BOT, byBot: true, createdAt: '', updatedAt: '', url: '' };
  const other = { ...old, id: 2, body: 'else' };
  const quoted = { ...old, id: 3, author: 'bob' };
  const left = async (say: string) =>
    (await comment('alice', say, { world: { comments: [old, other, quoted] } })).world.comments.map(({ id }) => id);
  expect(await left('/test job')).toEqual([2, 3]);
  expect(await left('/retest')).toEqual([2, 3]);
  expect(await left('/ok-to-test')).toEqual([1, 2, 3]);
});

const RUNS = [
  { id: 1, name: 'waits', status: 'action_required', conclusion: '' },
  { id: 2, name: 'waits', status: 'completed', conclusion: 'action_required' },
  { id: 3, name: 'failed', status: 'completed', conclusion: 'failure' },
  { id: 4, name: 'cancelled', status: 'completed', conclusion: 'cancelled' },
  { id: 5, name: 'good', status: 'completed', conclusion: 'success' },
  { id: 6, name: 'skipped', status: 'completed', conclusion: 'skipped' },
  { id: 7, name: 'runs', status: 'in_progress', conclusion: '' },
];

test.each([
  { say: '/ok-to-test', on: true, approved: [1, 2], rerun: [] },
  { say: '/ok-to-test', on: false, approved: [], rerun: [] },
  { say: '/test all', on: true, approved: [], rerun: [2, 3, 4] },
  { say: '/retest', on: true, approved: [], rerun: [2, 3, 4] },
  { say: '/retest', on: false, approved: [], rerun: [] },
  { say: '/test jib', on: true, approved: [], rerun: [] },
])('GitHub Actions with $say (on: $on)', async ({ say, on, approved, rerun }) => {
  const settings = { trigger_github_workflows: on };
  const { world } = await comment('alice', say, { settings, world: { workflowRuns: RUNS } });
  expect(world.workflowRuns.filter((run) => run.approved).map(({ id }) => id)).toEqual(approved);
  expect(world.workflowRuns.filter((run) => run.rerun).map(({ id }) => id)).toEqual(rerun);
});
