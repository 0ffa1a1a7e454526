import { expect, test } from 'vitest';
import { createWorld, say } from '../../core/plugin/testing/index.ts';
import { jobsForTests } from '../../jobs/api/testing.ts';
import { skip } from './index.ts';

const HEAD = createWorld().headSha;
const statuses = (states: Record<string, string>) => ({
  [HEAD]: Object.entries(states).map(([context, state]) => ({
    context,
    state: state as 'failure',
    description: '',
    url: '',
    updatedAt: '',
  })),
});
const optional = (name: string, more: object = {}) => ({ name, optional: true, ...more });

interface Row {
  name: string;
  say?: string;
  jobs: object[];
  before: Record<string, string>;
  skipped: string[];
}

const rows: Row[] = [
  {
    name: 'required contexts stay',
    jobs: [{ name: 'passing' }, { name: 'failed' }, { name: 'waiting' }],
    before: { passing: 'success', failed: 'failure', waiting: 'pending' },
    skipped: [],
  },
  {
    name: 'optional ones that failed or wait are skipped',
    jobs: [optional('failed'), optional('waiting')],
    before: { failed: 'failure', waiting: 'pending' },
    skipped: ['failed', 'waiting'],
  },
  {
    name: 'silent ones block no merge either',
    jobs: [{ name: 'silent', skip_report: true }],
    before: { silent: 'error' },
    skipped: ['silent'],
  },
  { name: 'one that has not reported stays so', jobs: [optional('never')], before: {}, skipped: [] },
  { name: 'one that succeeded stays so', jobs: [optional('good')], before: { good: 'success' }, skipped: [] },
  {
    name: 'one that the comment starts is left',
    say: '/skip\n/test job',
    jobs: [optional('job'), optional('other')],
    before: { job: 'failure', other: 'failure' },
    skipped: ['other'],
  },
  {
    name: 'one that the comment starts with all others',
    say: '/skip\n/test all',
    jobs: [optional('job', { always_run: true })],
    before: { job: 'failure' },
    skipped: [],
  },
  { name: 'what nobody knows stays', jobs: [optional('job')], before: { elsewhere: 'failure' }, skipped: [] },
  {
    name: 'a context that another command names',
    jobs: [optional('job', { context: 'ci/job' })],
    before: { 'ci/job': 'failure' },
    skipped: ['ci/job'],
  },
  { name: 'other words', say: '/skip it', jobs: [optional('job')], before: { job: 'failure' }, skipped: [] },
];

test.each(rows)('$name', async ({ say: words = '/skip', jobs, before, skipped }) => {
  const world = await say(skip, 'stranger', words, {
    world: { statuses: statuses(before) },
    ports: { jobs: jobsForTests({ presubmits: { 'acme/widgets': jobs } }).jobs },
  });
  const set = (world.statuses[HEAD] ?? []).filter(({ description }) => description === 'Skipped');
  expect(set.map(({ context }) => context).sort()).toEqual(skipped);
  expect(set.every(({ state }) => state === 'success')).toBe(true);
});

test.each([{ isPull: false }, { state: 'closed' as const }])('nothing on %j', async (world) => {
  expect((await say(skip, 'alice', '/skip', { world })).calls).toEqual([]);
});
