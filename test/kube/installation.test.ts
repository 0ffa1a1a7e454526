import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, uninstall } from './support/installation.ts';
import { kubectl, kubectlJson, may } from './support/kubectl.ts';
import { killContainer } from './support/node.ts';
import { type PodsSeen, watchPods } from './support/pods-seen.ts';
import { openSurroundings, type Surroundings } from './support/surroundings.ts';

// deploy/overlays/components with the images of deploy/Dockerfile: from a comment on GitHub to a pod on the node and the status, whatever is restarted.
const PULL = 42;
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const ROLLED = names('rolled', 8);
const LED = names('led', 4);
const HOOKED = names('hooked', 6);

let around: Surroundings;
let pods: PodsSeen;
beforeAll(async () => {
  around = await openSurroundings();
  const presubmits = ['quick', ...ROLLED, ...LED, ...HOOKED].map((name) => ({
    name,
    always_run: false,
    spec: { containers: [{ image: 'busybox:1.36', command: ['sh', '-c', name === 'quick' ? 'true' : 'sleep 3'] }] },
  }));
  const jobs = { presubmits: { 'acme/widgets': presubmits } };
  await install({ overlay: 'components', jobs, plugins: ['trigger', 'hold'] }, around);
  pods = watchPods('test-pods');
});
afterAll(async () => {
  pods?.stop();
  await uninstall().finally(() => around?.close());
});

const test = (job: string) => around.comment('alice', PULL, `/test ${job}`);
const greens = (job: string) => around.history(PULL, job).filter((state) => state === 'success').length;

/** Each was reported green once, by one ProwJob with one pod. */
async function ranOnce(jobs: readonly string[]): Promise<void> {
  await around.until(() => jobs.every((job) => greens(job) > 0));
  const { items } = await kubectlJson<{ items: { spec: { job: string } }[] }>(['--namespace=prow', 'get', 'prowjobs']);
  const runs = (job: string) => items.filter(({ spec }) => spec.job === job).length;
  const once = Object.fromEntries(jobs.map((job) => [job, 1]));
  expect(Object.fromEntries(jobs.map((job) => [job, runs(job)]))).toEqual(once);
  expect(pods.perJob()).toMatchObject(once);
  expect(Object.fromEntries(jobs.map((job) => [job, greens(job)]))).toEqual(once);
}

const podsOf = async (component: string): Promise<string[]> => {
  const selector = `--selector=app.kubernetes.io/component=${component}`;
  const found = await kubectl(['--namespace=prow', 'get', 'pods', selector, '--output=name']);
  return found
    .trim()
    .split('\n')
    .map((name) => name.replace('pod/', ''));
};
const holder = async () => {
  const lease = 'lease/prow-controller-manager-leader-lock';
  const identity = await kubectl(['--namespace=prow', 'get', lease, '--output=jsonpath={.spec.holderIdentity}']);
  return identity.replace(/_[^_]*$/, '');
};

it('a comment becomes a pod on the node, and the status on GitHub', async () => {
  test('quick');
  await ranOnce(['quick']);
});

it('nothing is lost or run twice while every component restarts', async () => {
  const restarted = kubectl(['--namespace=prow', 'rollout', 'restart', 'deployments']);
  for (const job of ROLLED) {
    test(job);
    await sleep(1_500);
  }
  await restarted;
  await kubectl(['--namespace=prow', 'rollout', 'status', 'deployments', '--timeout=240s']);
  await ranOnce(ROLLED);
});

describe('of two controllers, where the leader', () => {
  it.each([
    [
      'is asked to end',
      (pod: string) => kubectl(['--namespace=prow', 'delete', 'pod', pod, '--wait=false']),
      LED.slice(0, 2),
    ],
    ['is killed', (pod: string) => killContainer('prow', pod, 'controller'), LED.slice(2)],
  ])('%s, the other one goes on', async (_, end, jobs) => {
    const [before = '', after = ''] = jobs;
    const leader = await holder();
    test(before);
    await around.until(() => around.history(PULL, before).length > 0);
    await end(leader);
    test(after);
    await ranOnce([before, after]);
    // A killed container comes back in the same pod, and may become the leader again.
    if (!(await podsOf('controller')).includes(leader)) expect(await holder()).not.toBe(leader);
  });
});

it('hook has two replicas, and either may die with work in hand', async () => {
  for (const replica of (await podsOf('hook')).slice(0, 2)) {
    const jobs = HOOKED.splice(0, 3);
    for (const job of jobs) test(job);
    await killContainer('prow', replica, 'hook');
    await ranOnce(jobs);
    await kubectl(['--namespace=prow', 'wait', `pod/${replica}`, '--for=condition=Ready', '--timeout=120s']);
  }
});

describe('what an account may do', () => {
  it.each([
    ['test-pods:default', 'get', 'secrets', 'prow', false],
    ['test-pods:default', 'get', 'secrets', 'test-pods', false],
    ['test-pods:default', 'list', 'pods', 'test-pods', false],
    ['test-pods:default', 'list', 'prowjobs.prow.k8s.io', 'prow', false],
    ['prow:default', 'get', 'secrets', 'prow', false],
    ...['hook', 'controller', 'sinker', 'horologium', 'crier', 'deck', 'status-reconciler'].flatMap((name): Row[] => [
      [`prow:${name}`, 'get', 'secrets', 'prow', false],
      [`prow:${name}`, 'get', 'secrets', 'test-pods', false],
      [`prow:${name}`, 'create', 'pods', 'prow', false],
      [`prow:${name}`, 'create', 'pods/exec', 'test-pods', false],
      [`prow:${name}`, 'create', 'rolebindings.rbac.authorization.k8s.io', 'prow', false],
    ]),
    ['prow:controller', 'create', 'pods', 'test-pods', true],
    ['prow:hook', 'create', 'pods', 'test-pods', false],
    ['prow:deck', 'update', 'prowjobs.prow.k8s.io', 'prow', false],
  ] satisfies Row[])('%s, %s %s in %s: %s', async (account, verb, resource, namespace, allowed) => {
    expect(await may(account, verb, resource, namespace)).toBe(allowed);
  });
});
type Row = [account: string, verb: string, resource: string, namespace: string, allowed: boolean];

it.each([
  ['a privileged container', { containers: [{ name: 'x', image: 'x', securityContext: { privileged: true } }] }],
  [
    "a folder of the node's",
    { containers: [{ name: 'x', image: 'x' }], volumes: [{ name: 'x', hostPath: { path: '/' } }] },
  ],
  ["the node's network", { hostNetwork: true, containers: [{ name: 'x', image: 'x' }] }],
])('jobs do not get %s', async (_, spec) => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'test-pods' }, spec };
  await expect(kubectl(['create', '-f', '-', '--dry-run=server'], JSON.stringify(pod))).rejects.toThrow('PodSecurity');
});
