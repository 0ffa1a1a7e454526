import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest, Send } from './api-request.ts';
import { createPeopleMemory, type PeopleMemory } from './people-memory.ts';
import { createRequestMetrics } from './request-metrics.ts';

const MEMBER = '/orgs/acme/members/alice';
let memory: PeopleMemory;
let asked: string[];
let answers: Record<string, number>;
let send: Send;

beforeEach(() => {
  asked = [];
  answers = {};
  memory = createPeopleMemory(createRequestMetrics(new Registry()));
  send = memory.wrap(async ({ url, method, signal }) => {
    const path = new URL(url).pathname;
    asked.push(path);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    const status = method === 'GET' ? (answers[path] ?? 204) : 204;
    return new Response(status === 204 ? null : '[]', { status, headers: { link: `<${path}>; rel="next"` } });
  });
});

function ask(path: string, parts: Partial<ApiRequest> = {}): Promise<Response> {
  const { signal } = new AbortController();
  const request = { method: 'GET', url: `https://x${path}`, headers: {}, account: 'token', signal, ...parts };
  return send(request as ApiRequest);
}

describe('what is remembered', () => {
  it.each([
    MEMBER,
    '/api/v3/orgs/acme/members/alice',
    '/orgs/acme/teams',
    '/orgs/acme/teams/core',
    '/orgs/acme/teams/core/members',
    '/orgs/acme/teams/core/memberships/alice',
    '/teams/5/members',
    '/repos/acme/x/collaborators/alice',
  ])('%s', async (path) => {
    answers[path] = 200;
    await ask(path);
    const again = await ask(path);
    expect([again.status, await again.text(), again.headers.get('link')]).toEqual([200, '[]', `<${path}>; rel="next"`]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['a no', MEMBER, 404],
    ['a failure', MEMBER, 500],
    ['a permission, which has an ETag', '/repos/acme/x/collaborators/alice/permission', 200],
    ['anything else', '/repos/acme/x/issues/5', 200],
  ])('is not %s', async (_name, path, status) => {
    answers[path] = status;
    await ask(path);
    expect((await ask(path)).status).toBe(status);
    expect(asked).toHaveLength(2);
  });

  it('is not what another account sees', async () => {
    await ask(MEMBER);
    await ask(MEMBER, { account: 'installation/5' });
    expect(asked).toHaveLength(2);
  });
});

describe('what is forgotten', () => {
  it('is everything after a webhook about people', async () => {
    await ask(MEMBER);
    memory.forget();
    answers[MEMBER] = 404;
    expect((await ask(MEMBER)).status).toBe(404);
  });

  it('is what was asked before the webhook and answered after it', async () => {
    const under = ask(MEMBER);
    memory.forget();
    await under;
    answers[MEMBER] = 404;
    expect((await ask(MEMBER)).status).toBe(404);
  });

  it('is what we change ourselves', async () => {
    await ask(MEMBER);
    await ask(MEMBER, { method: 'DELETE' });
    answers[MEMBER] = 404;
    expect((await ask(MEMBER)).status).toBe(404);
  });
});

describe('asking at the same time', () => {
  it('takes one request', async () => {
    await Promise.all(Array.from({ length: 200 }, () => ask(MEMBER)));
    expect(asked).toHaveLength(1);
  });

  it('outlives the first who asked and gave up', async () => {
    const first = new AbortController();
    const gone = ask(MEMBER, { signal: first.signal });
    const other = ask(MEMBER);
    first.abort();
    await expect(gone).rejects.toThrow();
    expect((await other).status).toBe(204);
    expect(asked).toHaveLength(2);
  });
});
