import { CREATED_BY_PROW } from '../api/labels.ts';
import type { Pod, PodBackend, PodEvent } from '../pods/backend.ts';

/** The pods that the watch has told of, by the name that they share with their job. */
export class PodView {
  private readonly pods = new Map<string, Pod>();

  /** Takes an event in and hands back the name of the job it is about. Late news of a pod that has a successor are left out. */
  observe({ type, pod }: PodEvent): string {
    const { name = '', uid } = pod.metadata;
    if (type !== 'deleted') this.put(pod);
    else if (this.pods.get(name)?.metadata.uid === uid) this.pods.delete(name);
    return name;
  }

  /** Takes a pod in that was created or read, unless the watch would never tell of its changes. */
  put(pod: Pod): void {
    if (pod.metadata.labels?.[CREATED_BY_PROW] !== 'true') return;
    const { name = '', uid, resourceVersion } = pod.metadata;
    const known = this.pods.get(name)?.metadata;
    if (known?.uid === uid && isOlder(resourceVersion, known?.resourceVersion)) return;
    this.pods.set(name, pod);
  }

  known(name: string): Pod | undefined {
    return this.pods.get(name);
  }

  /** The pod as the watch told it; one that the watch has not told of is asked for, so that a watch that lags replaces no pod. */
  async find(backend: PodBackend, cluster: string, name: string): Promise<Pod | undefined> {
    const known = this.pods.get(name);
    if (known) return known;
    const found = await backend.get(cluster, name);
    if (found) this.put(found);
    return found;
  }
}

function isOlder(version: string | undefined, known: string | undefined): boolean {
  return version !== undefined && known !== undefined && BigInt(version) < BigInt(known);
}
