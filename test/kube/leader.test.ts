import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../core/kube/client.ts';
import { leadWhile } from '../../core/kube/lease.ts';
import { LEASES, pathOf } from '../../core/kube/paths.ts';
import { createLogger } from '../../core/log.ts';
import { openCluster, type TestCluster } from './support/cluster.ts';

let cluster: TestCluster;
let namespace: string;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());
beforeEach(async () => {
  namespace = await cluster.namespace('lease');
});

/** A replica that notes when it works. */
function replica(identity: string, log: string[], client: KubeClient = cluster.admin) {
  const abort = new AbortController();
  const times = { leaseMs: 3_000, renewMs: 2_000, retryMs: 200 };
  const lease = { client, namespace, name: 'prow-sinker-leaderlock', identity, log: createLogger('test', 'silent') };
  const run = leadWhile({ ...lease, ...times }, abort.signal, async (signal) => {
    log.push(`${identity} begins`);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await sleep(20);
    log.push(`${identity} ends`);
  });
  return {
    async stop() {
      abort.abort();
      await run;
    },
  };
}

describe('a lease', () => {
  it('lets one work at a time, and is handed over at once when its holder stops', async () => {
    const log: string[] = [];
    const one = replica('one', log);
    await expect.poll(() => log).toEqual(['one begins']);
    const two = replica('two', log);
    const lease = () =>
      cluster.admin.request<{ spec: object }>({ path: pathOf(LEASES, namespace, 'prow-sinker-leaderlock') });
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'one', leaseDurationSeconds: 3 });
    await one.stop();
    await expect.poll(() => log, { timeout: 2_000 }).toEqual(['one begins', 'one ends', 'two begins']);
    expect((await lease()).spec).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 });
    await two.stop();
    expect((await lease()).spec).toMatchObject({ holderIdentity: '' });
  });

  it('is taken over after its time where the holder is cut off, which stops working before', async () => {
    const log: string[] = [];
    const cut = createKubeClient(cluster.target);
    let away = false;
    const request: KubeClient['request'] = (options) =>
      away ? Promise.reject(new Error('cut off')) : cut.request(options);
    const one = replica('one', log, { ...cut, request });
    await expect.poll(() => log).toEqual(['one begins']);
    away = true;
    const two = replica('two', log);
    await expect.poll(() => log, { timeout: 10_000 }).toEqual(['one begins', 'one ends', 'two begins']);
    away = false;
    await two.stop();
    await expect.poll(() => log.at(-1)).toBe('one begins');
    await one.stop();
    cut.close();
  });

  it.runIf(process.env.KUBEBUILDER_ASSETS)('outlives a short absence of the API server', async () => {
    const log: string[] = [];
    const one = replica('one', log);
    await expect.poll(() => log).toEqual(['one begins']);
    const renewed = async () => {
      const path = pathOf(LEASES, namespace, 'prow-sinker-leaderlock');
      return (await cluster.admin.request<{ spec: { renewTime: string } }>({ path })).spec.renewTime;
    };
    const before = await renewed();
    const pid = cluster.apiServer?.pids().apiserver ?? 0;
    process.kill(pid, 'SIGSTOP');
    await sleep(800);
    process.kill(pid, 'SIGCONT');
    await expect.poll(renewed).not.toBe(before);
    expect(log).toEqual(['one begins']);
    await one.stop();
  });
});
