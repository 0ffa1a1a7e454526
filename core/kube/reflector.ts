import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { KubeClient } from './client.ts';
import { type KubeObject, watchOnce } from './watch.ts';

/** Who is told what a reflector sees. Calls are synchronous and in order; none may throw. */
export interface ReflectorSink<T> {
  /** A list begins; its pages follow, then `listed`. What no page named is gone. */
  listing(): void;
  page(items: T[]): void;
  listed(resourceVersion: string): void;
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T, resourceVersion: string): void;
  bookmark(resourceVersion: string): void;
  /** The last list or watch failed for this reason; undefined: it works (again). */
  health(problem: Error | undefined): void;
}

export interface ReflectorOptions {
  client: KubeClient;
  path: string;
  labelSelector?: string | undefined;
  log: Logger;
  pageSize?: number | undefined;
  silenceMs?: number | undefined;
  lifetimeSeconds?: number | undefined;
  /** The longest pause between attempts. */
  maxPauseMs?: number | undefined;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
/** Small pages: what a page leaves behind as garbage stays with the process for good. */
const PAGE_SIZE = 100;
const LIST_TIMEOUT_MS = 60_000;
const LIFETIME_SECONDS = 240;
/** A server tells where it stands once a minute; also half a minute late is no silence yet. */
const SILENCE_MS = 90_000;
/** A watch that ends so soon with nothing told is none: something between us and the server closes it (as in client-go). */
const SHORT_MS = 1_000;
/** A resumed watch that fails so often is given up for a new list: the server may not know our version any more. */
const RESUME_ATTEMPTS = 5;

/**
 * Keeps `sink` up to date with a collection until `signal` aborts: lists in pages, then watches, and goes on from where it stood
 * after closed connections, silence and restarts of the API server; lists again only where the server has forgotten that version.
 */
export async function reflect<T extends KubeObject>(
  options: ReflectorOptions,
  sink: ReflectorSink<T>,
  signal: AbortSignal,
): Promise<void> {
  const follower = new Follower(options, sink, signal);
  let failures = 0;
  while (!signal.aborted) {
    try {
      await follower.follow(() => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const forgotten = hasCode(error, 'gone');
      if (forgotten || failures % RESUME_ATTEMPTS === 0) follower.forget();
      if (forgotten && failures === 1) continue;
      sink.health(error instanceof Error ? error : new Error(messageOf(error)));
      // Told at the 1st, 2nd, 4th, 8th … failure: a cluster that is away for a day is no news every five seconds.
      if (Number.isInteger(Math.log2(failures)))
        options.log.warn({ err: error, path: options.path, failures }, 'Watch failed');
      await pause(failures, options.maxPauseMs ?? MAX_PAUSE_MS, signal);
    }
  }
}

/** Where a reflector stands in the collection's history. */
class Follower<T extends KubeObject> {
  private readonly options: ReflectorOptions;
  private readonly sink: ReflectorSink<T>;
  private readonly signal: AbortSignal;
  private position: string | undefined;

  constructor(options: ReflectorOptions, sink: ReflectorSink<T>, signal: AbortSignal) {
    this.options = options;
    this.sink = sink;
    this.signal = signal;
  }

  forget(): void {
    this.position = undefined;
  }

  /** One watch, after a list where one is needed. `works` is called when the server tells us something. */
  async follow(works: () => void): Promise<void> {
    const { client, path, labelSelector, lifetimeSeconds, silenceMs } = this.options;
    this.position ??= await listAll(this.options, this.sink, this.signal);
    const events = watchOnce<T>(client, path, {
      labelSelector,
      resourceVersion: this.position,
      signal: this.signal,
      lifetimeSeconds: lifetimeSeconds ?? LIFETIME_SECONDS * (1 + Math.random() / 4),
      silenceMs: silenceMs ?? SILENCE_MS,
      opened: () => this.sink.health(undefined),
    });
    const began = performance.now();
    let told = false;
    for await (const { type, object } of events) {
      told = true;
      works();
      this.position = object.metadata.resourceVersion ?? this.position;
      if (type === 'BOOKMARK') this.sink.bookmark(this.position);
      else this.sink.event(type, withoutManagedFields(object), this.position);
    }
    if (!told && !this.signal.aborted && performance.now() - began < SHORT_MS)
      throw new CutwaterError('transient', 'the watch ended as soon as it began');
    works();
  }
}

async function listAll<T extends KubeObject>(
  { client, path, labelSelector, pageSize = PAGE_SIZE }: ReflectorOptions,
  sink: ReflectorSink<T>,
  signal: AbortSignal,
): Promise<string> {
  sink.listing();
  let after: string | undefined;
  for (;;) {
    const list = await client.request<{ items: T[]; metadata: { resourceVersion: string; continue?: string } }>({
      path,
      query: { labelSelector, limit: pageSize, continue: after },
      signal,
      timeoutMs: LIST_TIMEOUT_MS,
    });
    for (const item of list.items) withoutManagedFields(item);
    sink.page(list.items);
    after = list.metadata.continue || undefined;
    if (after !== undefined) continue;
    sink.listed(list.metadata.resourceVersion);
    return list.metadata.resourceVersion;
  }
}

/** Bookkeeping of the API server's, a quarter of an object's size, that nothing here reads. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  delete object.metadata.managedFields;
  return object;
}

async function pause(failures: number, longest: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(longest, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10)) * (0.75 + Math.random() / 2);
  await sleep(ms, undefined, { signal }).catch(() => {});
}
