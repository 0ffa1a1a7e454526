import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';
import { CutwaterError, hasCode } from '../../../core/errors.ts';
import type { KubeClient } from '../../../core/kube/client.ts';
import { PROWJOBS, pathOf } from '../../../core/kube/paths.ts';
import { type ReflectorOptions, reflect } from '../../../core/kube/reflector.ts';
import type { Logger } from '../../../core/log.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import type { ProwJobFilter, ProwJobPage, ProwJobStore, WatchEvent } from '../../api/store.ts';
import type { Place } from './cache.ts';
import { type Entry, unpack } from './entry.ts';
import { Mirror } from './mirror.ts';

export interface KubernetesStoreOptions {
  client: KubeClient;
  /** prowjob_namespace */
  namespace: string;
  log: Logger;
  /** How long a first list may take before callers are told that the API server does not answer. */
  syncTimeoutMs?: number | undefined;
  reflector?: Pick<ReflectorOptions, 'pageSize' | 'silenceMs' | 'lifetimeSeconds' | 'maxPauseMs'> | undefined;
}

const SYNC_TIMEOUT_MS = 60_000;
/** How long a list waits to be told of our own writes. */
const ECHO_TIMEOUT_MS = 10_000;
const CONFLICTS = 30;
const FAILURES = 5;
const SLICE = 500;

/**
 * ProwJobs as custom resources. The first list or watch begins to mirror the namespace in memory over one connection; lists are served
 * from there, after they have seen all that this store wrote. Where nothing is listed (a component that only creates), nothing is mirrored.
 */
export class KubernetesProwJobStore implements ProwJobStore {
  private readonly options: KubernetesStoreOptions;
  private readonly mirror = new Mirror();
  private readonly closing = new AbortController();
  /** Our own writes by job, until the mirror has seen them. */
  private readonly unseen = new Map<string, Promise<void>>();
  private mirroring: Promise<void> | undefined;

  constructor(options: KubernetesStoreOptions) {
    this.options = options;
  }

  async create(job: ProwJob): Promise<ProwJob> {
    return this.wrote(await this.send('POST', job));
  }

  async get(name: string): Promise<ProwJob | undefined> {
    const known = this.known(name);
    return known ? unpack(known) : this.fetch(name);
  }

  async list(filter?: ProwJobFilter, page: { limit?: number; after?: string } = {}): Promise<ProwJobPage> {
    await this.ready();
    await this.echoes();
    const limit = page.limit ?? Number.POSITIVE_INFINITY;
    const resourceVersion = String(this.mirror.history.version);
    const found = this.mirror.cache.find(filter, limit + 1, page.after === undefined ? undefined : placeOf(page.after));
    const entries = found.slice(0, limit);
    const last = found.length > limit ? entries.at(-1) : undefined;
    const items: ProwJob[] = [];
    for (const entry of entries) {
      items.push(unpack(entry));
      if (items.length % SLICE === 0) await yieldToOthers();
    }
    return { items, resourceVersion, ...(last ? { next: `${last.facts.start} ${last.facts.name}` } : {}) };
  }

  async update(name: string, change: (job: ProwJob) => ProwJob | undefined): Promise<ProwJob> {
    const known = this.known(name);
    let job = known ? unpack(known) : await this.fetched(name);
    let fresh = !known;
    let failures = 0;
    for (let conflicts = 0; ; ) {
      const changed = change(structuredClone(job));
      if (!changed && fresh) return job;
      try {
        if (changed) return this.wrote(await this.send('PUT', changed, job));
      } catch (error) {
        const again = hasCode(error, 'conflict')
          ? ++conflicts <= CONFLICTS
          : isPassing(error) && ++failures <= FAILURES;
        if (!again) throw error;
        await sleep(Math.random() * Math.min(1000, 5 * 2 ** (conflicts + 2 * failures)));
      }
      // What stands in memory may be a moment old: "nothing to do" is decided on what the API server has.
      job = await this.fetched(name);
      fresh = true;
    }
  }

  async delete(name: string): Promise<void> {
    const known = this.known(name);
    const answer = await this.options.client.request<{ kind?: string; details?: { uid?: string } }>({
      method: 'DELETE',
      path: this.path(name),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
    });
    // The object instead of a Status: somebody's finalizer keeps it, for how long nobody knows, and no list may wait for that.
    if (answer.kind === 'ProwJob') return;
    const uid = answer.details?.uid ?? known?.uid;
    if (uid !== undefined && this.mirror.cache.get(name)?.uid === uid) this.track(name, { deleted: uid });
  }

  async *watch(resourceVersion: string, signal: AbortSignal, filter?: ProwJobFilter): AsyncGenerator<WatchEvent> {
    await this.ready();
    const end = AbortSignal.any([signal, this.closing.signal]);
    yield* this.mirror.history.follow(Number(resourceVersion), end, filter);
  }

  /** Why what lists say may be old; undefined while the connection to the API server stands. */
  problem(): string | undefined {
    return this.mirror.problem?.message;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.mirroring;
  }

  private async ready(): Promise<void> {
    const { client, namespace, log, reflector, syncTimeoutMs } = this.options;
    const options = { client, path: pathOf(PROWJOBS, namespace), log, ...reflector };
    this.mirroring ??= reflect(options, this.mirror, this.closing.signal);
    await this.mirror.sync(syncTimeoutMs ?? SYNC_TIMEOUT_MS, this.closing.signal);
  }

  /** The job as mirrored, where that is as new as what we wrote ourselves. */
  private known(name: string): Entry | undefined {
    return this.mirror.live && !this.unseen.has(name) ? this.mirror.cache.get(name) : undefined;
  }

  private async echoes(): Promise<void> {
    if (this.unseen.size === 0) return;
    const limit = new AbortController();
    const late = sleep(ECHO_TIMEOUT_MS, undefined, { signal: limit.signal }).then(() => {
      throw new CutwaterError('transient', 'the API server has not told of our own writes yet');
    });
    await Promise.race([Promise.all(this.unseen.values()), late]).finally(() => {
      late.catch(() => {});
      limit.abort();
    });
  }

  private wrote(job: ProwJob): ProwJob {
    this.track(job.metadata.name ?? '', { version: Number(job.metadata.resourceVersion) });
    return job;
  }

  private track(name: string, write: { version: number } | { deleted: string }): void {
    if (!this.mirroring) return;
    const seen = this.mirror.hasSeen(write, this.closing.signal).then(() => {
      if (this.unseen.get(name) === seen) this.unseen.delete(name);
    });
    this.unseen.set(name, seen);
  }

  /** Writes the job; over `before` only where that is still the newest version. */
  private async send(method: 'POST' | 'PUT', job: ProwJob, before?: ProwJob): Promise<ProwJob> {
    const { client, namespace } = this.options;
    const { resourceVersion, ...metadata } = { ...job.metadata, namespace };
    const version = before?.metadata.resourceVersion;
    const body = { ...job, metadata: { ...metadata, ...(version === undefined ? {} : { resourceVersion: version }) } };
    const path = before ? this.path(before.metadata.name ?? '') : pathOf(PROWJOBS, namespace);
    return withoutBookkeeping(await client.request<ProwJob>({ method, path, body }));
  }

  private async fetch(name: string): Promise<ProwJob | undefined> {
    try {
      return withoutBookkeeping(await this.options.client.request<ProwJob>({ path: this.path(name) }));
    } catch (error) {
      if (hasCode(error, 'not-found')) return undefined;
      throw error;
    }
  }

  private async fetched(name: string): Promise<ProwJob> {
    const job = await this.fetch(name);
    if (!job) throw new CutwaterError('not-found', `ProwJob "${name}" not found`);
    return job;
  }

  private path(name: string): string {
    return pathOf(PROWJOBS, this.options.namespace, name);
  }
}

function isPassing(error: unknown): boolean {
  return hasCode(error, 'transient');
}

function placeOf(after: string): Place {
  const space = after.indexOf(' ');
  return { start: Number(after.slice(0, space)), name: after.slice(space + 1) };
}

function withoutBookkeeping(job: ProwJob): ProwJob {
  const { managedFields, ...metadata } = job.metadata as ProwJob['metadata'] & { managedFields?: unknown };
  return { ...job, metadata };
}
