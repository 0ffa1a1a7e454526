import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import { authenticate } from './auth.ts';
import type { Answer, Body, Call, Caller } from './call.ts';
import { isObject } from './call.ts';
import type { RateLimits } from './limits.ts';
import type { Router } from './router.ts';

export interface ApiRequest {
  method: string;
  url: URL;
  /** Without the prefix. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const DOCS = 'https://docs.github.com/rest';

/** Answers one REST request: who asks, how often, what, and whether the answer is known already. */
export async function serveRest(
  world: World,
  router: Router,
  limits: RateLimits,
  request: ApiRequest,
  response: ServerResponse,
): Promise<void> {
  let caller: Caller = { kind: 'anonymous', key: 'anonymous' };
  let answer: Answer;
  try {
    caller = authenticate(world, single(request.headers.authorization));
    answer = await perform(world, router, limits, caller, request);
  } catch (error) {
    answer = refusalAnswer(error);
  }
  world.flush();
  send(limits, caller, request, answer, response);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

async function perform(
  world: World,
  router: Router,
  limits: RateLimits,
  caller: Caller,
  request: ApiRequest,
): Promise<Answer> {
  if (request.path === '/rate_limit') return { body: limits.overview(caller) };
  const resource = request.path.startsWith('/search/') ? 'search' : 'core';
  if (limits.isExceeded(caller, resource))
    throw new Refusal(
      403,
      'API rate limit exceeded. (But here is the good news: Authenticated requests get a higher rate limit.)',
    );
  const match = router(request.method, request.path);
  if (!match) throw new Refusal(404, 'Not Found');
  const parsed = parseBody(request.body);
  const call: Call = {
    world,
    caller,
    method: request.method,
    path: request.path,
    params: match.params,
    query: request.url.searchParams,
    body: isObject(parsed) ? parsed : {},
    ...(Array.isArray(parsed) ? { list: parsed } : {}),
    accept: single(request.headers.accept) ?? '',
  };
  return match.handler(call);
}

function parseBody(text: string): Body | unknown[] | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

function refusalAnswer(error: unknown): Answer {
  if (!(error instanceof Refusal)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { message: 'Server Error', detail: message } };
  }
  const errors = error.errors.length > 0 ? { errors: error.errors } : {};
  return {
    status: error.status,
    body: { message: error.message, ...errors, documentation_url: DOCS, status: String(error.status) },
  };
}

function send(limits: RateLimits, caller: Caller, request: ApiRequest, answer: Answer, response: ServerResponse): void {
  const status = answer.status ?? 200;
  const content = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const etag = `W/"${createHash('sha256').update(content).digest('hex').slice(0, 40)}"`;
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const known = reading && status === 200 && matches(single(request.headers['if-none-match']), etag);
  const free = known || request.path === '/rate_limit';
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'X-GitHub-Media-Type': 'github.v3; format=json',
    'X-GitHub-Request-Id': randomUUID(),
    'X-GitHub-Api-Version-Selected': '2022-11-28',
    ...(caller.kind === 'user'
      ? {
          'X-OAuth-Scopes': 'admin:org, admin:org_hook, admin:repo_hook, repo, workflow',
          'X-Accepted-OAuth-Scopes': 'repo',
        }
      : {}),
    ...limits.count(caller, request.path.startsWith('/search/') ? 'search' : 'core', free ? 0 : 1),
    ...(reading && status === 200
      ? {
          ETag: etag,
          'Cache-Control': 'private, max-age=60, s-maxage=60',
          Vary: 'Accept, Authorization, Cookie, X-GitHub-OTP',
        }
      : {}),
    ...answer.headers,
  };
  if (known) response.writeHead(304, headers).end();
  else if (status === 204 || request.method === 'HEAD') response.writeHead(status, headers).end();
  else response.writeHead(status, headers).end(content);
}

function matches(header: string | undefined, etag: string): boolean {
  const known = (header ?? '').split(',').map((it) => it.trim().replace(/^W\//, ''));
  return known.includes(etag.slice(2));
}
