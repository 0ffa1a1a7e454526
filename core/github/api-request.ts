import { AsyncLocalStorage } from 'node:async_hooks';
import { currentSpender, type Spender } from './spender.ts';

/** One request to GitHub, on its way through the layers. Header names are lower case. */
export interface ApiRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Ends when the caller gives up, or the program ends. */
  signal: AbortSignal;
  /** Whose budget it comes from: `token`, `app`, or `installation/5`. */
  account: string;
  spender: Spender;
  /** Doing it a second time does no harm: reads, and writes that set something rather than add to it. */
  repeatable: boolean;
  /** It changes something on GitHub. */
  writes: boolean;
  /** Which of the endpoints to send it to. */
  endpoint: number;
}

/** A layer around what sends a request. */
export type Send = (request: ApiRequest) => Promise<Response>;

/** Asking for an installation's token is the App's own business. */
const TOKEN_REQUEST = /\/app\/installations\/\d+\/access_tokens$/;

interface Scope {
  account: string;
  repeatable: boolean | undefined;
}

const scope = new AsyncLocalStorage<Scope>();

/** Runs `task` with its requests on `account`; `repeatable` says that a POST may be sent twice. */
export function onAccount<T>(account: string, repeatable: boolean | undefined, task: () => T): T {
  return scope.run({ account, repeatable }, task);
}

const patience = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `task`; its requests are given up once `signal` aborts, those too that wait for their turn. Whoever stops waiting for a task begins it anew, and what
 * was still waiting would be done a second time, or late and over what was done since.
 */
export function whileWanted<T>(signal: AbortSignal, task: () => T): T {
  return patience.run(signal, task);
}

/** The request that Octokit wants to make, with what it takes to handle it. */
export function toApiRequest(url: string, init: RequestInit, ended: AbortSignal): ApiRequest {
  const { account, repeatable } = scope.getStore() ?? { account: 'token', repeatable: undefined };
  const method = init.method ?? 'GET';
  const body = typeof init.body === 'string' ? init.body : undefined;
  const path = new URL(url).pathname;
  const writes = changesSomething(method, path, body);
  return {
    method,
    url,
    body,
    writes,
    headers: { ...(init.headers as Record<string, string> | undefined) },
    signal: AbortSignal.any([init.signal, patience.getStore(), ended].filter((signal) => signal != null)),
    account: TOKEN_REQUEST.test(path) ? 'app' : account,
    spender: currentSpender(),
    repeatable: repeatable ?? (method !== 'POST' || !writes),
    endpoint: 0,
  };
}

/** Reads by POST are GraphQL's queries and the tokens of installations. */
export function changesSomething(method: string, path: string, body: string | undefined): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  if (method !== 'POST') return true;
  if (path.endsWith('/graphql')) return /\bmutation\b/.test(queryOf(body));
  return !TOKEN_REQUEST.test(path);
}

function queryOf(body: string | undefined): string {
  try {
    const { query } = JSON.parse(body ?? '{}') as { query?: unknown };
    return typeof query === 'string' ? query : 'mutation';
  } catch {
    return 'mutation';
  }
}
