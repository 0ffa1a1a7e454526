/**
 * How fast jobs go: from created to the first line of log, local jobs a minute, and a thousand jobs through the controller's decisions.
 * Run: `node bench/jobs.ts`. Prints a table; asserts nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../core/log.ts';
import { createMetrics } from '../core/metrics.ts';
import type { ProwJob } from '../jobs/api/prowjob.ts';
import { snowflakes } from '../jobs/buildid/snowflake.ts';
import { startController } from '../jobs/controller/runtime.ts';
import type { PodBackend } from '../jobs/pods/backend.ts';
import { FakePods } from '../jobs/pods/fake.ts';
import { openLocalPods } from '../jobs/pods/local/open.ts';
import { podOf } from '../jobs/spec/pod.ts';
import { EmbeddedStore } from '../jobs/store/embedded.ts';

const LAUNCHER = fileURLToPath(new URL('../cli/launch.mjs', import.meta.url));
const log = createLogger('bench', 'warn');
const minutes = (number: number) => number * 60_000;
const images = { clonerefs: 'x', initupload: 'x', entrypoint: 'x', sidecar: 'x' };

function job(name: string, folder?: string): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name },
    spec: {
      type: 'periodic',
      agent: 'kubernetes',
      job: 'bench',
      pod_spec: { containers: [{ name: 'test', image: 'x', command: ['sh', '-c', 'echo hello'] }] },
      ...(folder !== undefined && {
        decoration_config: {
          timeout: '1h0m0s',
          grace_period: '15s',
          utility_images: images,
          gcs_configuration: { bucket: `file://${folder}`, path_strategy: 'explicit' },
        },
      }),
    },
    status: { state: 'triggered', startTime: new Date().toISOString() },
  };
}

async function withController<T>(
  makePods: (folder: string) => Promise<PodBackend>,
  work: (store: EmbeddedStore, pods: PodBackend, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-jobs-'));
  const store = new EmbeddedStore({ path: path.join(folder, 'jobs.db') });
  const pods = await makePods(path.join(folder, 'pods'));
  const nextBuildId = snowflakes();
  const controller = startController({
    store,
    pods,
    log,
    version: 'bench',
    now: Date.now,
    metrics: createMetrics(),
    buildId: async () => nextBuildId(),
    podFor: (wanted) => podOf(wanted),
    jobUrl: () => '',
    config: () => ({
      pod_namespace: 'bench',
      pod_pending_timeout: minutes(10),
      pod_running_timeout: minutes(60),
      pod_unscheduled_timeout: minutes(5),
      max_revivals: 3,
      max_concurrency: 8,
      max_goroutines: 20,
      job_queue_capacities: {},
    }),
  });
  try {
    return await work(store, pods, folder);
  } finally {
    await controller.stop();
    for (const pod of await pods.list('')) await pods.delete('', pod.metadata.name ?? '', { gracePeriodSeconds: 0 });
    while ((await pods.list('')).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await pods.close();
    store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when so many jobs have ended; fails where one did not succeed. */
async function allDone(store: EmbeddedStore, resourceVersion: string, count: number): Promise<void> {
  let left = count;
  for await (const event of store.watch(resourceVersion, new AbortController().signal)) {
    if (event.type === 'bookmark' || event.job.status.completionTime === undefined) continue;
    if (event.job.status.state !== 'success')
      throw new Error(`${event.job.metadata.name}: ${event.job.status.description}`);
    left -= 1;
    if (left === 0) return;
  }
}

const local = (folder: string) =>
  openLocalPods('process', { folder, utilities: { command: [process.execPath, LAUNCHER] }, log });

async function firstLine(): Promise<number> {
  return withController(local, async (store, pods) => {
    const times: number[] = [];
    for (let round = 0; round < 11; round += 1) {
      const name = `first-${round}`;
      const begin = performance.now();
      await store.create(job(name));
      while (!(await pods.get('', name))) await new Promise((resolve) => setImmediate(resolve));
      for await (const _ of await pods.log('', name, 'test', { follow: true })) break;
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b)[5] ?? Number.NaN;
  });
}

async function throughput(count: number, decorated: boolean): Promise<number> {
  return withController(local, async (store, _pods, folder) => {
    const { resourceVersion } = await store.list();
    const begin = performance.now();
    const done = allDone(store, resourceVersion, count);
    for (let number = 0; number < count; number += 1) {
      await store.create(job(`job-${number}`, decorated ? folder : undefined));
    }
    await done;
    return (count * 60_000) / (performance.now() - begin);
  });
}

async function decisions(count: number): Promise<{ each: number; cpu: number }> {
  const pods = new FakePods();
  pods.aliases = [{ alias: 'default' }];
  const create = pods.create.bind(pods);
  pods.create = async (cluster, pod) => {
    const created = await create(cluster, pod);
    setImmediate(() => pods.report(pod.metadata.name ?? '', { phase: 'Succeeded', containerStatuses: [] }));
    return created;
  };
  return withController(
    async () => pods,
    async (store) => {
      const { resourceVersion } = await store.list();
      const [begin, cpu] = [performance.now(), process.cpuUsage()];
      const done = allDone(store, resourceVersion, count);
      for (let number = 0; number < count; number += 1) await store.create(job(`job-${number}`));
      await done;
      const used = process.cpuUsage(cpu);
      return { each: (performance.now() - begin) / count, cpu: (used.user + used.system) / 1000 / count };
    },
  );
}

const plain = await throughput(200, false);
const decorated = await throughput(40, true);
const first = await firstLine();
const decided = await decisions(1_000);
console.table({
  'created → first line, local (median, ms)': { value: first.toFixed(0) },
  'local jobs a minute, 8 at a time': { value: plain.toFixed(0) },
  'local decorated jobs a minute, 8 at a time': { value: decorated.toFixed(0) },
  '1,000 jobs from created to complete, pods in memory (ms a job)': { value: decided.each.toFixed(2) },
  'CPU of that (ms a job)': { value: decided.cpu.toFixed(2) },
});
