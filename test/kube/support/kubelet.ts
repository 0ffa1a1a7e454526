import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../../core/errors.ts';
import type { KubeClient } from '../../../core/kube/client.ts';
import { PODS, pathOf } from '../../../core/kube/paths.ts';
import { reflect } from '../../../core/kube/reflector.ts';
import { createLogger } from '../../../core/log.ts';
import type { Pod, PodStatus } from '../../../jobs/pods/backend.ts';

export interface KubeletOptions {
  client: KubeClient;
  namespace: string;
  /** How long a pod runs, in milliseconds, and how it ends; `hang` leaves it running. */
  plan?: (pod: Pod) => { ms: number; outcome: 'Succeeded' | 'Failed' | 'hang' };
}

/** Stands in for scheduler and kubelet: binds each pod, writes its status, and lets go of those that are deleted. */
export interface Kubelet {
  /** Names of pods that were started, once for each pod object. */
  started: string[];
  stop(): Promise<void>;
}

export function startKubelet(options: KubeletOptions): Kubelet {
  const { client, namespace, plan = () => ({ ms: 0, outcome: 'Succeeded' }) } = options;
  const abort = new AbortController();
  const started: string[] = [];
  const busy = new Set<string>();
  const path = (...rest: string[]) => pathOf(PODS, namespace, ...rest);

  async function run(pod: Pod): Promise<void> {
    const { name = '', uid = '' } = pod.metadata;
    if (pod.metadata.deletionTimestamp !== undefined) {
      // Containers need a moment to end.
      await sleep(200);
      return remove(name);
    }
    if (pod.status?.phase !== 'Pending' || busy.has(uid)) return;
    busy.add(uid);
    started.push(name);
    const { ms, outcome } = plan(pod);
    const target = { apiVersion: 'v1', kind: 'Node', name: 'stand-in' };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
    await persist(() => client.request({ method: 'POST', path: path(name, 'binding'), body }), ['conflict']);
    await setStatus(pod, statusOf(pod, 'Running'));
    if (outcome === 'hang') return;
    await sleep(ms, undefined, { signal: abort.signal }).catch(() => {});
    if (!abort.signal.aborted) await setStatus(pod, statusOf(pod, outcome));
  }

  const setStatus = (pod: Pod, status: PodStatus) =>
    persist(() => {
      const patch = { method: 'PATCH', contentType: 'application/merge-patch+json' } as const;
      const body = { metadata: { uid: pod.metadata.uid }, status };
      return client.request({ ...patch, path: path(pod.metadata.name ?? '', 'status'), body });
    }, ['conflict', 'invalid']);

  const remove = (name: string) =>
    persist(() => client.request({ method: 'DELETE', path: path(name), body: { gracePeriodSeconds: 0 } }));

  /** A kubelet does not give up while the API server is away. */
  async function persist(write: () => Promise<unknown>, fine: ('conflict' | 'invalid')[] = []): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        await write();
        return;
      } catch (error) {
        if (hasCode(error, 'not-found') || fine.some((code) => hasCode(error, code))) return;
        if (!hasCode(error, 'transient')) throw error;
        await sleep(100);
      }
    }
  }

  const take = (pod: Pod) => void run(pod);
  const sink = {
    listing() {},
    page: (pods: Pod[]) => pods.forEach(take),
    listed() {},
    event: (_: string, pod: Pod) => take(pod),
    bookmark() {},
    health() {},
  };
  const watching = reflect<Pod>({ client, path: path(), log: createLogger('kubelet', 'silent') }, sink, abort.signal);
  return {
    started,
    async stop() {
      abort.abort();
      await watching;
    },
  };
}

function statusOf(pod: Pod, phase: 'Running' | 'Succeeded' | 'Failed'): PodStatus {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const exitCode = phase === 'Failed' ? 1 : 0;
  const reason = phase === 'Failed' ? 'Error' : 'Completed';
  const state =
    phase === 'Running'
      ? { running: { startedAt: now } }
      : { terminated: { exitCode, reason, startedAt: now, finishedAt: now } };
  return {
    phase,
    startTime: now,
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: now }],
    containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
      name,
      image,
      imageID: '',
      ready: phase === 'Running',
      restartCount: 0,
      state,
    })),
  };
}
