import type { KubeCluster } from '../../../core/kube/clusters.ts';
import { PODS, pathOf } from '../../../core/kube/paths.ts';
import { type ReflectorOptions, type ReflectorSink, reflect } from '../../../core/kube/reflector.ts';
import type { Logger } from '../../../core/log.ts';
import type { Pod, PodEvent } from '../backend.ts';

export interface PodWatchOptions {
  cluster: KubeCluster;
  namespace: string;
  labelSelector: string;
  log: Logger;
  reflector?: Pick<ReflectorOptions, 'silenceMs'> | undefined;
  /** The pods that are known, by name: those of a watch before, over another client. Kept up to date. */
  pods: Map<string, Pod>;
  emit: (event: PodEvent) => void;
  health: (problem: Error | undefined) => void;
}

/** Tells what happens to the pods of one cluster until the signal aborts; what was missed while the connection was away is told after it. */
export function watchPods(options: PodWatchOptions, signal: AbortSignal): Promise<void> {
  const { cluster, namespace, labelSelector, log, reflector } = options;
  const path = pathOf(PODS, namespace);
  return reflect({ client: cluster.client, path, labelSelector, log, ...reflector }, new PodSink(options), signal);
}

/** The alias that events of a cluster with several carry. */
export function nameOf({ aliases }: KubeCluster): string {
  return aliases.includes('default') ? 'default' : (aliases.find((alias) => alias !== '') ?? '');
}

class PodSink implements ReflectorSink<Pod> {
  private readonly options: PodWatchOptions;
  private readonly pods: Map<string, Pod>;
  private seen = new Set<string>();

  constructor(options: PodWatchOptions) {
    this.options = options;
    this.pods = options.pods;
  }

  listing(): void {
    this.seen = new Set();
  }

  page(pods: Pod[]): void {
    for (const pod of pods) {
      this.seen.add(pod.metadata.name ?? '');
      this.take(withKind(pod));
    }
  }

  listed(): void {
    for (const [name, pod] of this.pods) if (!this.seen.has(name)) this.drop(pod);
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: Pod): void {
    if (type === 'DELETED') this.drop(pod);
    else this.take(pod);
  }

  bookmark(): void {}

  health(problem: Error | undefined): void {
    this.options.health(problem);
  }

  private take(pod: Pod): void {
    const { name = '', uid, resourceVersion } = pod.metadata;
    const before = this.pods.get(name);
    const same = before?.metadata.uid === uid;
    if (same && before?.metadata.resourceVersion === resourceVersion) return;
    if (before && !same) this.tell('deleted', before);
    this.pods.set(name, pod);
    this.tell(same ? 'modified' : 'added', pod);
  }

  private drop(pod: Pod): void {
    if (this.pods.delete(pod.metadata.name ?? '')) this.tell('deleted', pod);
  }

  private tell(type: PodEvent['type'], pod: Pod): void {
    this.options.emit({ type, cluster: nameOf(this.options.cluster), pod });
  }
}

/** Items of a list carry no kind. */
export function withKind(pod: Pod): Pod {
  return { ...pod, apiVersion: 'v1', kind: 'Pod' };
}
