import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode, messageOf } from '../../../core/errors.ts';
import type { KubeClient } from '../../../core/kube/client.ts';
import type { KubeCluster, KubeClusters } from '../../../core/kube/clusters.ts';
import { PODS, pathOf } from '../../../core/kube/paths.ts';
import type { ReflectorOptions } from '../../../core/kube/reflector.ts';
import type { Logger } from '../../../core/log.ts';
import { CREATED_BY_PROW } from '../../api/labels.ts';
import type { BuildCluster, DeleteOptions, LogOptions, Pod, PodBackend, PodEvent } from '../backend.ts';
import { EventQueue } from './event-queue.ts';
import { missingVerbs } from './permissions.ts';
import { nameOf, watchPods, withKind } from './pod-watch.ts';
import { skip } from './skip.ts';

export interface KubernetesPodsOptions {
  clusters: KubeClusters;
  /** pod_namespace, as it is at start */
  namespace: string;
  log: Logger;
  /** How often a cluster's rights are looked at, and how often while something is wrong. */
  checkMs?: number | undefined;
  recheckMs?: number | undefined;
  reflector?: Pick<ReflectorOptions, 'silenceMs'> | undefined;
}

const CHECK_MS = 60_000;
const RECHECK_MS = 5_000;
const PAGE = 500;
const CONFLICTS = 10;

/** One cluster's watch, and the pods that it has told of. */
interface Following {
  abort: AbortController;
  name: string;
  pods: Map<string, Pod>;
}

/** Pods in build clusters, one for each context of the kubeconfig. A cluster that cannot be reached does not keep the others from work. */
export class KubernetesPodBackend implements PodBackend {
  private readonly options: KubernetesPodsOptions;
  private readonly closing = new AbortController();
  private readonly unreachable = new Map<KubeClient, string>();
  private readonly unusable = new Map<KubeClient, string>();
  /** Those that could be used at some time. */
  private readonly proven = new Set<KubeClient>();

  constructor(options: KubernetesPodsOptions) {
    this.options = options;
  }

  clusters(): BuildCluster[] {
    return this.options.clusters.all().flatMap(({ aliases, client }) => {
      const state = this.stateOf(client);
      return aliases.map((alias) => ({ alias, ...state }));
    });
  }

  async create(cluster: string, pod: Pod): Promise<Pod> {
    const body = { ...pod, metadata: { ...pod.metadata, namespace: this.options.namespace } };
    return this.request(cluster, { method: 'POST', path: this.path(), body });
  }

  async get(cluster: string, name: string): Promise<Pod | undefined> {
    return this.request(cluster, { path: this.path(name) }).catch(unlessMissing);
  }

  async list(cluster: string, labels: Record<string, string> = {}): Promise<Pod[]> {
    const client = this.client(cluster);
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const pods: Pod[] = [];
    let after: string | undefined;
    do {
      const query = { labelSelector: labelSelector || undefined, limit: PAGE, continue: after };
      const page = await client.request<{ items: Pod[]; metadata: { continue?: string } }>({
        path: this.path(),
        query,
      });
      pods.push(...page.items.map((pod) => withKind(withoutBookkeeping(pod))));
      after = page.metadata.continue || undefined;
    } while (after !== undefined);
    return pods;
  }

  async delete(cluster: string, name: string, { uid, ...options }: DeleteOptions = {}): Promise<void> {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
      ...options,
      ...preconditions,
    };
    try {
      await this.request(cluster, { method: 'DELETE', path: this.path(name), body });
    } catch (error) {
      if (hasCode(error, 'not-found') || (uid !== undefined && hasCode(error, 'conflict'))) return;
      throw error;
    }
  }

  async removeFinalizers(cluster: string, name: string, finalizers: string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const pod = await this.get(cluster, name);
      const left = pod?.metadata.finalizers?.filter((finalizer) => !finalizers.includes(finalizer));
      if (!pod || left === undefined || left.length === pod.metadata.finalizers?.length) return;
      const body = { metadata: { resourceVersion: pod.metadata.resourceVersion, finalizers: left } };
      const patch = {
        method: 'PATCH',
        path: this.path(name),
        body,
        contentType: 'application/merge-patch+json',
      } as const;
      try {
        await this.request(cluster, patch).catch(unlessMissing);
        return;
      } catch (error) {
        if (!hasCode(error, 'conflict') || attempt === CONFLICTS) throw error;
      }
    }
  }

  async *watch(signal: AbortSignal): AsyncGenerator<PodEvent> {
    const { clusters } = this.options;
    const queue = new EventQueue<PodEvent>();
    const end = AbortSignal.any([signal, this.closing.signal]);
    const running = new Map<KubeClient, Following>();
    const adjust = () => {
      const all = clusters.all();
      const left = new Map<string, Following>();
      for (const [client, following] of running)
        if (!all.some((cluster) => cluster.client === client)) {
          following.abort.abort();
          running.delete(client);
          left.set(following.name, following);
        }
      for (const cluster of all) {
        if (running.has(cluster.client)) continue;
        // The same cluster with other credentials, say: what went away in between is told when its pods are listed.
        const pods = new Map(left.get(nameOf(cluster))?.pods);
        left.delete(nameOf(cluster));
        running.set(cluster.client, this.follow(cluster, pods, queue, end));
      }
      for (const { name, pods } of left.values())
        for (const pod of pods.values()) queue.push({ type: 'deleted', cluster: name, pod });
    };
    const stop = clusters.onChange(adjust);
    try {
      adjust();
      yield* queue.read(end);
    } finally {
      stop();
      for (const { abort } of running.values()) abort.abort();
    }
  }

  async log(
    cluster: string,
    name: string,
    container: string,
    { from = 0, ...query }: LogOptions = {},
  ): Promise<Readable> {
    const path = this.path(name, 'log');
    const stream = await this.client(cluster).open({ path, query: { container, ...query } });
    // The API server knows no offset.
    return from > 0 ? skip(stream, from) : stream;
  }

  async close(): Promise<void> {
    this.closing.abort();
  }

  private follow(
    cluster: KubeCluster,
    pods: Map<string, Pod>,
    queue: EventQueue<PodEvent>,
    end: AbortSignal,
  ): Following {
    const { namespace, log, reflector } = this.options;
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, end]);
    const name = nameOf(cluster);
    const watching = watchPods(
      {
        cluster,
        namespace,
        labelSelector: `${CREATED_BY_PROW}=true`,
        log: log.child({ cluster: name }),
        reflector,
        pods,
        emit: (event) => queue.push(event),
        health: (problem) => this.note(this.unreachable, cluster.client, problem && messageOf(problem)),
      },
      signal,
    );
    Promise.all([watching, this.check(cluster, signal)]).catch((error: unknown) => queue.fail(error));
    return { abort, name, pods };
  }

  private stateOf(client: KubeClient): Omit<BuildCluster, 'alias'> {
    const unreachable = this.unreachable.get(client);
    const problem = unreachable ?? this.unusable.get(client);
    if (problem === undefined) return { status: 'Reachable' };
    if (!this.proven.has(client)) return { status: 'No-Manager', problem };
    return { status: unreachable === undefined ? 'MissingPermissions' : 'Error', problem };
  }

  private note(problems: Map<KubeClient, string>, client: KubeClient, problem: string | undefined): void {
    if (problem === undefined) problems.delete(client);
    else problems.set(client, problem);
  }

  /** Looks again and again whether we may do in this cluster what we have to. */
  private async check({ client }: KubeCluster, signal: AbortSignal): Promise<void> {
    const { namespace, checkMs = CHECK_MS, recheckMs = RECHECK_MS } = this.options;
    while (!signal.aborted) {
      // That it cannot be reached is the watch's to say.
      const missing = await missingVerbs(client, namespace).catch(() => undefined);
      const lacks = missing && missing.length > 0;
      const problem = lacks ? `no right to ${missing.join(', ')} pods in namespace ${namespace}` : undefined;
      if (missing) this.note(this.unusable, client, problem);
      if (missing && !lacks) this.proven.add(client);
      await sleep(missing && !lacks ? checkMs : recheckMs, undefined, { signal }).catch(() => {});
    }
  }

  private client(alias: string): KubeClient {
    const cluster = this.options.clusters.find(alias);
    if (!cluster) throw new CutwaterError('not-found', `unknown cluster alias "${alias}"`);
    return cluster.client;
  }

  private async request(cluster: string, request: Parameters<KubeClient['request']>[0]): Promise<Pod> {
    return withoutBookkeeping(await this.client(cluster).request<Pod>(request));
  }

  private path(...rest: string[]): string {
    return pathOf(PODS, this.options.namespace, ...rest);
  }
}

function unlessMissing(error: unknown): undefined {
  if (hasCode(error, 'not-found')) return undefined;
  throw error;
}

function withoutBookkeeping(pod: Pod): Pod {
  const { managedFields, ...metadata } = pod.metadata as Pod['metadata'] & { managedFields?: unknown };
  return { ...pod, metadata };
}
