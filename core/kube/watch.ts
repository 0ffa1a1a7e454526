import type { IncomingMessage } from 'node:http';
import { CutwaterError, messageOf } from '../errors.ts';
import type { KubeClient } from './client.ts';
import { eventError, type Status } from './status.ts';

/** The least that every Kubernetes object has. */
export interface KubeObject {
  metadata: { name?: string; uid?: string; resourceVersion?: string; managedFields?: unknown };
}

export interface KubeEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

export interface WatchOptions {
  labelSelector?: string | undefined;
  resourceVersion: string;
  signal: AbortSignal;
  /** The server ends the watch by itself after so long, so that one that quietly stopped telling does not last. */
  lifetimeSeconds: number;
  /** No byte for so long means that the connection is dead: servers send a bookmark a minute. */
  silenceMs: number;
  /** The server has accepted the watch. */
  opened(): void;
}

/** A server answers a watch at once, with headers alone; one that does not is not there. */
const OPEN_MS = 30_000;

/**
 * One watch connection: ends when the server ends it or the signal aborts. Throws `gone` where the version is no longer kept,
 * `transient` where the connection breaks or falls silent.
 */
export async function* watchOnce<T extends KubeObject>(
  client: KubeClient,
  path: string,
  options: WatchOptions,
): AsyncGenerator<KubeEvent<T>> {
  const { resourceVersion, labelSelector, lifetimeSeconds } = options;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion,
    labelSelector,
    timeoutSeconds: Math.ceil(lifetimeSeconds),
  };
  let silentMs = 0;
  const limit = (ms: number) =>
    setTimeout(() => {
      silentMs = ms;
      ended.abort();
    }, ms);
  let timer = limit(Math.min(OPEN_MS, options.silenceMs));
  try {
    const response = await client.open({ path, query, signal });
    clearTimeout(timer);
    timer = limit(options.silenceMs);
    options.opened();
    for await (const line of linesOf(response, () => timer.refresh())) yield parseEvent<T>(line);
  } catch (error) {
    if (options.signal.aborted) return;
    if (silentMs > 0) {
      client.distrust();
      throw new CutwaterError('transient', `the API server said nothing for ${silentMs} ms`);
    }
    if (error instanceof CutwaterError) throw error;
    throw new CutwaterError('transient', `the watch broke: ${messageOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function parseEvent<T>(line: string): KubeEvent<T> {
  const event = JSON.parse(line) as KubeEvent<T> | { type: 'ERROR'; object: Status };
  if (event.type === 'ERROR') throw eventError(event.object);
  return event;
}

async function* linesOf(response: IncomingMessage, heard: () => void): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest: string[] = [];
  for await (const chunk of response as AsyncIterable<string>) {
    heard();
    const lines = chunk.split('\n');
    for (const [index, line] of lines.entries()) {
      rest.push(line);
      if (index === lines.length - 1) break;
      const whole = rest.join('');
      rest = [];
      if (whole !== '') yield whole;
    }
  }
}
