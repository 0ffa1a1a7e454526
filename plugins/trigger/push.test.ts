import { expect, test } from 'vitest';
import { happen } from '../../core/plugin/testing/index.ts';
import { jobsForTests } from '../../jobs/api/testing.ts';
import { trigger } from './index.ts';

const AFTER = 'e'.repeat(40);
const POSTSUBMITS = [
  { name: 'pass-butter', run_if_changed: '\\.sh$' },
  { name: 'pass-salt', branches: ['^main$'] },
  { name: 'pass-pepper', branches: ['release/v1.14'] },
  { name: 'pass-never', always_run: false },
];

const commits = (...added: string[]) => [{ added, removed: [], modified: [] }];

async function push(payload: object) {
  const { jobs, prowjobs } = jobsForTests({ postsubmits: { 'acme/widgets': POSTSUBMITS } });
  const repository = {
    name: 'widgets',
    owner: { login: 'acme', name: 'acme' },
    html_url: 'https://github.com/acme/widgets',
  };
  await happen(trigger, 'push', '', {
    ports: { jobs },
    payload: {
      ref: 'refs/heads/main',
      after: AFTER,
      deleted: false,
      compare: 'https://c',
      repository,
      commits: [],
      ...payload,
    },
  });
  return prowjobs();
}

test.each([
  { payload: { deleted: true }, starts: [] },
  { payload: { after: '0'.repeat(40) }, starts: [] },
  { payload: { commits: commits('a.txt') }, starts: ['pass-salt'] },
  {
    payload: { commits: [...commits('a.txt'), { added: [], removed: ['hack.sh'], modified: [] }] },
    starts: ['pass-butter', 'pass-salt'],
  },
  {
    payload: { ref: 'refs/heads/other', commits: [{ added: [], removed: [], modified: ['b.sh'] }] },
    starts: ['pass-butter'],
  },
  { payload: { ref: 'refs/heads/release/v1.14' }, starts: ['pass-pepper'] },
  { payload: { ref: 'refs/tags/release/v1.14' }, starts: ['pass-pepper'] },
])('$payload starts $starts', async ({ payload, starts }) => {
  expect((await push(payload)).map(({ spec }) => spec.job).sort()).toEqual(starts);
});

test('what is tested is the pushed commit', async () => {
  const [job] = await push({});
  expect(job?.spec).toMatchObject({
    type: 'postsubmit',
    refs: {
      org: 'acme',
      repo: 'widgets',
      repo_link: 'https://github.com/acme/widgets',
      base_ref: 'main',
      base_sha: AFTER,
      base_link: 'https://c',
    },
  });
  expect(job?.metadata.labels).toMatchObject({ 'event-GUID': 'd-1', 'prow.k8s.io/type': 'postsubmit' });
});
