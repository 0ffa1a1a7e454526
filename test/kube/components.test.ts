import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeTarget } from '../../core/kube/kubeconfig.ts';
import { PODS, PROWJOBS, pathOf } from '../../core/kube/paths.ts';
import type { ProwJob, ProwJobSpec, ProwJobStatus } from '../../jobs/api/prowjob.ts';
import type { Pod, PodStatus } from '../../jobs/pods/backend.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { actingAs, applyFile, inNamespaces, openCluster, type TestCluster } from './support/cluster.ts';
import { type Components, openComponents } from './support/component.ts';

// The components as an operator starts them, with the rights that we ship; nobody but the test says what becomes of pods.
const own = describe.runIf(process.env.KUBEBUILDER_ASSETS);
const RIGHTS = new URL('../../deploy/overlays/components/rbac.yaml', import.meta.url);
const FINALIZER = 'prow.x-k8s.io/gcsk8sreporter';

let cluster: TestCluster;
let components: Components;
let jobsNamespace: string;
let podsNamespace: string;
const account = (name: string): KubeTarget =>
  actingAs(cluster.target, `system:serviceaccount:${jobsNamespace}:${name}`);

beforeAll(async () => {
  if (!process.env.KUBEBUILDER_ASSETS) return;
  cluster = await openCluster();
  jobsNamespace = await cluster.namespace('jobs');
  podsNamespace = await cluster.namespace('pods');
  const places = { prow: jobsNamespace, 'test-pods': podsNamespace };
  await applyFile(cluster.admin, RIGHTS, (object) => inNamespaces(object, places));
  components = await openComponents();
});
afterAll(async () => {
  await components?.close();
  await cluster?.close();
});

const config = (more: object = {}) => ({ prowjob_namespace: jobsNamespace, pod_namespace: podsNamespace, ...more });
const now = (secondsAgo = 0) => `${new Date(Date.now() - secondsAgo * 1000).toISOString().slice(0, 19)}Z`;
const merge = { method: 'PATCH', contentType: 'application/merge-patch+json' } as const;
const jobPath = (...name: string[]) => pathOf(PROWJOBS, jobsNamespace, ...name);
const podPath = (...name: string[]) => pathOf(PODS, podsNamespace, ...name);
const get = <T>(path: string) => cluster.admin.request<T>({ path }).catch(() => undefined);
const namesIn = async (path: string) =>
  (await get<{ items: ProwJob[] }>(path))?.items.map(({ metadata }) => metadata.name ?? '').sort();

async function create(name: string, spec: ProwJobSpec = {}, status: ProwJobStatus = {}): Promise<void> {
  const refs = undefined as never;
  const own: ProwJobSpec = { type: 'periodic', job: name, refs, ...spec };
  const body = sampleJob(name, { spec: own, status: { startTime: now(), ...status } });
  await cluster.admin.request({ method: 'POST', path: jobPath(), body });
}

async function reach(name: string, state: string): Promise<ProwJobStatus> {
  const status = async () => (await get<ProwJob>(jobPath(name)))?.status;
  await expect.poll(async () => (await status())?.state, { timeout: 30_000 }).toBe(state);
  return (await status()) ?? {};
}

const container = (state: object, name = 'test') => ({
  name,
  image: 'busybox:1.36',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
});
const ended = (exitCode: number, reason = 'Completed') => ({
  terminated: { exitCode, reason, startedAt: now(1), finishedAt: now() },
});

own('cutwater controller', () => {
  beforeAll(async () => {
    await components.configure(config({ plank: { max_revivals: 0, job_url_template: 'https://prow/{{.Spec.Job}}' } }));
    await components.start('controller', account('controller'), ['--enable-controller=plank', '--label-selector=']);
  });

  it.each<[string, ProwJobSpec, PodStatus, string, string]>([
    ['done', {}, { phase: 'Succeeded', containerStatuses: [container(ended(0))] }, 'success', 'Job succeeded.'],
    ['failed', {}, { phase: 'Failed', containerStatuses: [container(ended(1, 'Error'))] }, 'failure', 'Job failed.'],
    ['node-gone', {}, { phase: 'Failed', reason: 'Terminated' }, 'failure', 'Job failed.'],
    [
      'half-done',
      {},
      { phase: 'Succeeded', containerStatuses: [container({ running: { startedAt: now() } })] },
      'error',
      "Pod was in succeeded phase but some containers didn't finish",
    ],
    [
      'oom',
      {},
      { phase: 'Running', startTime: now(), containerStatuses: [container(ended(137, 'OOMKilled'))] },
      'error',
      'Job pod was OOM killed by the cluster.',
    ],
    [
      'evicted',
      { error_on_eviction: true },
      { phase: 'Failed', reason: 'Evicted' },
      'error',
      'Job pod was evicted by the cluster.',
    ],
    [
      'evicted-often',
      {},
      { phase: 'Failed', reason: 'Evicted' },
      'error',
      'Job pod reached max revivals (0) after being stopped unexpectedly (evicted)',
    ],
    [
      'unscheduled',
      timeouts({ pod_unscheduled_timeout: '1s' }),
      { phase: 'Pending' },
      'error',
      'Pod scheduling timeout.',
    ],
    [
      'stuck',
      timeouts({ pod_pending_timeout: '1s' }),
      { phase: 'Pending', startTime: now(5) },
      'error',
      'Pod pending timeout.',
    ],
    [
      'endless',
      timeouts({ pod_running_timeout: '1s' }),
      { phase: 'Running', startTime: now(5) },
      'aborted',
      'Pod running timeout.',
    ],
  ])('%s', async (name, spec, podStatus, state, description) => {
    await create(name, spec);
    // A pod with a short time-out may have gone again before anybody saw it.
    const begun = async () =>
      (await get<Pod>(podPath(name))) ?? (await get<ProwJob>(jobPath(name)))?.status.completionTime;
    await expect.poll(begun, { timeout: 30_000 }).toBeDefined();
    await cluster.admin
      .request({ ...merge, path: podPath(name, 'status'), body: { status: podStatus } })
      .catch(() => {});
    expect(await reach(name, state)).toMatchObject({
      description,
      completionTime: expect.any(String),
      pod_name: name,
      build_id: expect.stringMatching(/^\d{19}$/),
      url: expect.stringMatching(/^https:/),
    });
  });

  it.each<[string, ProwJobSpec, RegExp]>([
    [
      'nowhere',
      { cluster: 'moon' },
      /^Terminal error: nonretryable error: no build client found for cluster "moon"\.$/,
    ],
    [
      'no-image',
      { pod_spec: { containers: [{ name: '' }] } },
      /^Pod can not be created: create pod \S+\/no-image in cluster default: Pod "no-image" is invalid: /,
    ],
  ])('%s', async (name, spec, description) => {
    await create(name, spec);
    expect((await reach(name, 'error')).description).toMatch(description);
    expect(await get(podPath(name))).toBeUndefined();
  });

  it('aborts the older of two presubmits of a pull request, and keeps it from GitHub', async () => {
    const refs = { org: 'acme', repo: 'site', base_ref: 'main', pulls: [{ number: 9, author: 'a', sha: 's' }] };
    const twin: ProwJobSpec = { type: 'presubmit', job: 'twin', refs };
    await create('older', twin, { startTime: now(60) });
    await reach('older', 'pending');
    await create('newer', twin);
    expect(await reach('older', 'aborted')).toMatchObject({ prev_report_states: { 'github-reporter': 'aborted' } });
    await expect.poll(() => get(podPath('older'))).toBeUndefined();
    await reach('newer', 'pending');
  });
});

own('cutwater sinker', () => {
  it('cleans once, by the ages that are set, and ends', async () => {
    const sinker = { max_prowjob_age: '1h', max_pod_age: '30m', terminated_pod_ttl: '10m' };
    const periodics = [{ name: 'kept', interval: '24h', agent: 'kubernetes', spec: { containers: [{ image: 'x' }] } }];
    await components.configure(config({ sinker }), { periodics });
    const over = (started: number, completed: number): ProwJobStatus => ({
      state: 'success',
      startTime: now(started),
      completionTime: now(completed),
    });
    await create('s-old', { type: 'postsubmit' }, over(7200, 7100));
    await create('s-young', { type: 'postsubmit' }, over(1800, 60));
    await create('s-kept', { job: 'kept' }, over(8000, 7900));
    await create('s-kept-before', { job: 'kept' }, over(9000, 8900));
    await create('s-ttl', { type: 'postsubmit' }, over(1800, 1200));
    for (const name of ['s-ttl', 's-young', 's-nobody'])
      await cluster.admin.request({ method: 'POST', path: podPath(), body: pod(name) });
    const [code] = (await once(await components.start('sinker', account('sinker'), ['--run-once']), 'exit')) as [
      number,
    ];
    expect(code).toBe(0);
    const mine = (names: string[] | undefined) => names?.filter((name) => name.startsWith('s-'));
    expect(mine(await namesIn(jobPath()))).toEqual(['s-kept', 's-ttl', 's-young']);
    expect(mine(await namesIn(podPath()))).toEqual(['s-nobody', 's-young']);
    // Too young for an orphan, but nobody will come for its finalizer.
    expect((await get<Pod>(podPath('s-nobody')))?.metadata.finalizers).toBeUndefined();
  });
});

own('cutwater horologium', () => {
  it('starts periodics in their time, and takes up those that are new', async () => {
    const periodic = (name: string, more: object) => ({
      name,
      agent: 'kubernetes',
      spec: { containers: [{ image: 'x' }] },
      ...more,
    });
    const runs = async (job: string) =>
      (await get<{ items: ProwJob[] }>(jobPath()))?.items.filter(({ spec }) => spec.job === job) ?? [];
    const settings = config({ horologium: { tick_interval: '1s' } });
    const first = [
      periodic('h-first', { interval: '1h', labels: { team: 'x' } }),
      periodic('h-seconds', { cron: '* * * * * *' }),
      periodic('h-yearly', { cron: '@yearly' }),
    ];
    await components.configure(settings, { periodics: first });
    await components.start('horologium', account('horologium'));
    await expect
      .poll(() => runs('h-first'), { timeout: 30_000 })
      .toMatchObject([
        { metadata: { labels: { team: 'x', 'created-by-prow': 'true', 'prow.k8s.io/type': 'periodic' } } },
      ]);
    await expect.poll(async () => (await runs('h-seconds')).length, { timeout: 30_000 }).toBe(1);
    await components.configure(settings, { periodics: [...first, periodic('h-later', { minimum_interval: '1h' })] });
    await expect.poll(async () => (await runs('h-later')).length, { timeout: 30_000 }).toBe(1);
    expect(await runs('h-yearly')).toEqual([]);
    expect(await runs('h-first')).toHaveLength(1);
  });
});

/** Decoration is where a job's own time-outs stand. */
function timeouts(own: object): ProwJobSpec {
  const utility_images = { clonerefs: 'c', initupload: 'i', entrypoint: 'e', sidecar: 's' };
  const gcs_configuration = { bucket: 'b', path_strategy: 'explicit' } as const;
  const decoration_config = { timeout: '1h', grace_period: '15s', utility_images, gcs_configuration, ...own };
  return { decoration_config, pod_spec: { containers: [{ name: '', image: 'busybox:1.36', command: ['true'] }] } };
}

function pod(name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'created-by-prow': 'true' }, ...(name === 's-nobody' && { finalizers: [FINALIZER] }) },
    spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers: [{ name: 'test', image: 'x' }] },
  };
}
