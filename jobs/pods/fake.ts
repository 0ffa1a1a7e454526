import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { CutwaterError } from '../../core/errors.ts';
import type { BuildCluster, DeleteOptions, Pod, PodBackend, PodEvent, PodStatus } from './backend.ts';
import { PodHub } from './local/hub.ts';

/** A pods backend for tests: pods stand in memory and do what the test says. */
export class FakePods implements PodBackend {
  readonly pods = new Map<string, Pod>();
  /** `create NAME`, `delete NAME`, in order. */
  readonly calls: string[] = [];
  aliases: BuildCluster[] = [{ alias: 'default' }];
  /** Thrown by the next calls of create. */
  failures: CutwaterError[] = [];
  now: () => number = Date.now;
  private readonly hub = new PodHub();
  private version = 0;

  clusters(): BuildCluster[] {
    return this.aliases;
  }

  async create(cluster: string, pod: Pod): Promise<Pod> {
    const { name = '' } = pod.metadata;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (this.pods.has(name)) throw new CutwaterError('conflict', `pods "${name}" already exists`);
    this.calls.push(`create ${name}`);
    const creationTimestamp = new Date(this.now()).toISOString();
    const metadata = { ...pod.metadata, uid: randomUUID(), creationTimestamp };
    return this.write('added', cluster, { ...pod, metadata, status: { phase: 'Pending' } });
  }

  async get(_cluster: string, name: string): Promise<Pod | undefined> {
    return structuredClone(this.pods.get(name));
  }

  async list(): Promise<Pod[]> {
    return structuredClone([...this.pods.values()]);
  }

  async delete(cluster: string, name: string, { uid }: DeleteOptions = {}): Promise<void> {
    this.calls.push(`delete ${name}`);
    if (uid !== undefined && this.pods.get(name)?.metadata.uid !== uid) return;
    this.vanish(name, cluster);
  }

  async removeFinalizers(_cluster: string, name: string, finalizers: string[]): Promise<void> {
    const pod = this.pods.get(name);
    if (!pod) return;
    const left = (pod.metadata.finalizers ?? []).filter((finalizer) => !finalizers.includes(finalizer));
    this.write('modified', 'default', { ...pod, metadata: { ...pod.metadata, finalizers: left } });
  }

  watch(signal: AbortSignal): AsyncIterable<PodEvent> {
    const first = [...this.pods.values()].map((pod): PodEvent => ({ type: 'added', cluster: 'default', pod }));
    return this.hub.watch(first, signal);
  }

  async log(): Promise<Readable> {
    return Readable.from([]);
  }

  async close(): Promise<void> {}

  /** What kubelet would report. */
  report(name: string, status: PodStatus, metadata: Pod['metadata'] = {}): void {
    const pod = this.pods.get(name);
    if (!pod) throw new Error(`no pod ${name}`);
    this.write('modified', 'default', { ...pod, metadata: { ...pod.metadata, ...metadata }, status });
  }

  /** The pod is gone, as after a forced deletion. */
  vanish(name: string, cluster = 'default'): void {
    const pod = this.pods.get(name);
    this.pods.delete(name);
    if (pod) this.hub.publish({ type: 'deleted', cluster, pod });
  }

  private write(type: 'added' | 'modified', cluster: string, pod: Pod): Pod {
    this.version += 1;
    const written = { ...pod, metadata: { ...pod.metadata, resourceVersion: String(this.version) } };
    this.pods.set(pod.metadata.name ?? '', written);
    this.hub.publish({ type, cluster, pod: structuredClone(written) });
    return structuredClone(written);
  }
}
