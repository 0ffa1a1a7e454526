import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJobStatus, ProwJobType } from '../api/prowjob.ts';
import type { Pod } from '../pods/backend.ts';
import { FakePods } from '../pods/fake.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import { configMapSizes } from './configmaps.ts';
import { emptyTally, sinkerMetrics } from './metrics.ts';
import { clean, type SinkerPorts } from './sinker.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-02-01T00:00:00Z');
const ago = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

function setup(more: Partial<SinkerPorts> = {}) {
  const store = new EmbeddedStore({ path: ':memory:', now: () => NOW });
  const pods = new FakePods();
  const ports: SinkerPorts = {
    store,
    pods,
    config: () => ({
      resync_period: HOUR,
      max_prowjob_age: 168 * HOUR,
      max_pod_age: 24 * HOUR,
      terminated_pod_ttl: 12 * HOUR,
      exclude_clusters: ['spared'],
    }),
    periodics: () => new Set(['nightly']),
    dryRun: false,
    now: () => NOW,
    log: createLogger('test', 'silent'),
    ...more,
  };
  const job = (
    name: string,
    started: number,
    ended: number | undefined,
    type: ProwJobType = 'presubmit',
    spec = type === 'periodic' ? 'nightly' : 'unit',
  ) => {
    const status: ProwJobStatus = {
      startTime: ago(started),
      ...(ended === undefined ? { state: 'pending' } : { state: 'success', completionTime: ago(ended) }),
    };
    return store.create(sampleJob(name, { spec: { type, job: spec }, status }));
  };
  const pod = async (name: string, created: number, started?: number, metadata: Pod['metadata'] = {}) => {
    pods.now = () => NOW - created * HOUR;
    await pods.create('default', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { 'created-by-prow': 'true' }, ...metadata },
      spec: { containers: [] },
    });
    pods.report(name, started === undefined ? { phase: 'Pending' } : { phase: 'Running', startTime: ago(started) });
  };
  const left = async () => ({
    jobs: (await store.list()).items.map((item) => item.metadata.name).sort(),
    pods: [...pods.pods.keys()].sort(),
  });
  return { store, pods, ports, job, pod, left };
}

describe('jobs', () => {
  it('go when they are complete and old, but for the newest run of a configured periodic', async () => {
    const { job, ports, left, store } = setup();
    await job('old', 169, 160);
    await job('young', 167, 160);
    await job('running', 999, undefined);
    await job('p-new', 170, 169, 'periodic');
    await job('p-old', 180, 179, 'periodic');
    await job('p-unknown', 170, 169, 'periodic', 'removed');
    await job('batch', 169, 160, 'batch');
    await store.create(
      sampleJob('timeless', { status: { startTime: undefined as never, state: 'error', completionTime: ago(1) } }),
    );
    const tally = await clean(ports);
    expect((await left()).jobs).toEqual(['p-new', 'running', 'young']);
    expect(Object.fromEntries(tally.jobsRemoved)).toEqual({ aged: 3, 'aged-periodic': 2 });
    expect(tally.jobs).toBe(8);
  });

  it('a finished run goes where a newer one still runs', async () => {
    const { job, ports, left } = setup();
    await job('p-old', 180, 179, 'periodic');
    await job('p-running', 170, undefined, 'periodic');
    await clean(ports);
    expect((await left()).jobs).toEqual(['p-running']);
  });

  it('stay in a dry run, and so do pods', async () => {
    const { job, pod, ports, left } = setup({ dryRun: true });
    await job('old', 169, 160);
    await pod('old', 169, 169);
    await pod('orphan', 1);
    await clean(ports);
    expect(await left()).toEqual({ jobs: ['old'], pods: ['old', 'orphan'] });
  });

  it('that can not be deleted are counted', async () => {
    const { job, ports, store } = setup();
    await job('old', 169, 160);
    store.delete = async () => {
      throw new CutwaterError('forbidden', 'no');
    };
    expect(Object.fromEntries((await clean(ports)).jobErrors)).toEqual({ Forbidden: 1 });
  });
});

describe('pods', () => {
  it('go when they are old, when their job ended long ago, or when they have none', async () => {
    const { job, pod, ports, left } = setup();
    await job('aged', 30, 1);
    await pod('aged', 30, 25);
    await job('ttled', 20, 13);
    await pod('ttled', 20, 20);
    await job('fresh', 20, 11);
    await pod('fresh', 20, 20);
    await job('running', 99, undefined);
    await pod('running', 99, 99);
    await job('labelled', 20, 13);
    await pod('other-name', 20, 20, { labels: { 'created-by-prow': 'true', 'prow.k8s.io/id': 'labelled' } });
    await pod('orphan', 1);
    await pod('orphan-young', 20 / 3600);
    const tally = await clean(ports);
    expect((await left()).pods).toEqual(['fresh', 'orphan-young', 'running']);
    expect(Object.fromEntries(tally.podsRemoved)).toEqual({ aged: 1, ttled: 2, orphaned: 1 });
    expect(tally.pods).toBe(7);
  });

  it('and jobs are left to the next pass when we are told to stop', async () => {
    const { job, pod, ports, store, left } = setup();
    for (const name of ['old', 'older']) await job(name, 169, 160);
    for (const name of ['orphan-a', 'orphan-b']) await pod(name, 1);
    const stopping = new AbortController();
    const remove = store.delete.bind(store);
    store.delete = async (name) => {
      stopping.abort();
      return remove(name);
    };
    await clean(ports, stopping.signal);
    expect((await left()).jobs).toHaveLength(1);
    expect((await left()).pods).toEqual(['orphan-a', 'orphan-b']);
  });

  it('lose a finalizer that nobody will take off', async () => {
    const { job, pod, ports, pods, store } = setup();
    const finalizers = ['prow.x-k8s.io/gcsk8sreporter', 'other'];
    await job('reported', 2, 1);
    await store.update('reported', (found) => ({
      ...found,
      status: { ...found.status, prev_report_states: { gcsk8sreporter: 'success' } },
    }));
    await job('unreported', 2, 1);
    for (const name of ['reported', 'unreported', 'orphan-young'])
      await pod(name, 20 / 3600, undefined, { labels: { 'created-by-prow': 'true' }, finalizers });
    await clean(ports);
    expect([...pods.pods].map(([name, { metadata }]) => [name, metadata.finalizers?.length])).toEqual([
      ['reported', 1],
      ['unreported', 2],
      ['orphan-young', 1],
    ]);
  });

  it('of excluded and unreachable clusters stay, and those of the others do not wait for them', async () => {
    const { pod, ports, pods } = setup();
    await pod('orphan', 1);
    pods.aliases = [{ alias: 'spared' }, { alias: 'far', problem: 'timeout' }];
    expect((await clean(ports)).pods).toBe(0);
    pods.aliases = [{ alias: 'broken' }, { alias: 'default' }];
    const list = pods.list.bind(pods);
    let first = true;
    pods.list = async () => {
      if (!first) return list();
      first = false;
      throw new CutwaterError('transient', 'timeout');
    };
    expect((await clean(ports)).pods).toBe(1);
  });
});

it('metrics say what the last pass with something to do did', async () => {
  const registry = createMetrics();
  const report = sinkerMetrics(registry);
  report({ ...emptyTally(), podsRemoved: new Map([['aged', 3]]), jobs: 7 });
  report({ ...emptyTally(), podsRemoved: new Map([['orphaned', 1]]), jobs: 5 });
  const text = await registry.metrics();
  expect(text).toContain('sinker_prow_jobs_existing 5\n');
  expect(text).toContain('sinker_pods_removed{reason="orphaned"} 1\n');
  expect(text).toContain('sinker_pods_removed{reason="aged"} 3\n');
});

it('config maps are measured as they are mounted: each file once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'configmaps-'));
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name, '..2026'), { recursive: true });
    await writeFile(join(folder, name, '..2026', 'jobs.yaml'), name.repeat(10));
    await symlink('..2026', join(folder, name, '..data'));
    await symlink('..data/jobs.yaml', join(folder, name, 'jobs.yaml'));
  }
  await mkdir(join(folder, 'plain'));
  expect([...(await configMapSizes(folder)).values()]).toEqual([30, 30]);
  expect([...(await configMapSizes(join(folder, 'one'))).values()]).toEqual([30]);
  const file = join(folder, 'one', 'jobs.yaml');
  expect([...(await configMapSizes(file))]).toEqual([[file, 30]]);
  await rm(folder, { recursive: true });
});
