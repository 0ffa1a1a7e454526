import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { createStorage } from '../../core/storage/index.ts';
import type { Presubmit } from '../config/job.ts';
import { statusChanges } from './changes.ts';
import { move, type ReconcilerStatus, retire } from './migrate.ts';
import { type OpenPull, type ReconcilerDependencies, StatusReconciler } from './reconciler.ts';

const job = (name: string, more: Partial<Presubmit> = {}): Presubmit =>
  ({ name, context: name, always_run: true, trigger: '', rerun_command: '', ...more }) as Presubmit;
/** One name, and a context and files of its own on each branch. */
const variants = ['main', 'release'].map((branch) =>
  job('a', { context: `a-${branch}`, branches: [branch], always_run: false, run_if_changed: branch }),
);
const repo = (...jobs: Presubmit[]) => ({ 'o/r': jobs });
const status = (context: string, state: ReconcilerStatus['state'] = 'failure'): ReconcilerStatus => ({
  context,
  state,
  description: 'd',
  targetUrl: 'u',
});

describe('what a changed configuration means', () => {
  it.each([
    { name: 'nothing', before: repo(job('a')), after: repo(job('a')), added: 0, removed: 0, renamed: 0 },
    { name: 'a new required job', before: repo(), after: repo(job('a')), added: 1, removed: 0, renamed: 0 },
    {
      name: 'a new optional one',
      before: repo(),
      after: repo(job('a', { optional: true })),
      added: 0,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'a new one that people start',
      before: repo(),
      after: repo(job('a', { always_run: false })),
      added: 0,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'one that reports now',
      before: repo(job('a', { skip_report: true })),
      after: repo(job('a')),
      added: 1,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'other files',
      before: repo(job('a', { always_run: false, run_if_changed: 'x' })),
      after: repo(job('a', { always_run: false, run_if_changed: 'y' })),
      added: 1,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'one that is required now',
      before: repo(job('a', { optional: true })),
      after: repo(job('a')),
      added: 0,
      removed: 0,
      renamed: 0,
    },
    { name: 'a removed job', before: repo(job('a')), after: repo(), added: 0, removed: 1, renamed: 0 },
    { name: 'a removed repository', before: repo(job('a')), after: {}, added: 0, removed: 1, renamed: 0 },
    { name: 'a new repository', before: {}, after: repo(job('a')), added: 0, removed: 0, renamed: 0 },
    {
      name: 'another context',
      before: repo(job('a')),
      after: repo(job('a', { context: 'b' })),
      added: 0,
      removed: 0,
      renamed: 1,
    },
    {
      name: 'nothing, with jobs of one name for branches of their own',
      before: repo(...variants),
      after: repo(...variants),
      added: 0,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'one of them that is optional now',
      before: repo(...variants),
      after: repo(...variants.map((each, index) => ({ ...each, optional: index === 0 }))),
      added: 0,
      removed: 0,
      renamed: 0,
    },
    {
      name: 'another job for the same context',
      before: repo(job('a')),
      after: repo(job('b', { context: 'a' })),
      added: 1,
      removed: 0,
      renamed: 0,
    },
  ])('$name', ({ before, after, added, removed, renamed }) => {
    const changes = statusChanges(before, after);
    const count = (map: Map<string, unknown[]>) => map.get('o/r')?.length ?? 0;
    expect([count(changes.added), count(changes.removed), count(changes.renamed)]).toEqual([added, removed, renamed]);
  });

  it("retires and moves contexts in Prow's words", () => {
    expect(retire([status('a')], 'a')).toEqual([
      { context: 'a', state: 'success', description: 'Context retired without replacement.', targetUrl: '' },
    ]);
    expect(retire([status('b')], 'a')).toEqual([]);
    expect(move([status('a')], 'a', 'b')).toEqual([
      status('b'),
      { context: 'a', state: 'success', description: 'Context retired. Status moved to "b".', targetUrl: '' },
    ]);
    expect(move([status('a'), status('b')], 'a', 'b')).toEqual([]);
    expect(move([], 'a', 'b')).toEqual([]);
  });
});

describe('the status reconciler', () => {
  let folder: string;
  let calls: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'statusreconciler-'));
    calls = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const pull = (number: number, more: Partial<OpenPull> = {}): OpenPull => ({
    number,
    author: 'a',
    draft: false,
    mergeable: true,
    headSha: `sha${number}`,
    baseRef: 'main',
    ...more,
  });
  const pulls = [
    pull(1),
    pull(2, { draft: true }),
    pull(3, { mergeable: false }),
    pull(4, { author: 'stranger' }),
    pull(5, { baseRef: 'release' }),
  ];

  function make(more: Partial<ReconcilerDependencies> = {}) {
    return new StatusReconciler({
      ports: {
        openPulls: async () => pulls,
        statuses: async (_org, _repo, sha) => {
          if (sha === 'sha1') throw new Error('GitHub is away');
          return [status('a')];
        },
        createStatus: async (_org, _repo, sha, { context, description }) =>
          void calls.push(`${sha} ${context}: ${description}`),
        trusted: async (_org, _repo, { author }) => author !== 'stranger',
        start: async (_org, _repo, { number }, jobs) =>
          void calls.push(`start ${jobs.map(({ name }) => name).join()} on ${number}`),
      },
      storage: createStorage(),
      statusPath: join(folder, 'status.json'),
      denylist: [],
      denylistAll: [],
      continueOnError: true,
      dryRun: false,
      log: createLogger('test', 'silent'),
      ...more,
    });
  }

  it('starts what is newly required where it may run, also when the change came while we were away', async () => {
    await make().onConfig(repo());
    expect(calls).toEqual([]);
    await make().onConfig(repo(job('a', { branches: ['main'] })));
    expect(calls).toEqual(['start a on 1']);
    await make().onConfig(repo(job('a', { branches: ['main'] })));
    expect(calls).toEqual(['start a on 1']);
  });

  it('moves a context to its heir on the branch of the pull request, and leaves it alone where it is still its own', async () => {
    const reconciler = make();
    await reconciler.onConfig(repo(job('a')));
    calls = [];
    await reconciler.onConfig(
      repo(job('a', { branches: ['main'] }), job('a', { context: 'a-release', branches: ['release'] })),
    );
    expect(calls).toEqual(['sha5 a-release: d', 'sha5 a: Context retired. Status moved to "a-release".']);
  });

  it('goes on after a failure when told to, and else stops', async () => {
    const one = make();
    await one.onConfig(repo(job('a')));
    await one.onConfig(repo());
    expect(calls).toEqual(
      ['sha2', 'sha3', 'sha4', 'sha5'].map((sha) => `${sha} a: Context retired without replacement.`),
    );
    calls = [];
    const other = make({ continueOnError: false });
    await other.onConfig(repo(job('a')));
    await other.onConfig(repo());
    expect(calls.length).toBeLessThan(4);
  });

  it.each([
    { name: 'denylist', more: { denylist: ['o'] }, started: 0, moved: 8 },
    { name: 'denylist-all', more: { denylistAll: ['o/r'] }, started: 0, moved: 0 },
    { name: 'dry-run', more: { dryRun: true }, started: 0, moved: 0 },
    { name: 'nothing', more: {}, started: 2, moved: 8 },
  ])('with $name starts $started and sets $moved', async ({ more, started, moved }) => {
    const reconciler = make(more);
    await reconciler.onConfig(repo(job('a')));
    await reconciler.onConfig(repo(job('a', { context: 'b' }), job('new')));
    expect([
      calls.filter((call) => call.startsWith('start')).length,
      calls.filter((call) => call.startsWith('sha')).length,
    ]).toEqual([started, moved]);
  });
});
