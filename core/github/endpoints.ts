import { CutwaterError, messageOf } from '../errors.ts';
import type { ApiRequest, Send } from './api-request.ts';

export const PUBLIC_API = 'https://api.github.com';

export interface Endpoints {
  /** Prow's --github-endpoint, in order of preference, such as a ghproxy and then GitHub itself. */
  rest: readonly [string, ...string[]];
  /** Prow's --github-graphql-endpoint. */
  graphql: string;
}

/** The GraphQL address that belongs to a REST address: GitHub Enterprise Server has it beside `/api/v3`. */
export function graphqlBeside(rest: string): string {
  const base = rest.replace(/\/+$/, '');
  return base.endsWith('/api/v3') ? `${base.slice(0, -'/v3'.length)}/graphql` : `${base}/graphql`;
}

/** Where a request goes: Octokit writes addresses of the first endpoint, and what comes through a proxy names GitHub's own. */
function addressOf(url: string, { rest, graphql }: Endpoints, endpoint: number): string {
  const [first] = rest;
  if (url === graphqlBeside(first) || url === graphqlBeside(PUBLIC_API)) return graphql;
  const target = rest[endpoint % rest.length] ?? first;
  for (const base of [...rest, PUBLIC_API]) if (url.startsWith(`${base}/`)) return target + url.slice(base.length);
  return url;
}

/** What a connection that was never made says: the request cannot have had an effect. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** GitHub could not be asked, or did not answer. */
export class ConnectionError extends CutwaterError {
  /** Nothing reached GitHub. */
  readonly neverSent: boolean;

  constructor(code: 'transient' | 'timeout', message: string, neverSent: boolean, options: ErrorOptions) {
    super(code, message, options);
    this.neverSent = neverSent;
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(cause?.code ?? code ?? '');
}

/** Sends over the network, and waits at most `timeoutMs` for the whole answer. */
export function sender(endpoints: Endpoints, timeoutMs: number): Send {
  return async (request: ApiRequest) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    const { method, headers, body } = request;
    try {
      const address = addressOf(request.url, endpoints, request.endpoint);
      const response = await fetch(address, { method, headers, signal, ...(body === undefined ? {} : { body }) });
      return await whole(response);
    } catch (error) {
      if (request.signal.aborted) throw error;
      const text = `GitHub did not answer ${method} ${new URL(request.url).pathname}`;
      if (timeout.aborted)
        throw new ConnectionError('timeout', `${text} within ${timeoutMs} ms`, false, { cause: error });
      const code = codeOf(error);
      throw new ConnectionError('transient', `${text}: ${code || messageOf(error)}`, NEVER_SENT.has(code), {
        cause: error,
      });
    }
  };
}

/** Reads the answer to its end, so that one that breaks off is a failure like any other. */
async function whole(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  return new Response(body.byteLength > 0 ? body : null, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
}
