import { describe, expect, test } from 'vitest';
import { botComments, createWorld, say, type World } from '../../core/plugin/testing/index.ts';
import { jobsForTests } from '../../jobs/api/testing.ts';
import { override } from './index.ts';

const HEAD = createWorld().headSha;
const BASE = 'e'.repeat(40);
const status = (context: string, state: 'success' | 'failure' | 'pending' | 'error', description = '') => ({
  context,
  state,
  description,
  url: `https://ci.test/${context}`,
  updatedAt: '',
});
const run = (name: string, conclusion: string, app = 'ci') => ({
  id: 1,
  name,
  app,
  status: conclusion === '' ? 'in_progress' : 'completed',
  conclusion,
  url: '',
});

const STATUSES = [
  status('broken-test', 'failure'),
  status('hung-test', 'pending'),
  status('passing-test', 'success'),
  status('ci/prow/unit', 'error'),
];
const RUNS = [
  run('failure-checkrun', 'failure'),
  run('test / Unit Tests', 'timed_out'),
  run('success-checkrun', 'success'),
  run('neutral-checkrun', 'neutral'),
  run('running-checkrun', ''),
  run('mended-checkrun', 'failure'),
  run('mended-checkrun', 'success'),
];

interface Stage {
  by?: string;
  world?: Partial<World>;
  settings?: object;
  event?: Parameters<typeof say>[3] extends infer S | undefined ? (S extends { event?: infer E } ? E : never) : never;
}

async function said(words: string, { by = 'root', world = {}, settings = {}, event = {} }: Stage = {}) {
  const presubmits = [
    { name: 'unit', context: 'ci/prow/unit', branches: ['main'] },
    { name: 'elsewhere', context: 'broken-test', branches: ['other'] },
  ];
  const { jobs, prowjobs } = jobsForTests({ presubmits: { 'acme/widgets': presubmits } });
  const after = await say(override, by, words, {
    world: {
      permissions: { root: 'admin' },
      refs: { 'heads/main': BASE },
      statuses: { [HEAD]: STATUSES },
      checkRuns: RUNS,
      ...world,
    },
    settings: { override: settings },
    ports: { jobs },
    event,
  });
  const set = (after.statuses[HEAD] ?? []).filter(({ creator }) => creator === after.bot);
  return { after, set, made: await prowjobs(), answer: botComments(after).join('\n') };
}

const APP = { bot: 'prow[bot]' };

test.each([
  { words: '/override broken-test', green: ['broken-test'] },
  { words: '/Override broken-test', green: ['broken-test'] },
  { words: '/override  broken-test \r\n', green: ['broken-test'] },
  { words: '/override broken-test\r\nobnoxious flake', green: ['broken-test'] },
  { words: '/override hung-test', green: ['hung-test'] },
  { words: '/override broken-test\n/override hung-test', green: ['broken-test', 'hung-test'] },
  { words: '/override broken-test hung-test', green: ['broken-test', 'hung-test'] },
  { words: '/override "broken-test" hung-test', green: ['broken-test', 'hung-test'] },
  { words: '/override unit', green: ['ci/prow/unit'], jobs: ['unit'] },
  { words: '/override ci/prow/unit', green: ['ci/prow/unit'], jobs: ['unit'] },
  { words: '/override ci/prow/unit\n/override unit', green: ['ci/prow/unit'], jobs: ['unit'] },
  { words: '/override unit broken-test', green: ['broken-test', 'ci/prow/unit'], jobs: ['unit'] },
  { words: '/override wanted', green: ['wanted'], world: { requiredContexts: ['wanted', 'passing-test'] } },
  { words: '/override broken-test', green: ['broken-test'], world: { requiredContexts: ['broken-test'] } },
])('$words', async ({ words, green, jobs = [], world = {} }) => {
  const { set, made, answer } = await said(words, { world });
  expect(set.map(({ context, state }) => [context, state]).sort()).toEqual(green.map((name) => [name, 'success']));
  for (const { description } of set)
    expect(description).toMatch(new RegExp(`^Overridden by root[\u2001 ]+BaseSHA:${BASE}$`));
  expect(made.map(({ spec, status: { state, description } }) => [spec.job, state, description])).toEqual(
    jobs.map((job) => [job, 'success', 'Overridden by root']),
  );
  expect(answer).toContain(`Overrode contexts on behalf of root: ${green.join(', ')}\n`);
  expect(answer).not.toContain('persist');
});

test('a status keeps its address, and the ProwJob leads to the command', async () => {
  const { set, made } = await said('/override unit');
  expect(set[0]?.url).toBe('https://ci.test/ci/prow/unit');
  expect(made[0]?.status.url).toContain('#issuecomment-1');
  expect(made[0]?.spec.refs).toMatchObject({ base_sha: BASE, pulls: [{ number: 5, sha: HEAD }] });
});

test.each([
  { words: '/override', answer: '/override requires failed status contexts to operate on, but none was given' },
  { words: '/override-sticky', answer: '/override-sticky requires failed status contexts to operate on, but none' },
  { words: '/override broken-test\n/override', answer: 'but none was given' },
  {
    words: '/override whatever-you-want broken-test',
    answer:
      '/override requires failed status contexts, check run or a prowjob name to operate on.\nThe following unknown contexts/checkruns were given:\n - `whatever-you-want`\n\nOnly the following failed contexts/checkruns were expected:\n - `broken-test`\n - `ci/prow/unit`\n - `hung-test`\n - `unit`\n\nIf you are trying to override a checkrun that has a space in it, you must put a double quote on the context.\n',
  },
  { words: '/override passing-test', answer: ' - `passing-test`\n\nOnly' },
  { words: '/override elsewhere', answer: ' - `elsewhere`\n\nOnly' },
  { words: '/override failure-checkrun', answer: ' - `failure-checkrun`\n\nOnly' },
])('$words is answered: $answer', async ({ words, answer }) => {
  const outcome = await said(words);
  expect(outcome.answer).toContain(answer);
  expect([outcome.set, outcome.made, outcome.after.checkRuns]).toEqual([[], [], RUNS]);
});

test.each([
  { words: '/override failure-checkrun', made: ['failure-checkrun'], green: [] },
  { words: '/override "test / Unit Tests"', made: ['test / Unit Tests'], green: [] },
  { words: '/override broken-test "test / Unit Tests"', made: ['test / Unit Tests'], green: ['broken-test'] },
  { words: '/override success-checkrun', made: [], green: [], answer: ' - `failure-checkrun`\n - `hung-test`' },
  { words: '/override neutral-checkrun', made: [], green: [], answer: 'unknown contexts' },
  { words: '/override running-checkrun', made: [], green: [], answer: 'unknown contexts' },
  { words: '/override mended-checkrun', made: [], green: [], answer: 'unknown contexts' },
])('an App: $words', async ({ words, made, green, answer = 'on behalf of root' }) => {
  const outcome = await said(words, { world: APP });
  expect(outcome.after.checkRuns.slice(RUNS.length)).toMatchObject(
    made.map((name) => ({ name, conclusion: 'success' })),
  );
  expect(outcome.set.map(({ context }) => context)).toEqual(green);
  expect(outcome.answer).toContain(answer);
});

test.each([
  { words: '/test broken-test' },
  { words: 'please /override broken-test' },
  { words: '/override broken-test', event: { isPull: false } },
  { words: '/override broken-test', event: { state: 'closed' as const } },
  { words: '/override broken-test', event: { action: 'edited' as const } },
])('nothing: $words $event', async ({ words, event = {} }) => {
  expect((await said(words, { event })).after.calls).toEqual([]);
});

describe('who may', () => {
  const NO = 'unauthorized: /override is restricted to Repo administrators';
  const owners = { repoFiles: { OWNERS: 'approvers: [Code_owner]', 'a/OWNERS': 'approvers: [other]' } };
  const teams = { teams: { 'acme/leads': ['liz'], 'acme/more': ['mo'] } };

  test.each([
    { by: 'rando', answer: `rando ${NO}.` },
    { by: 'code_owner', world: owners, answer: `${NO}.` },
    { by: 'Code_Owner', world: owners, settings: { allow_top_level_owners: true }, answer: 'on behalf of Code_Owner' },
    {
      by: 'other',
      world: owners,
      settings: { allow_top_level_owners: true },
      answer: `${NO}, approvers in top level OWNERS file.`,
    },
    {
      by: 'liz',
      world: teams,
      settings: { allowed_github_teams: { 'acme/widgets': ['gone', 'leads'] } },
      answer: 'on behalf of liz',
    },
    { by: 'mo', world: teams, settings: { allowed_github_teams: { acme: ['more'] } }, answer: 'on behalf of mo' },
    {
      by: 'mo',
      world: teams,
      settings: { allowed_github_teams: { 'acme/widgets': ['leads', 'b'], acme: ['x'], 'acme/other': ['more'] } },
      answer: `${NO}, and the following github teams:acme/widgets: leads b, acme: x.`,
    },
  ])('$by with $settings', async ({ by, world = {}, settings = {}, answer }) => {
    const outcome = await said('/override broken-test', { by, world, settings });
    expect(outcome.answer).toContain(answer);
    expect(outcome.set).toHaveLength(answer.startsWith('on behalf') ? 1 : 0);
  });
});

const OVERRIDDEN = [
  status('foo', 'success', 'Overridden by someone [prow:skip-retest] BaseSHA:abc'),
  status('bar', 'success', 'Overridden by someone BaseSHA:abc'),
  status('baz', 'success', 'Job succeeded.'),
];

test.each([
  { words: '/override-cancel foo', red: ['foo'] },
  { words: '/override-cancel bar foo', red: ['bar', 'foo'] },
  { words: '/override-cancel', red: ['bar', 'foo'] },
  { words: '/override-cancel foo\n/override-cancel', red: ['bar', 'foo'] },
  { words: '/override-cancel baz', red: [] },
])('$words', async ({ words, red }) => {
  const { set, answer } = await said(words, { world: { statuses: { [HEAD]: OVERRIDDEN } } });
  expect(set.map(({ context, state, description }) => [context, state, description]).sort()).toEqual(
    red.map((name) => [name, 'failure', 'Override cancelled by root']),
  );
  expect(answer).toContain(
    red.length > 0 ? `Cancelled overrides on behalf of root: ${red.join(', ')}` : 'No overrides found to cancel',
  );
});

test('a stranger cancels nothing', async () => {
  const { set, answer } = await said('/override-cancel', { by: 'rando', world: { statuses: { [HEAD]: OVERRIDDEN } } });
  expect(set).toEqual([]);
  expect(answer).toContain('rando unauthorized: /override-cancel is restricted to Repo administrators.');
});

test('sticky, also for what is overridden already', async () => {
  const world = { statuses: { [HEAD]: [...STATUSES, ...OVERRIDDEN] } };
  const { set, answer, made } = await said('/override-sticky unit bar', { world });
  expect(set.map(({ context }) => context).sort()).toEqual(['bar', 'ci/prow/unit']);
  for (const { description } of set) expect(description).toMatch(/^Overridden by root \[prow:skip-retest\]/);
  expect(made[0]?.status.description).toBe('Overridden by root [prow:skip-retest]');
  expect(answer).toContain(
    'Overrode contexts on behalf of root: bar, ci/prow/unit\n\nThese overrides will persist across retests on the current HEAD SHA. Pushing a new commit will clear them. Use `/override-cancel` to remove them.',
  );
});
