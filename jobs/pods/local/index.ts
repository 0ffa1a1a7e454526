import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { CutwaterError } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import { CREATED_BY_PROW } from '../../api/labels.ts';
import {
  ANY_CLUSTER,
  type DeleteOptions,
  type LogOptions,
  type Pod,
  type PodBackend,
  type PodEvent,
} from '../backend.ts';
import { assertRunnable } from './check.ts';
import { containerFolders, podFolders } from './folders.ts';
import { PodHub } from './hub.ts';
import { keysIn } from './keys.ts';
import { readLog } from './log-file.ts';
import { LocalPod, type PodDeps, type PodRecord } from './pod.ts';
import type { Runtime } from './runtime.ts';

/** 64 MiB a container: enough for the loudest of builds. */
const DEFAULT_LOG_LIMIT = 64 * 1024 * 1024;

export interface LocalPodsOptions {
  /** Where pods live: `<data-dir>/pods`. */
  folder: string;
  runtime: Runtime;
  /** Folders of the operator's with one folder a secret or config map, one file a key. */
  secretsFolder?: string | undefined;
  configMapsFolder?: string | undefined;
  /** Bytes of log kept of one container. */
  logLimit?: number | undefined;
  log: Logger;
}

/** Pods on this machine. Their processes go on where this one stops or is killed; `open` takes them up again. */
export class LocalPods implements PodBackend {
  private readonly folder: string;
  private readonly runtime: Runtime;
  private readonly logger: Logger;
  private readonly deps: Omit<PodDeps, 'changed'>;
  private readonly pods = new Map<string, LocalPod>();
  private readonly hub = new PodHub();
  private readonly closing = new AbortController();

  private constructor(options: LocalPodsOptions) {
    this.folder = options.folder;
    this.runtime = options.runtime;
    this.logger = options.log;
    this.deps = {
      runtime: options.runtime,
      log: options.log,
      secrets: keysIn(options.secretsFolder, 'secret'),
      configMaps: keysIn(options.configMapsFolder, 'configmap'),
      logLimit: options.logLimit ?? DEFAULT_LOG_LIMIT,
    };
  }

  /** Opens the folder and goes on with the pods in it: those that run are waited for, those that ended meanwhile have their exit codes. */
  static async open(options: LocalPodsOptions): Promise<LocalPods> {
    const backend = new LocalPods(options);
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(options.folder)) await backend.takeUp(name);
    return backend;
  }

  clusters(): { alias: string }[] {
    return [{ alias: ANY_CLUSTER }];
  }

  async create(cluster: string, pod: Pod): Promise<Pod> {
    assertRunnable(pod);
    const { name = '' } = pod.metadata;
    if (this.pods.has(name)) throw new CutwaterError('conflict', `pods "${name}" already exists`);
    const metadata = { ...pod.metadata, uid: randomUUID(), creationTimestamp: new Date().toISOString() };
    const local = this.make({ cluster, pod: { ...pod, metadata } });
    await local.save();
    this.start(name, local);
    return local.pod;
  }

  async get(_cluster: string, name: string): Promise<Pod | undefined> {
    return this.pods.get(name)?.pod;
  }

  async list(_cluster: string, labels: Record<string, string> = {}): Promise<Pod[]> {
    const wanted = Object.entries(labels);
    return [...this.pods.values()]
      .map((local) => local.pod)
      .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value));
  }

  async delete(_cluster: string, name: string, options: DeleteOptions = {}): Promise<void> {
    const local = this.pods.get(name);
    if (!local || (options.uid ?? local.pod.metadata.uid) !== local.pod.metadata.uid) return;
    await local.markDeleted(options.gracePeriodSeconds, new Date().toISOString());
    if (local.hasEnded) await this.remove(name, local);
    else this.inBackground(name, local.terminate(options.gracePeriodSeconds));
  }

  async removeFinalizers(_cluster: string, name: string, finalizers: string[]): Promise<void> {
    await this.pods.get(name)?.removeFinalizers(finalizers);
  }

  watch(signal: AbortSignal): AsyncIterable<PodEvent> {
    const existing = [...this.pods.values()]
      .map((local): PodEvent => ({ type: 'added', cluster: local.cluster, pod: local.pod }))
      .filter(isOfProw);
    return this.hub.watch(existing, AbortSignal.any([signal, this.closing.signal]));
  }

  async log(
    _cluster: string,
    name: string,
    container: string,
    { follow = false, tailLines, from }: LogOptions = {},
  ): Promise<Readable> {
    const local = this.pods.get(name);
    const { initContainers = [], containers } = local?.pod.spec ?? { containers: [] };
    if (!local) throw new CutwaterError('not-found', `pods "${name}" not found`);
    if (![...initContainers, ...containers].some((spec) => spec.name === container)) {
      throw new CutwaterError('not-found', `container ${container} is not valid for pod ${name}`);
    }
    const { log } = containerFolders(podFolders(this.folder, name), container);
    return readLog(log, { running: () => local.isRunning(container), tailLines, from, follow });
  }

  async close(): Promise<void> {
    this.closing.abort();
  }

  private make(record: PodRecord): LocalPod {
    const { name = '' } = record.pod.metadata;
    let known = false;
    const local = new LocalPod(record, podFolders(this.folder, name), {
      ...this.deps,
      changed: (pod) => {
        this.publish({ type: known ? 'modified' : 'added', cluster: record.cluster, pod });
        known = true;
      },
    });
    this.pods.set(name, local);
    return local;
  }

  private start(name: string, local: LocalPod): void {
    const run = local.run().then(async () => {
      if (local.pod.metadata.deletionTimestamp !== undefined) await this.remove(name, local);
    });
    this.inBackground(name, run);
  }

  private async takeUp(name: string): Promise<void> {
    const folders = podFolders(this.folder, name);
    const record = await readRecord(folders.record);
    if (!record) {
      // Not a pod yet when we were killed: nothing of it was started.
      await this.runtime.removeFolder(folders.root);
      return;
    }
    const local = this.make(record);
    this.start(name, local);
    const { deletionTimestamp, deletionGracePeriodSeconds } = local.pod.metadata;
    if (deletionTimestamp !== undefined && !local.hasEnded)
      this.inBackground(name, local.terminate(deletionGracePeriodSeconds));
  }

  private async remove(name: string, local: LocalPod): Promise<void> {
    if (this.pods.get(name) !== local) return;
    await this.runtime.removeFolder(podFolders(this.folder, name).root);
    if (this.pods.get(name) !== local) return;
    this.pods.delete(name);
    this.publish({ type: 'deleted', cluster: local.cluster, pod: local.pod });
  }

  private publish(event: PodEvent): void {
    if (isOfProw(event)) this.hub.publish(event);
  }

  private inBackground(name: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.logger.error({ err: error, pod: name }, 'pod not looked after'));
  }
}

async function readRecord(path: string): Promise<PodRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PodRecord;
  } catch {
    return undefined;
  }
}

function isOfProw({ pod }: PodEvent): boolean {
  return pod.metadata.labels?.[CREATED_BY_PROW] === 'true';
}
