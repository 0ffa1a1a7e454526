import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { parseLabelSelector } from '../../core/kube/label-selector.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import { FakePods } from '../pods/fake.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import type { PlankConfig } from './facts.ts';
import { type RunningController, startController } from './runtime.ts';
import { MINUTE, other, SUCCEEDED, settle, testConfig, testPod } from './testing.ts';

let store: EmbeddedStore;
let pods: FakePods;
let controller: RunningController;
let config: PlankConfig;
let builds: number;
let address: string;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-02T03:05:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  store = new EmbeddedStore({ path: ':memory:' });
  pods = new FakePods();
  builds = 0;
  address = 'https://prow';
  config = testConfig();
  start();
});

afterEach(async () => {
  await controller.stop();
  store.close();
  vi.useRealTimers();
});

function start(on: ProwJobStore = store, podSelector = parseLabelSelector('')): void {
  controller = startController({
    store: on,
    pods,
    config: () => config,
    podFor: (job, buildId) => {
      if (job.spec.job === 'broken') throw new Error('decoration failed');
      return testPod(job, buildId);
    },
    jobUrl: ({ status }) => (address ? `${address}/${status.build_id}` : ''),
    buildId: async () => {
      builds += 1;
      return String(builds);
    },
    version: 'v1',
    podSelector,
    now: Date.now,
    log: createLogger('test', 'silent'),
    metrics: createMetrics(),
  });
}

async function status(name: string): Promise<ProwJob['status'] | undefined> {
  await settle();
  return (await store.get(name))?.status;
}

/** The labels by which the job of a build is found. */
const foundBy = (buildId: string) => ({ 'prow.k8s.io/id': 'a', 'prow.k8s.io/build-id': buildId });
const labels = async (name: string) => (await store.get(name))?.metadata.labels;

async function states(): Promise<Record<string, string | undefined>> {
  await settle();
  const { items } = await store.list();
  return Object.fromEntries(items.map((job) => [job.metadata.name, job.status.state]).sort());
}

const succeed = (name: string) => pods.report(name, SUCCEEDED);

describe('a job', () => {
  it('goes from triggered over pending to its end', async () => {
    await store.create(sampleJob('a'));
    expect(await status('a')).toMatchObject({
      state: 'pending',
      build_id: '1',
      pod_name: 'a',
      pendingTime: '2026-01-02T03:05:00Z',
      description: 'Job triggered.',
      url: 'https://prow/1',
    });
    expect(await labels('a')).toEqual({ ...sampleJob('a').metadata.labels, ...foundBy('1') });
    expect(pods.pods.get('a')?.metadata).toMatchObject({
      namespace: 'test-pods',
      labels: { 'prow.k8s.io/plank-version': 'v1' },
    });
    pods.report('a', { phase: 'Running', startTime: '2026-01-02T03:05:00Z' });
    succeed('a');
    expect(await status('a')).toMatchObject({
      state: 'success',
      description: 'Job succeeded.',
      completionTime: '2026-01-02T03:05:00Z',
    });
    expect(pods.calls).toEqual(['create a']);
  });

  it('that was there before the controller is taken up', async () => {
    await controller.stop();
    await store.create(sampleJob('a'));
    await store.create(sampleJob('done', { status: { state: 'success', completionTime: '2026-01-02T03:04:06Z' } }));
    start();
    expect(await states()).toEqual({ a: 'pending', done: 'success' });
  });

  it('whose pod was created just before a kill takes it over, with its build id', async () => {
    await controller.stop();
    await pods.create('default', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', labels: { 'prow.k8s.io/build-id': '99' } },
      spec: { containers: [] },
    });
    await store.create(sampleJob('a'));
    start();
    expect(await status('a')).toMatchObject({ state: 'pending', build_id: '99' });
    expect(pods.calls).toEqual(['create a']);
  });

  it.each([
    [
      new CutwaterError('invalid', 'Pod "a" is invalid: spec: no'),
      'Pod can not be created: create pod test-pods/a in cluster default: Pod "a" is invalid: spec: no',
    ],
    [
      new CutwaterError('forbidden', 'exceeded quota'),
      'Pod can not be created: create pod test-pods/a in cluster default: exceeded quota',
    ],
  ])('ends in error where the pod is refused: %s', async (failure, description) => {
    pods.failures = [failure];
    await store.create(sampleJob('a'));
    const completionTime = expect.any(String);
    expect(await status('a')).toMatchObject({ state: 'error', description, build_id: '1', completionTime });
    expect(await labels('a')).toMatchObject(foundBy('1'));
  });

  it('ends in error where no pod can be made of it', async () => {
    await store.create(sampleJob('a', { spec: { job: 'broken' } }));
    expect(await status('a')).toMatchObject({
      state: 'error',
      description: 'Pod can not be created: decoration failed',
    });
    expect(await labels('a')).toEqual(sampleJob('a').metadata.labels);
  });

  it.each(['https://new', ''])('has its address made anew when it ends: %s', async (changed) => {
    await store.create(sampleJob('a'));
    await settle();
    address = changed;
    succeed('a');
    expect((await status('a'))?.url).toBe(changed ? 'https://new/1' : undefined);
  });

  it('is tried again where the cluster fails for a moment', async () => {
    pods.failures = [new CutwaterError('transient', 'timeout'), new CutwaterError('transient', 'timeout')];
    await store.create(sampleJob('a'));
    expect((await status('a'))?.state).toBe('triggered');
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await status('a'))?.state).toBe('pending');
  });

  it('waits for a cluster that can not be reached, and says so', async () => {
    pods.aliases = [{ alias: 'default', problem: 'connection refused' }];
    await store.create(sampleJob('a'));
    expect(await status('a')).toMatchObject({
      state: 'triggered',
      description: 'Waiting for cluster "default": connection refused',
    });
    pods.aliases = [{ alias: 'default' }];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await status('a')).toMatchObject({ state: 'pending', description: 'Job triggered.' });
  });
});

describe('a label selector', () => {
  it('has pods that it does not choose left alone', async () => {
    await controller.stop();
    start(store, parseLabelSelector('team=a'));
    await store.create(sampleJob('mine'));
    await store.create(sampleJob('theirs', other(2)));
    await settle();
    pods.report('mine', {}, { labels: { 'created-by-prow': 'true', 'prow.k8s.io/build-id': '1', team: 'a' } });
    for (const name of ['mine', 'theirs']) succeed(name);
    expect(await states()).toEqual({ mine: 'success', theirs: 'pending' });
  });
});

describe('a pod', () => {
  beforeEach(async () => {
    await store.create(sampleJob('a'));
    await settle();
  });

  it('that is gone is replaced, under a new build id', async () => {
    pods.vanish('a');
    expect(await status('a')).toMatchObject({ state: 'pending', build_id: '2', url: 'https://prow/2' });
    expect(await labels('a')).toMatchObject(foundBy('2'));
    expect(pods.calls).toEqual(['create a', 'create a']);
  });

  it('that is found again, once its cluster is, ends the waiting of its job', async () => {
    const [pod] = await pods.list();
    pods.aliases = [{ alias: 'default', problem: 'connection refused' }];
    pods.vanish('a');
    expect((await status('a'))?.description).toBe('Waiting for cluster "default": connection refused');
    pods.aliases = [{ alias: 'default' }];
    if (pod) await pods.create('default', pod);
    await settle();
    expect(await status('a')).toMatchObject({ state: 'pending', build_id: '1', description: 'Job triggered.' });
  });

  it('that is evicted is replaced as often as is allowed, and the count is kept', async () => {
    config.max_revivals = 2;
    for (let count = 1; count <= 2; count += 1) {
      pods.report('a', { phase: 'Failed', reason: 'Evicted' });
      expect(await status('a')).toMatchObject({
        state: 'pending',
        pod_revival_count: count,
        build_id: String(count + 1),
      });
    }
    pods.report('a', { phase: 'Failed', reason: 'Evicted' });
    expect(await status('a')).toMatchObject({
      state: 'error',
      description: 'Job pod reached max revivals (2) after being stopped unexpectedly (evicted)',
    });
    expect(pods.calls.filter((call) => call === 'create a')).toHaveLength(3);
  });

  it('on a lost node is counted once, however long it takes to go', async () => {
    const deleting = { deletionTimestamp: '2026-01-02T03:05:00Z', finalizers: ['prow.x-k8s.io/gcsk8sreporter'] };
    pods.report('a', { phase: 'Running', reason: 'NodeLost' }, deleting);
    expect(await status('a')).toMatchObject({ state: 'pending', pod_revival_count: 1 });
    expect(pods.pods.get('a')?.metadata.finalizers).toEqual([]);
    pods.report('a', { phase: 'Running', reason: 'NodeLost' }, { labels: { 'prow.k8s.io/build-id': '1' } });
    expect(await status('a')).toMatchObject({ pod_revival_count: 1 });
    pods.vanish('a');
    expect(await status('a')).toMatchObject({ state: 'pending', pod_revival_count: 1, build_id: '2' });
    expect(pods.calls).toEqual(['create a', 'create a']);
  });

  it('that is never scheduled, never runs or runs too long is looked at in time, without anything happening', async () => {
    await vi.advanceTimersByTimeAsync(5 * MINUTE - 1_000);
    expect((await status('a'))?.state).toBe('pending');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await status('a')).toMatchObject({ state: 'error', description: 'Pod scheduling timeout.' });
    expect(pods.calls).toEqual(['create a', 'delete a']);

    await store.create(sampleJob('b', other(6)));
    await settle();
    pods.report('b', { phase: 'Running', startTime: new Date().toISOString() });
    await settle();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(await status('b')).toMatchObject({
      state: 'aborted',
      description: 'Pod running timeout.',
      completionTime: expect.any(String),
    });
    expect(pods.calls).toContain('delete b');
  });

  it('whose job was ended and which was to be deleted is deleted after a restart', async () => {
    await controller.stop();
    pods.report('a', { phase: 'Running' });
    await store.update('a', (job) => ({
      ...job,
      status: { ...job.status, state: 'aborted', completionTime: '2026-01-02T03:05:00Z' },
    }));
    start();
    await settle();
    expect(pods.calls).toEqual(['create a', 'delete a']);
  });
});

describe('an abort', () => {
  const abort = (name: string) =>
    store.update(name, (job) => ({ ...job, status: { ...job.status, state: 'aborted' } }));

  it('ends the pod, and completes the job once', async () => {
    await store.create(sampleJob('a'));
    await settle();
    pods.report('a', { phase: 'Running', startTime: '2026-01-02T03:05:00Z' });
    await abort('a');
    const done = await status('a');
    expect(done).toMatchObject({ state: 'aborted', completionTime: '2026-01-02T03:05:00Z' });
    const { metadata } = (await store.get('a')) ?? {};
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect((await store.get('a'))?.metadata.resourceVersion).toBe(metadata?.resourceVersion);
    expect(pods.calls).toEqual(['create a', 'delete a']);
  });

  it.each([
    ['Waiting for cluster "default": refused', undefined],
    ['Waiting: held back by max_concurrency (1) of unit.', undefined],
    ['Aborted by alice.', 'Aborted by alice.'],
  ])('leaves of %j what is still so', async (description, left) => {
    await store.create(sampleJob('a', { status: { state: 'aborted', description } }));
    const done = await status('a');
    expect(done?.completionTime).toBeDefined();
    expect(done?.description).toBe(left);
  });

  it('that comes between the pod and the change to pending is not lost', async () => {
    const create = pods.create.bind(pods);
    pods.create = async (...args) => {
      const pod = await create(...args);
      await abort('a');
      return pod;
    };
    await store.create(sampleJob('a'));
    expect(await status('a')).toMatchObject({ state: 'aborted', completionTime: expect.any(String) });
    expect(pods.calls).toEqual(['create a', 'delete a']);
  });

  it('comes with a newer run for the same pull request, and is not reported to GitHub', async () => {
    await store.create(sampleJob('old'));
    await settle();
    await store.create(sampleJob('new', { status: { startTime: '2026-01-02T03:04:06Z' } }));
    expect(await states()).toEqual({ old: 'aborted', new: 'pending' });
    expect(await status('old')).toMatchObject({
      prev_report_states: { 'github-reporter': 'aborted' },
      completionTime: expect.any(String),
    });
  });

  it('hits a late run that was started earlier, which never gets a pod', async () => {
    await store.create(sampleJob('new', { status: { startTime: '2026-01-02T03:04:06Z' } }));
    await settle();
    await store.create(sampleJob('late'));
    expect(await states()).toEqual({ late: 'aborted', new: 'pending' });
    expect(pods.calls).toEqual(['create new', 'delete late']);
  });
});

describe('limits', () => {
  const make = async (count: number, spec: ProwJob['spec'] = {}) => {
    for (let n = 0; n < count; n += 1) {
      await store.create(sampleJob(`j${n}`, { spec: { ...other(n).spec, ...spec } }));
    }
  };
  const pending = async () =>
    Object.entries(await states()).flatMap(([name, state]) => (state === 'pending' ? [name] : []));

  it.each<[string, ProwJob['spec'], Partial<PlankConfig>]>([
    ['max_concurrency of all', {}, { max_concurrency: 2 }],
    ['max_concurrency of a job', { max_concurrency: 2 }, {}],
    ['the capacity of a queue', { job_queue_name: 'q' }, { job_queue_capacities: { q: 2 } }],
  ])('%s holds for jobs created together, and the next starts as soon as one ends', async (_, spec, settings) => {
    Object.assign(config, settings);
    await make(4, spec);
    expect(await pending()).toHaveLength(2);
    expect((await store.list({ states: ['triggered'] })).items[0]?.status.description).toMatch(
      /^Waiting: held back by /,
    );
    const [first = ''] = await pending();
    succeed(first);
    expect(await pending()).toHaveLength(2);
    for (let left = 3; left > 0; left -= 1) succeed((await pending())[0] ?? '');
    expect(Object.values(await states())).toEqual(['success', 'success', 'success', 'success']);
  });

  it('those that were there before the controller start in the order of their age', async () => {
    config.max_concurrency = 2;
    await controller.stop();
    for (let n = 0; n < 4; n += 1)
      await store.create(sampleJob(`j${n}`, { ...other(n), status: { startTime: `2026-01-02T03:04:0${n}Z` } }));
    start();
    expect(await pending()).toEqual(['j0', 'j1']);
  });

  it('a job that fails to start gives its place back', async () => {
    config.max_concurrency = 1;
    pods.failures = [new CutwaterError('invalid', 'no')];
    await make(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Object.values(await states()).sort()).toEqual(['error', 'pending']);
  });
});
