import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { FakePods } from '../pods/fake.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import type { PlankConfig } from './facts.ts';
import { type RunningController, startController } from './runtime.ts';
import { other, settle, testConfig, testPod } from './testing.ts';

let store: EmbeddedStore;
let pods: FakePods;
let controller: RunningController;
let config: PlankConfig;
let builds: number;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-02T03:05:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  store = new EmbeddedStore({ path: ':memory:' });
  pods = new FakePods();
  config = testConfig();
  builds = 0;
  start();
});
afterEach(async () => {
  await controller.stop();
  store.close();
  vi.useRealTimers();
});

function start(): void {
  controller = startController({
    store,
    pods,
    config: () => config,
    podFor: testPod,
    jobUrl: () => '',
    buildId: async () => {
      builds += 1;
      return String(builds);
    },
    version: 'v1',
    now: Date.now,
    log: createLogger('test', 'silent'),
    metrics: createMetrics(),
  });
}

async function states(): Promise<Record<string, string | undefined>> {
  await settle();
  const { items } = await store.list();
  return Object.fromEntries(items.map((job) => [job.metadata.name, job.status.state]).sort());
}

async function status(name: string) {
  await settle();
  return (await store.get(name))?.status;
}

async function make(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await store.create(sampleJob(`j${n}`, other(n)));
}

describe('a pod', () => {
  it('stopped is deleted by its uid, since its successor has the same name', async () => {
    await store.create(sampleJob('a'));
    await settle();
    const uid = pods.pods.get('a')?.metadata.uid;
    const deleted: unknown[] = [];
    const remove = pods.delete.bind(pods);
    pods.delete = (cluster, name, options) => {
      deleted.push(options);
      return remove(cluster, name, options);
    };
    pods.report('a', { phase: 'Failed', reason: 'Evicted' });
    await settle();
    expect((await store.get('a'))?.status.build_id).toBe('2');
    expect(deleted).toEqual([{ uid }]);
  });
});

describe('a job that somebody else changes meanwhile', () => {
  /** Before the pod is created. */
  const before = (change: () => Promise<unknown>) => {
    const create = pods.create.bind(pods);
    pods.create = async (...args) => {
      await change();
      pods.create = create;
      return create(...args);
    };
  };

  it('and ends under another build id keeps no pod of ours', async () => {
    const completionTime = '2026-01-02T03:05:00Z';
    before(() =>
      store.update('a', (job) => ({
        ...job,
        status: { ...job.status, state: 'success', build_id: '99', completionTime },
      })),
    );
    await store.create(sampleJob('a'));
    expect(await status('a')).toMatchObject({ state: 'success', build_id: '99', completionTime });
    expect(pods.calls).toEqual(['create a', 'delete a']);
  });

  it('and deletes, before our own change was answered, counts no more', async () => {
    config.max_concurrency = 1;
    const update = store.update.bind(store);
    const answered = Promise.withResolvers<void>();
    store.update = async (...args) => {
      const job = await update(...args);
      store.update = update;
      await store.delete('a');
      await settle();
      answered.resolve();
      return job;
    };
    await store.create(sampleJob('a'));
    await answered.promise;
    await settle();
    await store.create(sampleJob('b', other(6)));
    expect((await status('b'))?.state).toBe('pending');
  });
});

describe('limits and clusters', () => {
  it('a job keeps its place whose pod is there and whose status could not be written', async () => {
    config.max_concurrency = 1;
    const update = store.update.bind(store);
    let away = true;
    store.update = async (...args) => {
      if (away) throw new CutwaterError('transient', 'no');
      return update(...args);
    };
    await make(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pods.calls).toEqual(['create j0']);
    away = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await states()).toEqual({ j0: 'pending', j1: 'triggered' });
  });

  it('a job that the controller before gave a pod takes its place before others', async () => {
    config.max_concurrency = 1;
    await controller.stop();
    await make(2);
    const metadata = { name: 'j0', labels: { 'created-by-prow': 'true', 'prow.k8s.io/build-id': '99' } };
    await pods.create('default', { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
    start();
    expect(await states()).toEqual({ j0: 'pending', j1: 'triggered' });
  });

  it('a cluster that does not answer keeps no job of another waiting', async () => {
    config.max_goroutines = 1;
    const create = pods.create.bind(pods);
    const answer = Promise.withResolvers<void>();
    pods.aliases = [{ alias: 'default' }, { alias: 'far' }];
    pods.create = async (cluster, pod) => {
      if (cluster === 'far') await answer.promise;
      return create(cluster, pod);
    };
    await store.create(sampleJob('far', { spec: { ...other(1).spec, cluster: 'far' } }));
    await settle();
    await store.create(sampleJob('near', other(2)));
    expect(await states()).toEqual({ far: 'triggered', near: 'pending' });
    answer.resolve();
    expect(await states()).toEqual({ far: 'pending', near: 'pending' });
  });
});
