import { type Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, messageOf } from '../errors.ts';
import { type Connection, connect } from './connection.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { statusError } from './status.ts';

interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/namespaces/…`: names in it are encoded by the caller (see paths.ts). */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** What a PATCH is; JSON unless told. */
  contentType?: string;
  /** Another form of the answer than plain JSON, such as a table. */
  accept?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/**
 * Requests to one API server as one user. Every failure is a CutwaterError by status.ts: a network failure is `transient`.
 * Only what the server did not look at (429, or 5xx with Retry-After) is tried again here.
 */
export interface KubeClient {
  readonly server: string;
  request<T>(request: KubeRequest): Promise<T>;
  /** Opens an answer that goes on (watch, log). The signal ends it. */
  open(request: KubeRequest): Promise<IncomingMessage>;
  /** An answer that went on has fallen silent: every connection is opened anew, or requests would wait on dead ones for their whole time. */
  distrust(): void;
  close(): void;
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 10_000;
const TOO_MANY_ATTEMPTS = 6;
const USER_AGENT = 'cutwater';

/** A client for `target`; nothing is opened before the first request. */
export function createKubeClient(target: KubeTarget): KubeClient {
  const connection = connect(target);
  return {
    server: target.server,
    request: <T>(request: KubeRequest) => requestJson(connection, request) as Promise<T>,
    open: (request) => openChecked(connection, request, 'streams'),
    distrust: () => connection.distrust({ busy: true }),
    close: () => connection.close(),
  };
}

async function requestJson(connection: Connection, request: KubeRequest): Promise<unknown> {
  const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  const response = await openChecked(connection, { ...request, signal }, 'requests');
  const body = await read(response);
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new CutwaterError('transient', `the API server's answer is no JSON: ${messageOf(error)}`);
  }
}

/** Sends until the answer is neither "come again" nor, once, "unauthorized" (a rotated token). */
async function openChecked(
  connection: Connection,
  request: KubeRequest,
  pool: 'requests' | 'streams',
): Promise<IncomingMessage> {
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    const response = await send(connection, request, pool);
    const code = response.statusCode ?? 0;
    if (code < 300) return response;
    const body = await read(response);
    if (code === 401 && !renewed) {
      renewed = true;
      connection.renew();
    } else if (isPutOff(code, response.headers['retry-after']) && attempt < TOO_MANY_ATTEMPTS) {
      await pause(Number(response.headers['retry-after'] ?? 1) * 1000, request.signal);
    } else throw statusError(code, body);
  }
}

/** The server has not looked at the request and asks us to come again: when it is overloaded, or not ready yet (as in client-go). */
function isPutOff(code: number, retryAfter: string | undefined): boolean {
  return code === 429 || (code >= 500 && retryAfter !== undefined);
}

async function send(connection: Connection, request: KubeRequest, pool: 'requests' | 'streams') {
  const { agents, headers } = await unlessEnded(connection.open(), request.signal);
  const url = new URL(connection.server + request.path);
  for (const [key, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) url.searchParams.set(key, String(value));
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const options: RequestOptions = {
    method: request.method ?? 'GET',
    agent: agents[pool] satisfies Agent,
    headers: {
      ...headers,
      'User-Agent': USER_AGENT,
      Accept: request.accept ?? 'application/json, */*',
      ...(body ? { 'Content-Type': request.contentType ?? 'application/json', 'Content-Length': body.length } : {}),
    },
    ...(request.signal ? { signal: request.signal } : {}),
  };
  return exchange(url, options, body).catch((error: unknown) => {
    if (request.signal?.aborted) connection.distrust();
    throw error;
  });
}

/** Credentials may come from a plug-in that hangs, which nothing that has a time limit waits for. */
function unlessEnded<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const end = () => reject(new CutwaterError('transient', 'the request was ended while waiting for credentials'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

function exchange(url: URL, options: RequestOptions, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options, resolve);
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => socket.destroy(new Error(`not connected after ${CONNECT_MS} ms`)), CONNECT_MS);
      for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
    });
    request.on('error', (error) => {
      // An idle connection that the server closed at this moment: what can be repeated is, on a new one.
      const repeatable = options.method === 'GET' || options.method === 'PUT';
      if (request.reusedSocket && repeatable && (error as NodeJS.ErrnoException).code === 'ECONNRESET')
        exchange(url, options, body).then(resolve, reject);
      else reject(networkError(url, error));
    });
    request.end(body);
  });
}

function networkError(url: URL, error: unknown): CutwaterError {
  const reason = error instanceof Error && error.name === 'AbortError' ? 'the request was ended' : messageOf(error);
  return new CutwaterError('transient', `${url.origin}: ${reason}`, { cause: error });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new CutwaterError('transient', `the connection broke: ${messageOf(error)}`, { cause: error });
  }
  return Buffer.concat(chunks).toString();
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // Spread, so that many who were refused together do not come back together.
  const spread = Math.min(ms, 10_000) * (0.5 + Math.random());
  await sleep(spread, undefined, signal ? { signal } : {}).catch(() => {
    throw new CutwaterError('transient', 'the request was ended while waiting for the API server');
  });
}
