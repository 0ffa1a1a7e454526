import { mkdir, rename, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { V1Container } from '@kubernetes/client-node';
import { hasCode, messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import { INTERNAL_ERROR_CODE } from '../../pod-utils/wrapper.ts';
import { roleOf } from '../../spec/roles.ts';
import type { ContainerState, Pod } from '../backend.ts';
import { Container, KILLED, LostError } from './container.ts';
import { environmentOf } from './environment.ts';
import { containerFolders, type PodFolders } from './folders.ts';
import type { Keys } from './keys.ts';
import { leaveMarker } from './marker.ts';
import { killAll } from './processes.ts';
import type { Runtime } from './runtime.ts';
import { podStatus, startError, type Terminated, terminated, type Verdict } from './status.ts';
import { makeVolumes, mountsOf } from './volumes.ts';

/** A secret that is missing may still come: it is looked for again, as kubelet does. */
const RETRY = 2_000;
const DEFAULT_GRACE = 30;

export interface PodDeps {
  runtime: Runtime;
  secrets: Keys;
  configMaps: Keys;
  logLimit: number;
  log: Logger;
  /** Called with every new state of the pod, once it is on disk. */
  changed: (pod: Pod) => void;
}

/** A pod as it is kept on disk. */
export interface PodRecord {
  cluster: string;
  pod: Pod;
}

/** One pod of this machine, from its volumes to its last container; everything that a restart needs to go on is on disk. */
export class LocalPod {
  readonly cluster: string;
  private readonly folders: PodFolders;
  private readonly deps: PodDeps;
  private readonly states = new Map<string, ContainerState>();
  private readonly containers = new Map<string, Container>();
  private readonly ending = new AbortController();
  private current: Pod;
  private verdict: Verdict | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  /** Nothing of it runs any more; once that is told, its status stays as it is. */
  private over: 'no' | 'yes' | 'told' = 'no';

  constructor({ cluster, pod }: PodRecord, folders: PodFolders, deps: PodDeps) {
    this.cluster = cluster;
    this.current = pod;
    if (this.hasEnded) this.over = 'told';
    this.folders = folders;
    this.deps = deps;
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      this.containers.set(
        container.name,
        new Container({
          folders: containerFolders(folders, container.name),
          uid: pod.metadata.uid ?? '',
          // A decorated job's log is kept whole: its sidecar has it in full, too.
          logLimit: roleOf(pod, container.name) === 'entrypoint' ? Number.POSITIVE_INFINITY : deps.logLimit,
          messageFromLog: container.terminationMessagePolicy === 'FallbackToLogsOnError',
        }),
      );
    }
  }

  get pod(): Pod {
    return structuredClone(this.current);
  }

  get hasEnded(): boolean {
    const phase = this.current.status?.phase;
    return phase === 'Succeeded' || phase === 'Failed' || phase === 'Unknown';
  }

  /** Whether more may come to a container's log. */
  isRunning(container: string): boolean {
    return !this.hasEnded && this.states.get(container)?.terminated === undefined;
  }

  /** Puts the pod on disk for the first time. */
  async save(): Promise<void> {
    await mkdir(this.folders.home, { recursive: true });
    await this.tell();
  }

  /** Runs the pod to its end, from wherever it stands; never fails. */
  async run(): Promise<void> {
    if (this.hasEnded) return;
    this.startDeadline();
    try {
      await this.runContainers();
    } catch (error) {
      this.verdict ??= verdictOf(error);
      if (!(error instanceof LostError))
        this.deps.log.error({ err: error, pod: this.current.metadata.name }, 'pod failed to run');
    }
    clearTimeout(this.deadline);
    await this.cleanUp();
    await this.tell();
  }

  /** Asks every container to end, and kills what is left after the grace period, in seconds. */
  async terminate(graceSeconds?: number): Promise<void> {
    const grace = graceSeconds ?? this.current.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE;
    this.ending.abort();
    const deadline = Date.now() + grace * 1_000;
    const asked = new Set<number>();
    while (grace > 0 && Date.now() < deadline && !this.hasEnded) {
      // Looked at again: a program may only just have been started.
      for (const [name, container] of this.containers) {
        const pid = await container.pid();
        if (pid === undefined || asked.has(pid)) continue;
        asked.add(pid);
        await this.deps.runtime.terminate(this.current, name, pid);
      }
      await wait(50);
    }
    if (!this.hasEnded) await this.kill();
  }

  /** Notes that the pod is to go: whoever watches sees it terminate. */
  async markDeleted(graceSeconds: number | undefined, at: string): Promise<void> {
    const deletionGracePeriodSeconds = graceSeconds ?? this.current.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE;
    if (this.current.metadata.deletionTimestamp !== undefined) return;
    this.current = {
      ...this.current,
      metadata: { ...this.current.metadata, deletionTimestamp: at, deletionGracePeriodSeconds },
    };
    await this.tell();
  }

  async removeFinalizers(finalizers: string[]): Promise<void> {
    const left = (this.current.metadata.finalizers ?? []).filter((name) => !finalizers.includes(name));
    this.current = { ...this.current, metadata: { ...this.current.metadata, finalizers: left } };
    await this.tell();
  }

  private async kill(): Promise<void> {
    for (const [name, container] of this.containers) {
      await this.deps.runtime.remove(this.current, name);
      await container.kill();
    }
    await killAll(this.current.metadata.uid ?? '');
  }

  private async runContainers(): Promise<void> {
    const begun = await this.restoreStates();
    if (!begun) await this.prepareVolumes();
    const { initContainers = [], containers } = this.current.spec;
    for (const container of initContainers) {
      const { exitCode } = await this.runContainer(container);
      if (exitCode !== 0) return;
    }
    const runs = containers.map((container) => this.runContainer(container));
    await Promise.all(runs).catch(async (error: unknown) => {
      // The others may wait for it for ever.
      this.ending.abort();
      await this.kill();
      await Promise.allSettled(runs);
      throw error;
    });
  }

  /** What a process that was here before us left on disk; false where nothing was started yet. */
  private async restoreStates(): Promise<boolean> {
    for (const [name, container] of this.containers) {
      const outcome = await container.outcome();
      if (outcome) this.states.set(name, { terminated: outcome });
      else if (await container.isClaimed()) this.states.set(name, { running: {} });
    }
    return this.states.size > 0;
  }

  private async runContainer(spec: V1Container): Promise<Terminated> {
    const container = this.containers.get(spec.name);
    if (!container) throw new Error(`no container ${spec.name}`);
    let outcome = (await container.outcome()) ?? (await this.follow(spec, container));
    // A sidecar that was killed (by a machine short of memory, for instance) would take everything with it that it had not uploaded yet.
    if (roleOf(this.current, spec.name) === 'sidecar' && outcome.exitCode === KILLED && !this.ending.signal.aborted) {
      if (await container.forget()) outcome = await this.follow(spec, container);
    }
    if (roleOf(this.current, spec.name) === 'entrypoint')
      await this.leaveMarker(spec, outcome.exitCode || INTERNAL_ERROR_CODE);
    await this.note(spec.name, { terminated: outcome });
    return outcome;
  }

  private async follow(spec: V1Container, container: Container): Promise<Terminated> {
    const now = new Date().toISOString();
    if (await container.isClaimed()) {
      await this.note(spec.name, { running: { startedAt: now } });
      return container.adopt();
    }
    if (this.ending.signal.aborted) return container.end(terminated(KILLED, now, now));
    const role = roleOf(this.current, spec.name);
    // There is nothing to copy: the wrapped containers are given the entrypoint from this program.
    if (role === 'place-entrypoint') return container.end(terminated(0, now, now));
    const launch = await this.launchOf(spec);
    if ('startError' in launch) {
      if (role === 'entrypoint') await this.leaveMarker(spec, INTERNAL_ERROR_CODE, launch.startError);
      return container.end(startError(launch.startError, now), `${launch.startError}\n`);
    }
    await this.note(spec.name, { running: { startedAt: now } });
    return container.run(launch);
  }

  private leaveMarker(spec: V1Container, code: number, why?: string): Promise<void> {
    return leaveMarker(spec, mountsOf(this.current, spec, this.folders), code, why);
  }

  private async launchOf(spec: V1Container) {
    const { deps, folders, current: pod } = this;
    const env = await this.whenThere(() => environmentOf(pod, spec, deps), spec.name);
    if (!env) return { startError: 'the pod was ended before its environment was known' };
    const mounts = mountsOf(pod, spec, folders);
    return deps.runtime.plan({ pod, container: spec, role: roleOf(pod, spec.name), folders, mounts, env });
  }

  private async prepareVolumes(): Promise<void> {
    const first = this.current.spec.initContainers?.[0] ?? this.current.spec.containers[0];
    const made = await this.whenThere(async () => {
      await this.deps.runtime.removeFolder(this.folders.volumes);
      await makeVolumes(this.current, this.folders, this.deps);
      return true;
    }, first?.name ?? '');
    if (!made) throw new Error('ended before the volumes were there');
  }

  /** Waits for a secret or config map that is missing, and says so on the container. Undefined where the pod is ended before. */
  private async whenThere<T>(work: () => Promise<T>, container: string): Promise<T | undefined> {
    while (!this.ending.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        if (!hasCode(error, 'not-found')) throw error;
        await this.note(container, { waiting: { reason: 'CreateContainerConfigError', message: messageOf(error) } });
        await wait(RETRY, undefined, { signal: this.ending.signal }).catch(() => {});
      }
    }
    return undefined;
  }

  private startDeadline(): void {
    const seconds = this.current.spec.activeDeadlineSeconds;
    if (seconds === undefined || this.hasEnded) return;
    const left = Date.parse(this.current.status?.startTime ?? '') + seconds * 1_000 - Date.now();
    this.deadline = setTimeout(
      () => {
        const message = 'Pod was active on the node longer than the specified deadline';
        this.verdict = { phase: 'Failed', reason: 'DeadlineExceeded', message };
        void this.terminate();
      },
      Math.max(0, left),
    );
  }

  private async cleanUp(): Promise<void> {
    for (const name of this.containers.keys()) await this.deps.runtime.remove(this.current, name);
    await killAll(this.current.metadata.uid ?? '');
    for (const path of [this.folders.volumes, this.folders.home, this.folders.rootfs]) {
      await this.deps.runtime.removeFolder(path).catch((error: unknown) => {
        this.deps.log.warn({ err: error, pod: this.current.metadata.name }, 'folder of a finished pod not removed');
      });
    }
    this.over = 'yes';
  }

  private async note(container: string, state: ContainerState): Promise<void> {
    this.states.set(container, state);
    await this.tell();
  }

  /** Works the status out, puts the pod on disk and tells of it. A pod has ended only once nothing of it runs any more. */
  private tell(): Promise<void> {
    const write = this.writing.then(async () => {
      const at = new Date().toISOString();
      const over = this.over === 'no' ? false : { verdict: this.verdict };
      const status = this.over === 'told' ? this.current.status : podStatus(this.current, this.states, at, over);
      if (over) this.over = 'told';
      const version = Number(this.current.metadata.resourceVersion ?? 0) + 1;
      this.current = {
        ...this.current,
        metadata: { ...this.current.metadata, resourceVersion: String(version) },
        ...(status && { status }),
      };
      const record: PodRecord = { cluster: this.cluster, pod: this.current };
      await writeFile(`${this.folders.record}.tmp`, JSON.stringify(record));
      await rename(`${this.folders.record}.tmp`, this.folders.record);
      this.deps.changed(this.pod);
    });
    this.writing = write.catch(() => {});
    return write;
  }
}

function verdictOf(error: unknown): Verdict {
  if (error instanceof LostError) {
    return { phase: 'Unknown', reason: 'NodeLost', message: 'The pod disappeared while nobody looked after it' };
  }
  return { phase: 'Failed', reason: 'Error', message: messageOf(error) };
}
