import type { z } from 'zod';
import { CutwaterError, type ErrorCode, messageOf } from '../errors.ts';

const TIMEOUT_MS = 30_000;

/** A service that speaks JSON over HTTP, such as Jira or Bugzilla. Errors: `transient`, `not-found`, `forbidden`, `invalid`. */
export interface RestClient {
  /** Without a slash at the end. */
  readonly url: string;
  /** What the service answers, as JSON; undefined where it answers nothing. */
  request(method: string, path: string, body?: unknown): Promise<unknown>;
}

export interface RestOptions {
  url: string;
  /** Asked for each request, because secrets may be replaced while the program runs. */
  headers(): Record<string, string>;
  query?(): Record<string, string>;
}

export function restClient({ url, headers, query = () => ({}) }: RestOptions): RestClient {
  const base = url.replace(/\/+$/, '');
  return {
    url: base,
    async request(method, path, body) {
      const target = new URL(`${base}${path}`);
      for (const [name, value] of Object.entries(query())) target.searchParams.set(name, value);
      const response = await fetch(target, {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers(),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new CutwaterError('transient', `${base} cannot be reached: ${reasonOf(error)}`, { cause: error });
      });
      const text = await response.text();
      if (!response.ok) throw refusal(`${method} ${base}${path}`, response.status, text);
      return text === '' ? undefined : parsed(`${method} ${base}${path}`, text);
    },
  };
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return messageOf(cause ?? error);
}

function refusal(what: string, status: number, text: string): CutwaterError {
  const message = `${what}: ${status} ${text.slice(0, 500)}`.trimEnd();
  return Object.assign(new CutwaterError(codeOf(status), message), { status, answer: text });
}

function codeOf(status: number): ErrorCode {
  if (status >= 500 || status === 429 || status === 408) return 'transient';
  if (status === 404) return 'not-found';
  return status === 401 || status === 403 ? 'forbidden' : 'invalid';
}

function parsed(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CutwaterError('invalid', `${what}: the answer is no JSON`);
  }
}

/** An answer as the schema has it; one that is otherwise is `invalid`. */
export function readAnswer<S extends z.ZodType>(schema: S, answer: unknown): z.output<S> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new CutwaterError('invalid', `the answer is not as expected: ${issue?.path.join('.')}: ${issue?.message}`);
}
