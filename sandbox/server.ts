import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Faults } from './faults.ts';
import { answerFault } from './faults.ts';
import { parseGitRequest, serveGit } from './git/http.ts';
import type { GraphqlHandler } from './graphql/serve.ts';
import type { World } from './model/world.ts';
import { isOwnHost } from './page/server/guard.ts';
import type { RateLimits } from './rest/limits.ts';
import type { Router } from './rest/router.ts';
import { serveRest } from './rest/serve.ts';

const API = '/api/v3';
const GRAPHQL = '/api/graphql';
const LARGEST_BODY = 110 * 1024 * 1024;

/** Answers what the API and git do not: true where it did. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface ServerParts {
  world: World;
  router: Router;
  graphql: GraphqlHandler;
  limits: RateLimits;
  faults: Faults;
  page: PageHandler;
  /** Host names besides addresses and localhost that requests may be addressed to. */
  hosts: readonly string[];
  /** Hears of every API request, before it is answered. */
  onRequest: (method: string, path: string, query: URLSearchParams, body: string) => void;
  onError: (error: unknown) => void;
}

/** The one listener: REST under `/api/v3`, GraphQL at `/api/graphql`, git at `/OWNER/NAME.git`, the page elsewhere. */
export function createSandboxServer(parts: ServerParts): Server {
  return createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      parts.onError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'Content-Type': 'application/json' }).end('{"message":"Server Error"}');
    });
  });
}

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const method = request.method ?? 'GET';
  // Tokens of the sandbox can be guessed, and who pushes has code run here: no page on the web may get at them by DNS rebinding.
  if (!isOwnHost(request.headers.host, parts.hosts))
    return void response
      .writeHead(421, { 'Content-Type': 'text/plain' })
      .end('The sandbox answers under its address.\n');
  const git = parseGitRequest(method, url);
  if (git) {
    const fault = parts.faults.take(method, request.url ?? '', '');
    return fault ? answerFault(fault, request, response) : serveGit(parts.world, git, request, response);
  }
  if (url.pathname === GRAPHQL || url.pathname === API || url.pathname.startsWith(`${API}/`))
    return answerApi(parts, url, request, response);
  if (await parts.page(request, response)) return;
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
}

async function answerApi(
  parts: ServerParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return void response.writeHead(413).end();
  const method = request.method ?? 'GET';
  const path = url.pathname === GRAPHQL ? GRAPHQL : url.pathname.slice(API.length).replace(/(?<=.)\/$/, '') || '/';
  parts.onRequest(method, path, url.searchParams, body);
  const fault = parts.faults.take(method, `${url.pathname}${url.search}`, body);
  const after = fault?.answer === 'hang after' || (typeof fault?.answer === 'object' && fault.answer.after === true);
  if (fault && !after) return answerFault(fault, request, response);
  const sent = after && fault ? silenced(response, () => answerFault(fault, request, response)) : response;
  if (path === GRAPHQL) await parts.graphql(request.headers.authorization, body, sent);
  else
    await serveRest(
      parts.world,
      parts.router,
      parts.limits,
      { method, url, path, headers: request.headers, body },
      sent,
    );
}

/** A response that swallows the real answer, so that the work is done and the fault is what the caller sees. */
function silenced(response: ServerResponse, instead: () => void): ServerResponse {
  const writeHead = (): ServerResponse => shell;
  const end = (): ServerResponse => {
    instead();
    return shell;
  };
  const replaced = new Map<string | symbol, unknown>([
    ['writeHead', writeHead],
    ['end', end],
  ]);
  const shell: ServerResponse = new Proxy(response, {
    get: (target, name) => replaced.get(name) ?? Reflect.get(target, name, target),
  });
  return shell;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
