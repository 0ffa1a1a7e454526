import { expect, test } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import type { NewPresubmits, PullFacts } from '../api/jobs-port.ts';
import { jobsForTests } from '../api/testing.ts';
import type { Presubmit } from '../config/job.ts';
import { startedWithoutSlash } from './anchored.ts';

const [BASE, HEAD] = ['a'.repeat(40), 'b'.repeat(40)];

const pull = {
  number: 5,
  title: 'A change',
  author: 'bob',
  url: 'https://github.com/acme/widgets/pull/5',
  headSha: HEAD,
  headRef: 'topic',
  baseRef: 'main',
  baseSha: BASE,
};
const wanted = (jobs: string[], more: Partial<NewPresubmits> = {}): NewPresubmits => ({
  jobs,
  pull,
  delivery: 'd-1',
  ...more,
});

const facts = (files: string[] = []): PullFacts & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    branch: 'main',
    files: async () => {
      asked.push('files');
      return files;
    },
    contexts: async () => {
      asked.push('contexts');
      return { all: new Set(['unit']), failed: new Set(['unit']) };
    },
  };
};

const JOBS = {
  presubmits: {
    'acme/widgets': [
      { name: 'unit', always_run: true, labels: { preset: 'x' }, annotations: { owner: 'us' } },
      { name: 'lint', optional: true },
      { name: 'docs', run_if_changed: '\\.md$' },
      { name: 'twin', branches: ['main'] },
      { name: 'twin', branches: ['release'] },
    ],
    'acme/other': [{ name: 'else', always_run: true }],
  },
};

test('a presubmit becomes a ProwJob as Prow makes it', async () => {
  const { jobs, prowjobs } = jobsForTests(JOBS);
  const [name] = await jobs.startPresubmits(wanted(['unit'], { labels: { 'prow.k8s.io/retest': 'true' } }));
  const [made] = await prowjobs();
  expect(made?.metadata).toMatchObject({
    name,
    labels: {
      'created-by-prow': 'true',
      'event-GUID': 'd-1',
      'prow.k8s.io/is-optional': 'false',
      'prow.k8s.io/refs.pull': '5',
      'prow.k8s.io/retest': 'true',
      'prow.k8s.io/type': 'presubmit',
      preset: 'x',
    },
    annotations: { owner: 'us', 'prow.k8s.io/job': 'unit' },
  });
  expect(made?.spec).toMatchObject({
    type: 'presubmit',
    job: 'unit',
    context: 'unit',
    report: true,
    rerun_command: '/test unit',
  });
  expect(made?.spec.refs).toEqual({
    org: 'acme',
    repo: 'widgets',
    repo_link: 'https://github.com/acme/widgets',
    base_ref: 'main',
    base_sha: BASE,
    base_link: `https://github.com/acme/widgets/commit/${BASE}`,
    pulls: [
      {
        number: 5,
        author: 'bob',
        sha: HEAD,
        head_ref: 'topic',
        title: 'A change',
        link: 'https://github.com/acme/widgets/pull/5',
        author_link: 'https://github.com/bob',
        commit_link: `https://github.com/acme/widgets/pull/5/commits/${HEAD}`,
      },
    ],
  });
  expect(made?.status.state).toBe('triggered');
});

test('the same delivery creates nothing twice, another one does', async () => {
  const { jobs, prowjobs } = jobsForTests(JOBS);
  const first = await jobs.startPresubmits(wanted(['unit', 'lint']));
  expect(await jobs.startPresubmits(wanted(['unit', 'lint']))).toEqual(first);
  expect(first[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await jobs.startPresubmits(wanted(['unit'], { delivery: 'd-2' }));
  expect(await prowjobs()).toHaveLength(3);
});

test('of several jobs of one name the one for the base branch starts', async () => {
  const { jobs, prowjobs } = jobsForTests(JOBS);
  expect(await jobs.startPresubmits(wanted(['twin', 'unknown']))).toHaveLength(1);
  expect((await prowjobs())[0]?.spec.refs?.base_ref).toBe('main');
});

test('one job that cannot be created keeps none of the others from it', async () => {
  const { jobs, store, prowjobs } = jobsForTests(JOBS);
  const { create } = store;
  store.create = async (job) => {
    if (job.spec.job === 'unit') throw new CutwaterError('transient', 'no room');
    return create.call(store, job);
  };
  await expect(jobs.startPresubmits(wanted(['unit', 'lint']))).rejects.toThrow('no room');
  expect((await prowjobs()).map(({ spec }) => spec.job)).toEqual(['lint']);
});

test('a job that need not run is recorded as ended', async () => {
  const { jobs, prowjobs } = jobsForTests(JOBS);
  await jobs.startPresubmits(
    wanted(['unit'], { ended: { state: 'success', description: 'Overridden by root', url: 'https://x' } }),
  );
  expect((await prowjobs())[0]?.status).toMatchObject({
    state: 'success',
    description: 'Overridden by root',
    url: 'https://x',
  });
  expect((await prowjobs())[0]?.status.completionTime).toBeDefined();
});

test("aborts this pull request's presubmits that have not ended, but for the delivery's own", async () => {
  const { jobs, store, prowjobs } = jobsForTests(JOBS);
  const [old, done] = await jobs.startPresubmits(wanted(['unit', 'lint']));
  await store.update(done ?? '', (job) => ({
    ...job,
    status: { ...job.status, state: 'success', completionTime: '2026-01-01T00:00:00Z' },
  }));
  await jobs.startPresubmits(wanted(['unit'], { delivery: 'd-2' }));
  await jobs.startPresubmits(wanted(['unit'], { pull: { ...pull, number: 6 } }));
  expect(await jobs.abortPresubmits('d-2')).toEqual([old]);
  expect((await store.get(old ?? ''))?.status).toMatchObject({
    state: 'aborted',
    description: 'Aborted by trigger plugin.',
  });
  expect((await prowjobs()).filter(({ status }) => status.state === 'aborted')).toHaveLength(1);
  expect(await jobs.ofPull()).toHaveLength(3);
});

test('facts are asked for only where a job depends on them', async () => {
  const { jobs } = jobsForTests(JOBS);
  const presubmits = await jobs.presubmits();
  const [named, automatic, again] = [facts(), facts(['a.md']), facts()];
  const ran = async (wish: object, of: PullFacts) =>
    (await presubmits.select(wish, of)).filter(({ runs }) => runs).map(({ job }) => job.name);
  expect(await ran({ text: '/test docs' }, named)).toEqual(['docs']);
  expect(named.asked).toEqual([]);
  expect(await ran({ automatic: true }, automatic)).toEqual(['unit', 'docs']);
  expect(automatic.asked).toEqual(['files']);
  expect(await ran({ retest: true }, again)).toEqual(['unit']);
  expect(again.asked).toEqual(['contexts', 'files']);
});

test('presubmits as plugins see them', async () => {
  const { jobs } = jobsForTests(JOBS);
  const presubmits = await jobs.presubmits();
  expect(presubmits.jobs[1]).toEqual({
    name: 'lint',
    context: 'lint',
    optional: true,
    required: false,
    manual: true,
    rerunCommand: '/test lint',
  });
  expect(presubmits.jobs.map((job) => presubmits.couldRun(job, 'main'))).toEqual([true, true, true, true, false]);
  expect(presubmits.triggeredBy('/test lint')).toBe(true);
  expect(presubmits.triggeredBy('please /test lint')).toBe(false);
  expect(await presubmits.available(facts(['x.go']))).toEqual({
    all: ['unit'],
    requiredCommands: ['/test docs', '/test twin', '/test unit'],
    optionalCommands: ['/test lint'],
  });
});

test("a repository's own jobs count where they can be read, and are told where not", async () => {
  const own = { ...(JOBS.presubmits['acme/widgets'][0] as object), name: 'own', context: 'own', trigger: '(?m)^/own' };
  const inRepo = (presubmits: () => Promise<Presubmit[]>) => ({
    enabledFor: () => true,
    presubmits,
    postsubmits: async () => [],
  });
  const good = jobsForTests({ ...JOBS, inRepo: inRepo(async () => [own as unknown as Presubmit]) });
  const names = (await good.jobs.presubmits({ baseSha: BASE, headSha: HEAD })).jobs.map(({ name }) => name);
  expect(names.at(-1)).toBe('own');
  const wrong = jobsForTests({
    ...JOBS,
    inRepo: inRepo(() => Promise.reject(new CutwaterError('config', '.prow.yaml:1:1: no'))),
  });
  const fallen = await wrong.jobs.presubmits({ baseSha: BASE, headSha: HEAD });
  expect([fallen.jobs.length, fallen.inRepoProblem]).toEqual([5, '.prow.yaml:1:1: no']);
  const away = jobsForTests({ ...JOBS, inRepo: inRepo(() => Promise.reject(new CutwaterError('transient', '502'))) });
  await expect(away.jobs.presubmits({ baseSha: BASE, headSha: HEAD })).rejects.toThrow('502');
});

test.each([
  ['(?m)^/test( | .* )unit,?($|\\s.*)', false],
  ['(?m)^/test( | .* )(unit|all)', false],
  ['(?m)^/[|]x', false],
  ['(?m)^/test unit|please', true],
  ['(?m)^/?test', true],
  ['please test', true],
  ['((?m)^/test unit)', true],
])('%s may match a comment without a slash line: %s', (trigger, may) => {
  expect(startedWithoutSlash([{ trigger } as Presubmit])).toHaveLength(may ? 1 : 0);
});
