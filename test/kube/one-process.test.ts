import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { install, uninstall } from './support/installation.ts';
import { kubectl } from './support/kubectl.ts';
import { killContainer } from './support/node.ts';
import { openSurroundings, type Surroundings } from './support/surroundings.ts';

// deploy/overlays/one-process with the image of deploy/Dockerfile: everything in one pod, its state on a volume, jobs as pods.
const PULL = 42;
const USER = 1000;

let around: Surroundings;
let folder: string;
beforeAll(async () => {
  around = await openSurroundings();
  folder = await mkdtemp(join(tmpdir(), 'cutwater-volume-'));
  await chown(folder, USER, USER);
  await kubectl(['apply', '-f', '-'], JSON.stringify(volumeAt(folder)));
  const presubmits = ['quick', 'rolled', 'killed'].map((name) => ({
    name,
    always_run: false,
    spec: { containers: [{ image: 'busybox:1.36', command: ['sh', '-c', name === 'quick' ? 'true' : 'sleep 5'] }] },
  }));
  const jobs = { presubmits: { 'acme/widgets': presubmits } };
  await install({ overlay: 'one-process', jobs, plugins: ['trigger'] }, around);
});
afterAll(async () => {
  try {
    await uninstall();
    await kubectl(['delete', 'persistentvolume', 'cutwater-test', '--ignore-not-found', '--timeout=60s']);
    await rm(folder, { recursive: true, force: true });
  } finally {
    await around?.close();
  }
});

/** The cluster of the tests has nobody who makes volumes: this one is there for the claim of the overlay. */
function volumeAt(path: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'cutwater-test' },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: { namespace: 'prow', name: 'data-cutwater-0' },
      hostPath: { path },
    },
  };
}

const ends: [what: string, job: string, end: () => Promise<unknown>][] = [
  ['', 'quick', async () => {}],
  [
    ', also when the pod is replaced meanwhile',
    'rolled',
    () => kubectl(['--namespace=prow', 'delete', 'pod', 'cutwater-0']),
  ],
  [', also when the process is killed meanwhile', 'killed', () => killContainer('prow', 'cutwater-0', 'cutwater')],
];
it.each(ends)('a comment becomes one pod and the status on GitHub%s', async (_, job, end) => {
  around.comment('alice', PULL, `/test ${job}`);
  await around.until(() => around.history(PULL, job).length > 0);
  await end();
  await around.until(() => around.statuses(PULL)[job] === 'success');
  expect(around.history(PULL, job).filter((state) => state === 'success')).toHaveLength(1);
  const selector = `--selector=prow.k8s.io/job=${job}`;
  const pods = await kubectl(['--namespace=test-pods', 'get', 'pods', selector, '--output=name']);
  expect(pods.trim().split('\n')).toHaveLength(1);
  await kubectl(['--namespace=prow', 'wait', 'pod/cutwater-0', '--for=condition=Ready', '--timeout=120s']);
});
