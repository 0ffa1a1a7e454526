import { randomUUID } from 'node:crypto';
import { KubeClusters } from '../../../core/kube/clusters.ts';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';
import { leadWhile } from '../../../core/kube/lease.ts';
import { createLogger } from '../../../core/log.ts';
import { createMetrics } from '../../../core/metrics.ts';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import type { PlankConfig } from '../../../jobs/controller/facts.ts';
import { startController } from '../../../jobs/controller/runtime.ts';
import type { Pod } from '../../../jobs/pods/backend.ts';
import { KubernetesPodBackend } from '../../../jobs/pods/kubernetes/backend.ts';
import { KubernetesProwJobStore } from '../../../jobs/store/kubernetes/store.ts';
import { kubeconfigText, temporaryFolder } from './files.ts';

export interface ControllerOptions {
  target: KubeTarget;
  prowjobNamespace: string;
  podNamespace: string;
  /** Waits for the lease before it works. */
  elect?: boolean;
  plank?: Partial<PlankConfig>;
  /** How far its clock is off, in milliseconds. */
  clockOffset?: () => number;
  /** After how long a silent watch counts as dead. */
  silenceMs?: number;
  level?: string;
}

export interface TestController {
  store: KubernetesProwJobStore;
  pods: KubernetesPodBackend;
  /** Orderly, as on SIGTERM. */
  stop(): Promise<void>;
  /** Without a word, as on SIGKILL: connections break, the lease is not released. */
  kill(): Promise<void>;
}

const minute = 60_000;
const PLANK: PlankConfig = {
  pod_namespace: '',
  pod_pending_timeout: 10 * minute,
  pod_running_timeout: 48 * 60 * minute,
  pod_unscheduled_timeout: 5 * minute,
  max_revivals: 3,
  max_concurrency: 0,
  max_goroutines: 64,
  job_queue_capacities: {},
};

/** The pod-runner controller over the Kubernetes backends, as the command line puts it together. */
export async function startTestController(options: ControllerOptions): Promise<TestController> {
  const { target, prowjobNamespace, podNamespace, elect = false, clockOffset = () => 0 } = options;
  const log = createLogger('controller', options.level ?? 'silent');
  const files = await temporaryFolder();
  const kubeconfig = await files.write('config', kubeconfigText({ build: target }));
  const clusters = await KubeClusters.open({ kubeconfig, log });
  const client = clusters.client('');
  const reflector = { silenceMs: options.silenceMs };
  const store = new KubernetesProwJobStore({ client, namespace: prowjobNamespace, log, reflector });
  const pods = new KubernetesPodBackend({ clusters, namespace: podNamespace, log, reflector });
  const abort = new AbortController();
  const killed = new AbortController();
  const plank = { ...PLANK, ...options.plank, pod_namespace: podNamespace };
  const work = async (signal: AbortSignal): Promise<void> => {
    const controller = startController({
      store,
      pods,
      log,
      metrics: createMetrics(),
      config: () => plank,
      podFor,
      version: 'test',
      jobUrl: (job) => `https://prow.example.com/view/${job.metadata.name}`,
      buildId: async () => String(process.hrtime.bigint()),
      now: () => Date.now() + clockOffset(),
    });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await controller.stop(5_000);
  };
  const lease = { client, namespace: prowjobNamespace, name: 'prow-controller-manager-leader-lock', log };
  const running = elect
    ? leadWhile({ ...lease, identity: randomUUID(), leaseMs: 8_000, renewMs: 6_000, retryMs: 500 }, abort.signal, work)
    : work(abort.signal);
  const close = async () => {
    abort.abort();
    await running.catch((error: unknown) => {
      if (!killed.signal.aborted) throw error;
    });
    await Promise.all([store.close(), pods.close()]);
    clusters.close();
    await files.remove();
  };
  return {
    store,
    pods,
    stop: close,
    async kill() {
      killed.abort();
      // From here on nothing gets out.
      for (const { client: each } of clusters.all()) {
        each.close();
        each.request = () => Promise.reject(new Error('killed'));
        each.open = () => Promise.reject(new Error('killed'));
      }
      await close();
    },
  };
}

/** The least that a pod of a ProwJob has (Prow: decorate.ProwJobToPod). */
function podFor(job: ProwJob, buildId: string): Pod {
  const { name = '', labels } = job.metadata;
  const containers = job.spec.pod_spec?.containers.map((container) => ({
    ...container,
    name: container.name || 'test',
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { ...labels, 'created-by-prow': 'true', 'prow.k8s.io/id': name, 'prow.k8s.io/build-id': buildId },
    },
    spec: {
      ...job.spec.pod_spec,
      containers: containers ?? [],
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
    },
  };
}
