import { hasCode } from '../../core/errors.ts';
import type { KubeClient } from '../../core/kube/client.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { PODS, pathOf } from '../../core/kube/paths.ts';
import type { Pod, PodBackend } from '../../jobs/pods/backend.ts';
import type { PodInfoSource } from '../../jobs/report/storage/pod-reporter.ts';

/** What podinfo.json is made of. Pods on this machine have neither events nor nodes, and stay until sinker takes them: they need no finalizer. */
export function podInfoSource(
  pods: PodBackend,
  clusters: KubeClusters | undefined,
  namespace: () => string,
): PodInfoSource {
  const removeFinalizer = (cluster: string, name: string, finalizer: string) =>
    pods.removeFinalizers(cluster, name, [finalizer]);
  const pod = (cluster: string, name: string) => pods.get(cluster, name);
  if (!clusters)
    return { pod, removeFinalizer, events: async () => [], node: async () => undefined, async addFinalizer() {} };
  return {
    pod,
    removeFinalizer,
    async events(cluster, { metadata }) {
      const { name, uid } = metadata;
      const fieldSelector = `involvedObject.name=${name},involvedObject.uid=${uid}`;
      const path = pathOf({ group: '', version: 'v1', plural: 'events' }, namespace());
      return (await clusters.client(cluster).request<{ items: object[] }>({ path, query: { fieldSelector } })).items;
    },
    node: (cluster, name) =>
      clusters.client(cluster).request<object>({ path: `/api/v1/nodes/${encodeURIComponent(name)}` }),
    async addFinalizer(cluster, name, finalizer) {
      const found = await pods.get(cluster, name);
      if (!found || found.metadata.deletionTimestamp || found.metadata.finalizers?.includes(finalizer)) return;
      await addTo(clusters.client(cluster), found, namespace(), finalizer);
    },
  };
}

/** The version keeps a pod that changes meanwhile from losing what others wrote; crier tries again then. */
async function addTo(client: KubeClient, { metadata }: Pod, namespace: string, finalizer: string): Promise<void> {
  const finalizers = [...(metadata.finalizers ?? []), finalizer];
  try {
    await client.request({
      method: 'PATCH',
      path: pathOf(PODS, namespace, metadata.name ?? ''),
      body: { metadata: { resourceVersion: metadata.resourceVersion, finalizers } },
      contentType: 'application/merge-patch+json',
    });
  } catch (error) {
    if (!hasCode(error, 'not-found')) throw error;
  }
}
