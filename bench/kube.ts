/**
 * The pod-runner controller on a real API server (etcd and kube-apiserver from KUBEBUILDER_ASSETS).
 *   KUBEBUILDER_ASSETS=… node bench/kube.ts [--jobs 600] [--finished 20000]
 * Prow on the same kind of machine: 3.8 pods created a second; 300 to 1,226 MB with 20,000 finished ProwJobs.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createKubeClient, type KubeClient } from '../core/kube/client.ts';
import type { KubeTarget } from '../core/kube/kubeconfig.ts';
import { PODS, pathOf } from '../core/kube/paths.ts';
import { watchOnce } from '../core/kube/watch.ts';
import { createLogger } from '../core/log.ts';
import type { ProwJob } from '../jobs/api/prowjob.ts';
import { KubernetesProwJobStore } from '../jobs/store/kubernetes/store.ts';
import { sampleJob } from '../jobs/store/suite.ts';
import { openCluster, type TestCluster } from '../test/kube/support/cluster.ts';
import { startTestController } from '../test/kube/support/controller.ts';
import { kubeconfigText, temporaryFolder } from '../test/kube/support/files.ts';

interface Place {
  target: KubeTarget;
  prowjobNamespace: string;
  podNamespace: string;
}

interface Figures {
  rssMb: number;
  heapMb: number;
  cpuMs: number;
}

const IDLE_MS = 20_000;
const SETTLE_MS = 15_000;
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const SINKER = { resync_period: '1h', max_prowjob_age: '1000000h' };

if (process.env.BENCH_KUBE_CHILD) await runChild(JSON.parse(process.env.BENCH_KUBE_CHILD) as Place);
else await runBench();

/** The process under measurement: controller, and a store that is listed as deck and sinker would. */
async function runChild(place: Place): Promise<void> {
  const { store, stop } = await startTestController(place);
  // The bench is gone: so are we.
  process.on('disconnect', () => process.exit());
  process.on('message', async (what: string) => {
    if (what === 'stop') {
      await stop();
      process.disconnect();
    } else if (what === 'page') {
      const started = performance.now();
      const { items } = await store.list({ states: ['success'] }, { limit: 100 });
      process.send?.({ ms: performance.now() - started, items: items.length });
    } else {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      process.send?.({ rssMb: rss / 1e6, heapMb: heapUsed / 1e6, cpuMs: (user + system) / 1e3 } satisfies Figures);
    }
  });
  await store.list({}, { limit: 1 });
  process.send?.('ready');
}

async function runBench(): Promise<void> {
  const { values } = parseArgs({ options: { jobs: { type: 'string' }, finished: { type: 'string' } } });
  const cluster = await openCluster();
  try {
    await measureThroughput(cluster, Number(values.jobs ?? 600));
    const place = await placeIn(cluster);
    await createJobs(cluster.admin, place, Number(values.finished ?? 20_000), finishedJob);
    await measureLists(place);
    await measureProgram(place);
  } finally {
    await cluster.close();
  }
}

async function measureThroughput(cluster: TestCluster, count: number): Promise<void> {
  const place = await placeIn(cluster);
  const child = await startChild(place);
  // An API server that has just been started makes its descriptions of all resources for some seconds, on all cores.
  await sleep(SETTLE_MS);
  const before = await ask<Figures>(child, 'figures');
  const started = performance.now();
  const creating = createJobs(cluster.admin, place, count, (index) => sampleJob(`job-${index}`, runnable(index)));
  await Promise.all([creating, podsMade(cluster.admin, place.podNamespace, count)]);
  const seconds = (performance.now() - started) / 1000;
  const after = await ask<Figures>(child, 'figures');
  report('ProwJob created -> pod created', `${(count / seconds).toFixed(0)} a second (budget >= 100; Prow 3.8)`);
  report('controller CPU per job', `${((after.cpuMs - before.cpuMs) / count).toFixed(1)} ms`);
  await cluster.apiServer?.restart(500);
  const back = performance.now();
  const made = podsMade(cluster.admin, place.podNamespace, count + 1);
  await createJobs(cluster.admin, place, 1, () => sampleJob('after-restart', runnable(count)));
  await made;
  report('first pod after an API server restart', `${((performance.now() - back) / 1000).toFixed(1)} s`);
  await endChild(child);
}

async function measureLists(place: Place): Promise<void> {
  const started = performance.now();
  const child = await startChild(place);
  report('controller with them in memory after', `${((performance.now() - started) / 1000).toFixed(1)} s`);
  const page = await ask<{ ms: number }>(child, 'page');
  report('a page of 100 of them, filtered', `${page.ms.toFixed(1)} ms (budget < 20)`);
  await endChild(child);
}

/** `cutwater start`, with everything that it has: hook, controller, crier, horologium, sinker, pages. */
async function measureProgram({ target, prowjobNamespace, podNamespace }: Place): Promise<void> {
  const files = await temporaryFolder();
  // Sinker looks at all of them, and deletes none.
  const settings = { prowjob_namespace: prowjobNamespace, pod_namespace: podNamespace, sinker: SINKER };
  const flags = [
    `--config-path=${await files.write('config.yaml', JSON.stringify(settings))}`,
    `--kubeconfig=${await files.write('kubeconfig', kubeconfigText({ build: target }))}`,
    `--hmac-secret-file=${await files.write('hmac', 'secret')}`,
    `--github-token-path=${await files.write('token', 'token')}`,
    '--github-endpoint=http://127.0.0.1:9',
    `--data-dir=${files.path}/data`,
    '--port=0',
  ];
  const launcher = new URL('../cli/launch.mjs', import.meta.url).pathname;
  const program = spawn(process.execPath, ['--max-semi-space-size=8', launcher, 'start', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await said(program, 'sinker reconciliation complete');
    await sleep(10_000);
    const before = processFigures(program.pid);
    await sleep(IDLE_MS);
    const after = processFigures(program.pid);
    report('everything in one process, resident', `${after.rssMb.toFixed(0)} MB (budget < 400; Prow 300-1,226 each)`);
    report('idle CPU', `${((100 * (after.cpuMs - before.cpuMs)) / IDLE_MS).toFixed(2)} % of a core (budget < 2)`);
  } finally {
    program.kill('SIGKILL');
    await files.remove();
  }
}

function said(program: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    program.stderr?.on('data', (chunk: Buffer) => {
      text = text.slice(-words.length) + chunk;
      if (text.includes(words)) resolve();
    });
    program.once('exit', (code) => reject(new Error(`the program ended: ${code}`)));
  });
}

/** As Linux counts them. */
function processFigures(pid: number | undefined): Pick<Figures, 'rssMb' | 'cpuMs'> {
  const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const [user, system] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return { rssMb: (Number(kb) * 1024) / 1e6, cpuMs: (((user ?? 0) + (system ?? 0)) * 1000) / TICKS };
}

async function placeIn(cluster: TestCluster): Promise<Place> {
  const [prowjobNamespace, podNamespace] = [await cluster.namespace('jobs'), await cluster.namespace('pods')];
  return { target: cluster.target, prowjobNamespace, podNamespace };
}

async function createJobs(
  admin: KubeClient,
  { target, prowjobNamespace }: Place,
  count: number,
  make: (index: number) => ProwJob,
): Promise<void> {
  const client = count > 1 ? createKubeClient(target) : admin;
  const store = new KubernetesProwJobStore({ client, namespace: prowjobNamespace, log: createLogger('bench') });
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(16, count) }, async () => {
      while (next < count) await store.create(make(next++));
    }),
  );
  if (client !== admin) client.close();
}

function runnable(index: number): { spec: ProwJob['spec']; status: ProwJob['status'] } {
  const spec = { type: 'periodic', job: `job-${index}`, refs: undefined as never } as const;
  return { spec, status: { state: 'triggered', startTime: timestamp(Date.now()) } };
}

/** A decorated presubmit that has ended, about 5 KB of JSON, one run of 300 different jobs. */
function finishedJob(index: number): ProwJob {
  const kind = index % 300;
  const state = index % 5 ? 'success' : 'failure';
  const start = Date.UTC(2026, 0, 1) + index * 30_000;
  const env = Array.from({ length: 30 }, (_, n) => ({
    name: `SETTING_${n}`,
    value: `value ${n} of job ${kind}, with some length`,
  }));
  const resources = { requests: { cpu: '4', memory: '8Gi' }, limits: { cpu: '4', memory: '8Gi' } };
  const container = {
    name: '',
    image: 'gcr.io/k8s-staging-test-infra/kubekins-e2e:latest',
    command: ['runner.sh'],
    env,
    resources,
  };
  const refs = { org: 'acme', repo: `repo-${kind % 40}`, base_ref: 'main', base_sha: 'a'.repeat(40) };
  const pull = { number: index, author: `user-${index % 500}`, sha: 'b'.repeat(40), title: `Change number ${index}` };
  return sampleJob(`finished-${index}`, {
    labels: {
      'prow.k8s.io/type': 'presubmit',
      'prow.k8s.io/job': `pull-job-${kind}`,
      'prow.k8s.io/context': `pull-job-${kind}`,
      'prow.k8s.io/refs.org': 'acme',
      'prow.k8s.io/refs.repo': refs.repo,
      'prow.k8s.io/refs.pull': String(index),
    },
    spec: {
      job: `pull-job-${kind}`,
      context: `pull-job-${kind}`,
      report: true,
      rerun_command: `/test pull-job-${kind}`,
      refs: { ...refs, pulls: [pull] },
      decoration_config: {
        timeout: '2h0m0s',
        grace_period: '15m0s',
        gcs_configuration: { bucket: 'logs', path_strategy: 'explicit' },
      },
      pod_spec: { containers: [container] },
    },
    status: {
      state,
      description: index % 5 ? 'Job succeeded.' : 'Job failed.',
      startTime: timestamp(start),
      pendingTime: timestamp(start + 1_000),
      completionTime: timestamp(start + 600_000),
      url: `https://prow.example.com/view/gs/logs/pr-logs/pull/acme_${refs.repo}/${index}/pull-job-${kind}/${index}`,
      build_id: String(1_700_000_000_000_000_000n + BigInt(index)),
      pod_name: `finished-${index}`,
      prev_report_states: { 'github-reporter': state, gcsk8sreporter: state, gcsreporter: state },
    },
  });
}

function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

async function startChild(place: Place): Promise<ChildProcess> {
  const child = fork(import.meta.filename, { env: { ...process.env, BENCH_KUBE_CHILD: JSON.stringify(place) } });
  await once(child, 'message');
  return child;
}

async function ask<T>(child: ChildProcess, what: string): Promise<T> {
  const answer = once(child, 'message');
  child.send(what);
  return (await answer)[0] as T;
}

async function endChild(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.send('stop');
  await exited;
}

/** Resolves when so many pods are there. Watched and not listed: the API server has the most to do, and lists would add to it. */
async function podsMade(client: KubeClient, namespace: string, count: number): Promise<void> {
  const abort = new AbortController();
  const names = new Set<string>();
  const { signal } = abort;
  const options = { resourceVersion: '0', lifetimeSeconds: 600, silenceMs: 600_000, opened() {}, signal };
  for await (const { type, object } of watchOnce(client, pathOf(PODS, namespace), options)) {
    if (type === 'ADDED') names.add(object.metadata.name ?? '');
    if (names.size >= count) return abort.abort();
  }
}

function report(what: string, figure: string): void {
  console.log(`${what}: ${figure}`);
}
