import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../core/kube/client.ts';
import { PODS, PROWJOBS, pathOf } from '../../core/kube/paths.ts';
import { createLogger } from '../../core/log.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { KubernetesProwJobStore } from '../../jobs/store/kubernetes/store.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { actingAs, applyFile, inNamespaces, openCluster, type TestCluster } from './support/cluster.ts';
import { type ControllerOptions, startTestController, type TestController } from './support/controller.ts';
import { type Kubelet, type KubeletOptions, startKubelet } from './support/kubelet.ts';
import { openLine } from './support/line.ts';

// Faults are made on an API server of our own: nobody's cluster is stopped or loaded.
const own = describe.runIf(process.env.KUBEBUILDER_ASSETS);

const RIGHTS = new URL('../../deploy/overlays/components/rbac.yaml', import.meta.url);

let cluster: TestCluster;
let cleanup: (() => Promise<unknown>)[] = [];
let prowjobNamespace: string;
let podNamespace: string;
beforeAll(async () => {
  if (process.env.KUBEBUILDER_ASSETS) cluster = await openCluster();
});
afterAll(() => cluster?.close());
beforeEach(async () => {
  if (!process.env.KUBEBUILDER_ASSETS) return;
  prowjobNamespace = await cluster.namespace('jobs');
  podNamespace = await cluster.namespace('pods');
  const places = { prow: prowjobNamespace, 'test-pods': podNamespace };
  await applyFile(cluster.admin, RIGHTS, (object) => inNamespaces(object, places));
  cleanup = [];
});
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
});

/** The controller with the rights that we ship for it, and no others. */
async function controller(options: Partial<ControllerOptions> = {}): Promise<TestController> {
  const target = actingAs(cluster.target, `system:serviceaccount:${prowjobNamespace}:controller`);
  const started = await startTestController({ target, prowjobNamespace, podNamespace, ...options });
  cleanup.push(() => started.stop());
  return started;
}

function kubelet(plan?: KubeletOptions['plan']): Kubelet {
  const client = createKubeClient(cluster.target);
  const started = startKubelet({ client, namespace: podNamespace, ...(plan ? { plan } : {}) });
  cleanup.push(async () => {
    await started.stop();
    client.close();
  });
  return started;
}

/** Creates jobs `PREFIX-0` …; those with an odd number are to fail. */
async function createJobs(prefix: string, count: number, spec: ProwJob['spec'] = {}): Promise<void> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const store = new KubernetesProwJobStore({
    client: cluster.admin,
    namespace: prowjobNamespace,
    log: createLogger('x'),
  });
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const creators = Array.from({ length: 8 }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      // A periodic each of its own: presubmits for one pull request would end one another.
      const own = { type: 'periodic', job: name, refs: undefined as never, ...spec } as const;
      await store.create(sampleJob(name, { spec: own, status: { startTime: now } }));
    }
  });
  await Promise.all(creators);
}

const outcome = (pod: Pod): 'Failed' | 'Succeeded' =>
  Number(pod.metadata.name?.split('-').at(-1)) % 2 ? 'Failed' : 'Succeeded';

async function items<T>(kind: typeof PODS, namespace: string): Promise<T[]> {
  return (await cluster.admin.request<{ items: T[] }>({ path: pathOf(kind, namespace), timeoutMs: 60_000 })).items;
}
const jobs = () => items<ProwJob>(PROWJOBS, prowjobNamespace);
const pods = () => items<Pod>(PODS, podNamespace);

async function allEnded(limitMs = 100_000): Promise<ProwJob[]> {
  const limit = Date.now() + limitMs;
  for (;;) {
    const all = await jobs().catch(() => undefined);
    if (all?.every(({ status }) => status.completionTime !== undefined)) return all;
    if (Date.now() > limit) {
      const open = all?.filter(({ status }) => status.completionTime === undefined).slice(0, 3);
      throw new Error(
        `jobs that have not ended, such as ${JSON.stringify(open?.map(({ metadata, status }) => [metadata.name, status]))}`,
      );
    }
    await sleep(200);
  }
}

/** Every job ended once and rightly, one pod was started for each, and no pod is there without its job. */
async function expectInOrder(count: number, kubelet: Kubelet): Promise<void> {
  const all = await allEnded();
  expect(all).toHaveLength(count);
  const wrong = all.filter(({ metadata, status }) => {
    const wanted = Number(metadata.name?.split('-').at(-1)) % 2 ? 'failure' : 'success';
    return status.state !== wanted;
  });
  expect(wrong.map(({ metadata, status }) => [metadata.name, status])).toEqual([]);
  expect(new Set(kubelet.started).size).toBe(count);
  expect(kubelet.started).toHaveLength(count);
  const byName = new Map(all.map((job) => [job.metadata.name, job]));
  for (const { metadata } of await pods()) {
    expect(byName.get(metadata.name)?.status.build_id).toBe(metadata.labels?.['prow.k8s.io/build-id']);
  }
}

own('with 1,000 jobs', () => {
  it('each ends once and rightly', async () => {
    const node = kubelet((pod) => ({ ms: 50, outcome: outcome(pod) }));
    await controller();
    await createJobs('many', 1_000);
    await expectInOrder(1_000, node);
  });

  it('and two controllers that fight, each has one pod', async () => {
    const node = kubelet((pod) => ({ ms: 50, outcome: outcome(pod) }));
    await Promise.all([controller(), controller()]);
    await createJobs('fought', 300);
    await expectInOrder(300, node);
  });

  it('and the leader killed, its successor goes on', async () => {
    const node = kubelet((pod) => ({ ms: 500, outcome: outcome(pod) }));
    const [one, two] = [await controller({ elect: true }), await controller({ elect: true })];
    await createJobs('led', 200);
    await expect.poll(() => node.started.length, { timeout: 30_000 }).toBeGreaterThan(20);
    await one.kill();
    await expectInOrder(200, node);
    expect(two.store.problem()).toBeUndefined();
  });
});

own('an API server', () => {
  it('that is killed and started again in the middle loses nothing', async () => {
    const node = kubelet((pod) => ({ ms: 200, outcome: outcome(pod) }));
    await controller();
    const created = createJobs('before', 150);
    await created;
    await expect.poll(() => node.started.length, { timeout: 30_000 }).toBeGreaterThan(10);
    await cluster.apiServer?.restart(1_500);
    await createJobs('after', 50);
    await expectInOrder(200, node);
  });

  it('whose etcd stands still for a while only delays', async () => {
    const node = kubelet((pod) => ({ ms: 50, outcome: outcome(pod) }));
    await controller();
    await createJobs('slow', 60);
    const pid = cluster.apiServer?.pids().etcd ?? 0;
    process.kill(pid, 'SIGSTOP');
    await sleep(6_000);
    process.kill(pid, 'SIGCONT');
    await expectInOrder(60, node);
  });
});

own('a line to the API server', () => {
  const over = async (options: Partial<ControllerOptions> = {}) => {
    const line = await openLine(cluster.target);
    cleanup.push(() => line.close());
    const target = actingAs(line.target, `system:serviceaccount:${prowjobNamespace}:controller`);
    await controller({ target, ...options });
    return line;
  };

  it('that falls silent is given up for a new one', async () => {
    const node = kubelet((pod) => ({ ms: 50, outcome: outcome(pod) }));
    const line = await over({ silenceMs: 2_000 });
    await createJobs('heard', 10);
    await expect.poll(() => node.started.length, { timeout: 30_000 }).toBe(10);
    line.silence();
    await createJobs('unheard', 10);
    await expectInOrder(20, node);
  });

  it('that breaks while the API server forgets where we stood loses nothing', async () => {
    const node = kubelet((pod) => ({ ms: 2_000, outcome: outcome(pod) }));
    const line = await over();
    await createJobs('known', 10);
    await expect.poll(() => node.started.length, { timeout: 30_000 }).toBe(10);
    line.cut();
    await createJobs('meanwhile', 20);
    // A fresh API server remembers nothing from before its start: our resource version is expired.
    await cluster.apiServer?.restart(0);
    line.mend();
    await expectInOrder(30, node);
  });
});

own('somebody who writes to the same jobs all the time', () => {
  it('keeps none from its end', async () => {
    await controller();
    await createJobs('contested', 30);
    let writes = 0;
    let ended = false;
    const meddlers = Array.from({ length: 6 }, async () => {
      while (!ended) {
        const path = pathOf(PROWJOBS, prowjobNamespace, `contested-${writes++ % 30}`);
        const body = { metadata: { annotations: { writes: String(writes) } } };
        await cluster.admin.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
      }
    });
    await expect.poll(() => writes, { timeout: 60_000 }).toBeGreaterThan(100);
    const node = kubelet((pod) => ({ ms: 200, outcome: outcome(pod) }));
    await allEnded();
    ended = true;
    await Promise.all(meddlers);
    await expectInOrder(30, node);
  });
});

own('pods', () => {
  it('refused by a quota end their job in error, in the words of the API server', async () => {
    await controller();
    kubelet();
    const path = `/api/v1/namespaces/${podNamespace}/resourcequotas`;
    const body = { metadata: { name: 'two' }, spec: { hard: { pods: '2' } } };
    await cluster.admin.request({ method: 'POST', path, body });
    const status = { status: { hard: { pods: '2' }, used: { pods: '2' } } };
    const contentType = 'application/merge-patch+json';
    await cluster.admin.request({ method: 'PATCH', path: `${path}/two/status`, body: status, contentType });
    await createJobs('quota', 3);
    for (const { status } of await allEnded()) {
      expect(status.state).toBe('error');
      expect(status.description).toMatch(
        /^Pod can not be created: create pod .* in cluster default: pods "quota-\d" is forbidden: exceeded quota: two/,
      );
    }
    expect(await pods()).toEqual([]);
  });

  it('deleted from outside end their job in error, or are replaced where they are simply gone', async () => {
    const node = kubelet(() => ({ ms: 0, outcome: 'hang' }));
    const { pods: backend, store } = await controller();
    await createJobs('away', 2);
    const phases = async () => (await pods()).map(({ status }) => status?.phase);
    await expect.poll(phases, { timeout: 20_000 }).toEqual(['Running', 'Running']);
    const builds = async () => (await store.get('away-1'))?.status.build_id;
    const before = await builds();
    await backend.delete('default', 'away-0', { gracePeriodSeconds: 30 });
    await backend.delete('default', 'away-1', { gracePeriodSeconds: 0 });
    await expect.poll(async () => (await store.get('away-0'))?.status.state, { timeout: 20_000 }).toBe('error');
    expect((await store.get('away-0'))?.status.description).toBe('Pod got deleted unexpectedly');
    await expect.poll(builds, { timeout: 20_000 }).not.toBe(before);
    expect((await store.get('away-1'))?.status.state).toBe('pending');
    expect(node.started.filter((name) => name === 'away-1')).toHaveLength(2);
  });
});

own('a clock', () => {
  it('that jumps forward and back ends no job that runs', async () => {
    let offset = 0;
    const node = kubelet((pod) => ({ ms: 3_000, outcome: outcome(pod) }));
    await controller({ clockOffset: () => offset });
    await createJobs('clock', 20);
    await expect.poll(() => node.started.length, { timeout: 30_000 }).toBe(20);
    // Less than any time-out: a pod that our clock is too far ahead of would be given up.
    offset = 4 * 60_000;
    await controller({ clockOffset: () => offset }).then((other) => other.stop());
    offset = -3_600_000;
    await createJobs('later', 10);
    await expectInOrder(30, node);
  });
});
