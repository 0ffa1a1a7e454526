import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { PODS, pathOf } from '../../core/kube/paths.ts';
import { createLogger } from '../../core/log.ts';
import type { ProwJobSpec } from '../../jobs/api/prowjob.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { KubernetesProwJobStore } from '../../jobs/store/kubernetes/store.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { actingAs, applyFile, inNamespaces, openCluster, type TestCluster } from './support/cluster.ts';
import { startTestController, type TestController } from './support/controller.ts';

// On the cluster that KUBECONFIG names, with its own scheduler and kubelets: pods really run.
const RIGHTS = new URL('../../deploy/overlays/components/rbac.yaml', import.meta.url);
const IMAGE = 'busybox:1.36';

let cluster: TestCluster;
let controller: TestController;
/** Everybody else: the controller may only do its own work. */
let store: KubernetesProwJobStore;
let podNamespace: string;
beforeAll(async () => {
  cluster = await openCluster({ assets: undefined });
  const places = { prow: await cluster.namespace('jobs'), 'test-pods': await cluster.namespace('pods') };
  await applyFile(cluster.admin, RIGHTS, (object) => inNamespaces(object, places));
  const target = actingAs(cluster.target, `system:serviceaccount:${places.prow}:controller`);
  podNamespace = places['test-pods'];
  const log = createLogger('test', 'silent');
  store = new KubernetesProwJobStore({ client: cluster.admin, namespace: places.prow, log });
  controller = await startTestController({ target, prowjobNamespace: places.prow, podNamespace });
});
afterAll(async () => {
  await controller?.stop();
  await store?.close();
  await cluster?.close();
});

/** A periodic that runs a shell script in busybox. */
function script(name: string, text: string) {
  const container = { name: '', image: IMAGE, command: ['sh', '-c', text] };
  const startTime = `${new Date().toISOString().slice(0, 19)}Z`;
  const refs = undefined as never;
  const spec: ProwJobSpec = { type: 'periodic', job: name, refs, pod_spec: { containers: [container] } };
  return sampleJob(name, { spec, status: { startTime } });
}

const podNamed = (name: string) =>
  cluster.admin.request<Pod>({ path: pathOf(PODS, podNamespace, name) }).catch((error: unknown) => {
    if (!hasCode(error, 'not-found')) throw error;
    return undefined;
  });
const status = async (name: string) => (await store.get(name))?.status;

it.each([
  ['succeeds', 'echo hello', 'success', 'Job succeeded.'],
  ['fails', 'exit 3', 'failure', 'Job failed.'],
])('a job that %s', async (name, text, state, description) => {
  await store.create(script(name, text));
  await expect.poll(async () => (await status(name))?.state, { timeout: 90_000 }).toBe(state);
  expect(await status(name)).toMatchObject({ description, pod_name: name, completionTime: expect.any(String) });
});

it('a log is read while it is written', async () => {
  await store.create(script('talks', 'echo one; sleep 2; echo two'));
  const ready = async () => (await podNamed('talks'))?.status?.containerStatuses?.[0]?.state;
  await expect.poll(ready, { timeout: 90_000 }).not.toHaveProperty('waiting');
  const query = { container: 'test', follow: true };
  const log = cluster.admin.open({ path: pathOf(PODS, podNamespace, 'talks', 'log'), query });
  const chunks: string[] = [];
  for await (const chunk of await log) chunks.push(String(chunk));
  expect(chunks.join('')).toBe('one\ntwo\n');
});

it('an abort ends the pod, and then the job', async () => {
  await store.create(script('aborted', 'sleep 600'));
  await expect.poll(async () => (await status('aborted'))?.state, { timeout: 90_000 }).toBe('pending');
  await store.update('aborted', (job) => ({ ...job, status: { ...job.status, state: 'aborted' } }));
  await expect.poll(async () => (await status('aborted'))?.completionTime, { timeout: 90_000 }).toBeDefined();
  expect((await status('aborted'))?.state).toBe('aborted');
  await expect.poll(() => podNamed('aborted'), { timeout: 90_000 }).toBeUndefined();
});

it('twenty at once, each with one pod', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `many-${index}`);
  await Promise.all(names.map((name) => store.create(script(name, 'true'))));
  const ended = async () => (await store.list({ states: ['success'] })).items.map(({ metadata }) => metadata.name);
  await expect.poll(ended, { timeout: 110_000 }).toEqual(expect.arrayContaining(names));
});
