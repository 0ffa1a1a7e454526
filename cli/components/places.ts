import path from 'node:path';
import type { Config } from '../../core/config/config.ts';
import { CutwaterError, hasCode } from '../../core/errors.ts';
import type { KubeClient } from '../../core/kube/client.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import { PROWJOBS, pathOf } from '../../core/kube/paths.ts';
import type { Logger } from '../../core/log.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import { podNamespace, prowjobNamespace } from '../../jobs/config/general.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import { KubernetesPodBackend } from '../../jobs/pods/kubernetes/backend.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import { KubernetesProwJobStore } from '../../jobs/store/kubernetes/store.ts';
import type { KubeFlags, PlaceFlags } from './flags.ts';
import { openKubeClusters } from './kube-clusters.ts';
import { openPods } from './pods.ts';

export type PlaceKind = Required<{ prowjobs: 'embedded' | 'kubernetes'; pods: 'local' | 'kubernetes' }>;

/** Where ProwJobs live and pods run. */
export interface Places {
  kind: PlaceKind;
  store: ProwJobStore;
  pods: PodBackend;
  /** The clusters, where there are any. */
  clusters: KubeClusters | undefined;
  close(): Promise<void>;
}

export interface PlacesOptions {
  /** As it is now: namespaces and disabled clusters are those at the start. */
  config: Config;
  dataDir: string;
  log: Logger;
  /** How long the first list of ProwJobs on Kubernetes may take. */
  listTimeoutMs?: number | undefined;
}

type Choice = Partial<Pick<PlaceFlags, 'prowjobs' | 'pods' | 'local-runtime' | 'kubeconfig' | 'kubeconfig-dir'>>;

/** What the flags mean together; `inCluster`: we run in a pod ourselves. Throws `usage` where they say too little. */
export function placeKind(flags: Choice, inCluster: boolean): PlaceKind {
  const named = flags.kubeconfig !== undefined || flags['kubeconfig-dir'] !== undefined;
  const guess = flags['local-runtime'] ? 'local' : named || inCluster ? 'kubernetes' : undefined;
  const pods = flags.pods ?? guess;
  if (!pods) {
    const choice = '--pods=kubernetes, or --local-runtime=podman, docker or, where you trust all code, process';
    throw new CutwaterError('usage', `say where the pods of jobs run: ${choice}`);
  }
  if (pods === 'kubernetes' && flags['local-runtime'])
    throw new CutwaterError('usage', '--local-runtime is for --pods=local');
  return { pods, prowjobs: flags.prowjobs ?? (pods === 'kubernetes' ? 'kubernetes' : 'embedded') };
}

/** Opens both, as the flags say. */
export async function openPlaces(flags: PlaceFlags, options: PlacesOptions): Promise<Places> {
  const kind = placeKind(flags, process.env.KUBERNETES_SERVICE_HOST !== undefined);
  const { config, dataDir, log } = options;
  const onKubernetes = kind.pods === 'kubernetes' || kind.prowjobs === 'kubernetes';
  const clusters = onKubernetes ? await openKubeClusters(flags, config, log) : undefined;
  const pods =
    clusters && kind.pods === 'kubernetes'
      ? new KubernetesPodBackend({ clusters, namespace: config.get(podNamespace), log })
      : await openPods(flags, dataDir, log);
  const store =
    clusters && kind.prowjobs === 'kubernetes'
      ? await kubernetesStore(clusters, options)
      : new EmbeddedStore({ path: path.join(dataDir, 'prowjobs.db') });
  return {
    kind,
    store,
    pods,
    clusters,
    async close() {
      await pods.close();
      await store.close();
      clusters?.close();
    },
  };
}

/** ProwJobs and pods on Kubernetes, for a component that runs alone. */
export async function openKubernetes(flags: KubeFlags, options: Omit<PlacesOptions, 'dataDir'>): Promise<Places> {
  const { config, log } = options;
  const clusters = await openKubeClusters(flags, config, log);
  const store = await kubernetesStore(clusters, options);
  const pods = new KubernetesPodBackend({ clusters, namespace: config.get(podNamespace), log });
  return {
    kind: { prowjobs: 'kubernetes', pods: 'kubernetes' },
    store,
    pods,
    clusters,
    async close() {
      await Promise.all([store.close(), pods.close()]);
      clusters.close();
    },
  };
}

async function kubernetesStore(
  clusters: KubeClusters,
  { config, log, listTimeoutMs }: Pick<PlacesOptions, 'config' | 'log' | 'listTimeoutMs'>,
): Promise<KubernetesProwJobStore> {
  const client = clusters.client(SERVICE_CLUSTER);
  const namespace = config.get(prowjobNamespace);
  await knowsProwJobs(client, namespace);
  return new KubernetesProwJobStore({ client, namespace, log, syncTimeoutMs: listTimeoutMs });
}

/** Throws `config` where the resource is not installed, or a file that the kubeconfig names cannot be read. An API server that does not answer now is the store's to wait for. */
async function knowsProwJobs(client: KubeClient, namespace: string): Promise<void> {
  const problem: unknown = await client
    .request({ path: pathOf(PROWJOBS, namespace), query: { limit: 1 }, timeoutMs: 5_000 })
    .then(
      () => undefined,
      (error) => error,
    );
  if (hasCode(problem, 'config')) throw problem;
  if (hasCode(problem, 'not-found'))
    throw new CutwaterError(
      'config',
      `${client.server} does not know ProwJobs: kubectl apply -f deploy/crd/prowjob-crd.yaml`,
    );
}
