import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasCode, messageOf } from '../../core/errors.ts';
import { KubeClusters } from '../../core/kube/clusters.ts';
import { PODS, pathOf } from '../../core/kube/paths.ts';
import { createLogger } from '../../core/log.ts';
import type { Pod, PodEvent } from '../../jobs/pods/backend.ts';
import { KubernetesPodBackend } from '../../jobs/pods/kubernetes/backend.ts';
import { actingAs, apply, openCluster, type TestCluster } from './support/cluster.ts';
import { kubeconfigText, temporaryFolder } from './support/files.ts';

const log = createLogger('test', 'silent');
const NOWHERE = { server: 'https://127.0.0.1:1', skipVerify: true, user: { token: 'nobody' } };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

let files: Awaited<ReturnType<typeof temporaryFolder>>;
let namespace: string;
let cleanup: (() => Promise<void> | void)[];
beforeEach(async () => {
  files = await temporaryFolder();
  namespace = await cluster.namespace('pods');
  cleanup = [() => files.remove()];
});
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
});

async function open(config: string): Promise<{ pods: KubernetesPodBackend; file: string }> {
  const file = await files.write('config', config);
  const surroundings = { env: {}, serviceAccountDir: '/nonexistent' };
  const clusters = await KubeClusters.open({ kubeconfig: file, log, pollMs: 20, surroundings });
  const pods = new KubernetesPodBackend({ clusters, namespace, log, recheckMs: 50 });
  cleanup.push(
    () => clusters.close(),
    () => pods.close(),
  );
  return { pods, file };
}

function pod(name: string, labels: Record<string, string> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'created-by-prow': 'true', ...labels } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      containers: [{ name: 'test', image: 'busybox:1.36' }],
    },
  };
}

/** Reads the watch in the background. */
function collect(pods: KubernetesPodBackend) {
  const abort = new AbortController();
  const seen: PodEvent[] = [];
  const run = (async () => {
    for await (const event of pods.watch(abort.signal)) seen.push(event);
  })();
  cleanup.push(async () => {
    abort.abort();
    await run;
  });
  return seen;
}

/** Of the pods that were told of; a real scheduler and kubelet change them meanwhile. */
const namesOf = (seen: PodEvent[]) => [...new Set(seen.map(({ pod: { metadata } }) => metadata.name))];

describe('pods in build clusters', () => {
  it('are created, read, listed by label, and deleted', async () => {
    const { pods } = await open(kubeconfigText({ here: cluster.target }));
    const created = await pods.create('default', pod('a', { 'prow.k8s.io/type': 'periodic' }));
    expect(created.metadata).toMatchObject({ name: 'a', namespace, uid: expect.any(String) });
    expect(created.metadata).not.toHaveProperty('managedFields');
    await pods.create('here', pod('b'));
    expect(await pods.get('', 'a')).toMatchObject({ kind: 'Pod', metadata: { uid: created.metadata.uid } });
    const names = async (labels?: Record<string, string>) =>
      (await pods.list('here', labels)).map((p) => p.metadata.name);
    expect(await names()).toEqual(['a', 'b']);
    expect(await names({ 'prow.k8s.io/type': 'periodic' })).toEqual(['a']);
    await pods.delete('default', 'a', { gracePeriodSeconds: 0 });
    await pods.delete('default', 'a');
    expect(await pods.get('default', 'a')).toBeUndefined();
  });

  it.each<[string, (pods: KubernetesPodBackend) => Promise<unknown>, Parameters<typeof hasCode>[1], RegExp]>([
    [
      'a name twice',
      (pods) => pods.create('here', pod('a')).then(() => pods.create('here', pod('a'))),
      'conflict',
      /^pods "a" already exists$/,
    ],
    [
      'an invalid pod',
      (pods) => pods.create('here', pod('Bad_Name')),
      'invalid',
      /^Pod "Bad_Name" is invalid: metadata\.name: /,
    ],
    ['an unknown cluster', (pods) => pods.create('moon', pod('a')), 'not-found', /^unknown cluster alias "moon"$/],
    ['a log of a pod that is not there', (pods) => pods.log('here', 'none', 'test'), 'not-found', /not found/],
  ])('are refused: %s', async (_, act, code, message) => {
    const { pods } = await open(kubeconfigText({ here: cluster.target }));
    const error = await act(pods).catch((thrown: unknown) => thrown);
    expect(hasCode(error, code)).toBe(true);
    expect(messageOf(error)).toMatch(message);
  });

  it('are deleted by their uid, and a successor of the same name stays', async () => {
    const { pods } = await open(kubeconfigText({ here: cluster.target }));
    const { metadata } = await pods.create('here', pod('a'));
    await pods.delete('here', 'a', { gracePeriodSeconds: 0, uid: '00000000-0000-0000-0000-000000000000' });
    expect((await pods.get('here', 'a'))?.metadata.uid).toBe(metadata.uid);
    await pods.delete('here', 'a', { gracePeriodSeconds: 0, uid: metadata.uid ?? '' });
    expect(await pods.get('here', 'a')).toBeUndefined();
  });

  it('lose the finalizers that are named, and only those', async () => {
    const { pods } = await open(kubeconfigText({ here: cluster.target }));
    const held = pod('held');
    held.metadata.finalizers = ['prow.x-k8s.io/gcsk8sreporter', 'example.com/other'];
    await pods.create('here', held);
    await pods.removeFinalizers('here', 'held', ['prow.x-k8s.io/gcsk8sreporter']);
    expect((await pods.get('here', 'held'))?.metadata.finalizers).toEqual(['example.com/other']);
    await pods.removeFinalizers('here', 'held', ['example.com/other']);
    await pods.removeFinalizers('here', 'gone', ['example.com/other']);
    expect((await pods.get('here', 'held'))?.metadata.finalizers).toBeUndefined();
  });

  it('are watched: those that exist, then every change; pods of others are not told', async () => {
    const { pods } = await open(kubeconfigText({ here: cluster.target }));
    await pods.create('here', pod('a'));
    await pods.create('here', pod('other', { 'created-by-prow': 'no' }));
    const seen = collect(pods);
    const told = () => seen.map(({ type, cluster: alias, pod: { metadata } }) => `${type} ${alias}/${metadata.name}`);
    await expect.poll(() => namesOf(seen)).toEqual(['a']);
    expect(told()[0]).toBe('added default/a');
    await pods.create('here', pod('b'));
    await pods.delete('here', 'a', { gracePeriodSeconds: 0 });
    await expect.poll(told).toEqual(expect.arrayContaining(['added default/b', 'deleted default/a']));
  });
});

describe('build clusters', () => {
  it('that cannot be reached say so, and the others go on', async () => {
    const { pods } = await open(kubeconfigText({ here: cluster.target, moon: NOWHERE }));
    const seen = collect(pods);
    await expect.poll(() => pods.clusters().find(({ alias }) => alias === 'moon')?.problem).toMatch(/ECONNREFUSED/);
    await pods.create('here', pod('a'));
    await expect.poll(() => namesOf(seen)).toEqual(['a']);
    expect(pods.clusters().map(({ alias, status }) => `${alias}: ${status}`)).toEqual([
      'here: Reachable',
      ': Reachable',
      'default: Reachable',
      'moon: No-Manager',
    ]);
    const error = await pods.create('moon', pod('a')).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'transient')).toBe(true);
  });

  it('come and go with the kubeconfig, and a broken one changes nothing', async () => {
    const { pods, file } = await open(kubeconfigText({ moon: NOWHERE }));
    const seen = collect(pods);
    const aliases = () => pods.clusters().map(({ alias }) => alias);
    expect(aliases()).toEqual(['moon', '', 'default']);
    await files.write('config', 'clusters: 5');
    await files.write('config', kubeconfigText({ here: cluster.target, moon: NOWHERE }));
    await expect.poll(aliases).toEqual(['here', '', 'default', 'moon']);
    await pods.create('here', pod('a'));
    await expect.poll(() => namesOf(seen)).toEqual(['a']);
    await files.write('config', '{');
    await files.write('config', kubeconfigText({ here: cluster.target }));
    await expect.poll(aliases).toEqual(['here', '', 'default']);
    expect(file).toContain(files.path);
  });

  it('that are reached anew tell what went away in between, and those that are left out that all is gone', async () => {
    const away = { ...NOWHERE, server: 'https://127.0.0.1:2' };
    const { pods } = await open(kubeconfigText({ moon: NOWHERE, far: cluster.target }));
    for (const name of ['a', 'b']) await pods.create('far', pod(name));
    const seen = collect(pods);
    await expect.poll(() => namesOf(seen)).toEqual(['a', 'b']);
    const gone = () => seen.flatMap(({ type, pod: { metadata } }) => (type === 'deleted' ? [metadata.name] : []));
    await files.write('config', kubeconfigText({ moon: NOWHERE, far: away }));
    await expect.poll(() => pods.clusters().find(({ alias }) => alias === 'far')?.problem).toMatch(/ECONNREFUSED/);
    const path = pathOf(PODS, namespace, 'a');
    await cluster.admin.request({ method: 'DELETE', path, body: { gracePeriodSeconds: 0 } });
    expect(gone()).toEqual([]);
    await files.write('config', kubeconfigText({ moon: NOWHERE, far: cluster.target }));
    await expect.poll(gone).toEqual(['a']);
    await files.write('config', kubeconfigText({ moon: NOWHERE }));
    await expect.poll(gone).toEqual(['a', 'b']);
  });

  it('in which we lack rights say which, until they are given', async () => {
    const user = 'system:serviceaccount:somewhere:controller';
    const { pods } = await open(kubeconfigText({ here: actingAs(cluster.target, user) }));
    collect(pods);
    const problem = () => pods.clusters().find(({ alias }) => alias === 'here')?.problem;
    await expect.poll(problem).toMatch(/forbidden|no right to create, delete, list, watch, get, patch pods/);
    const metadata = { name: 'pods', namespace };
    const rbac = 'rbac.authorization.k8s.io';
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'list', 'watch', 'get', 'patch'] },
    ];
    await apply(cluster.admin, { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules } as never);
    const roleRef = { apiGroup: rbac, kind: 'Role', name: 'pods' };
    const subjects = [{ apiGroup: rbac, kind: 'User', name: user }];
    await apply(cluster.admin, { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef, subjects } as never);
    await expect.poll(problem, { timeout: 20_000 }).toBeUndefined();
  });
});
