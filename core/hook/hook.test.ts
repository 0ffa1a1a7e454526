import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CutwaterError } from '../errors.ts';
import type { Delivery } from '../inbox/entry.ts';
import { fixedSecret } from '../secrets/secret.ts';
import { signatureOf } from './hmac.ts';
import { createHook } from './hook.ts';
import { rootRoutes } from './instrumentation.ts';
import { type Listeners, openListeners } from './listeners.ts';
import type { Route } from './router.ts';

const log = pino({ level: 'silent' });
const body = JSON.stringify({ zen: 'Keep it logically awesome.', repository: { full_name: 'acme/x' } });
let accepted: Delivery[];
let accept: (delivery: Delivery) => Promise<void>;
let listeners: Listeners;
let registry: Registry;
let ready: boolean;
let problem: string | undefined;

async function open(hmac: string): Promise<void> {
  registry = new Registry();
  const routes: Route[] = [
    ...createHook({ hmac: fixedSecret(hmac), accept: (delivery) => accept(delivery), registry, log }),
    ...rootRoutes(),
    { path: '/broken', handle: () => Promise.reject(new Error('no')) },
  ];
  listeners = await openListeners({
    routes,
    registry,
    log,
    ready: () => ready,
    problem: () => problem,
    port: 0,
    host: '127.0.0.1',
  });
}

beforeEach(async () => {
  accepted = [];
  ready = true;
  problem = undefined;
  accept = async (delivery) => void accepted.push(delivery);
  await open('s3cret');
});
afterEach(() => listeners.close(0));

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

interface Answer {
  status: number;
  text: string;
}

function send({ method = 'POST', path = '/hook', headers = {}, body: sent = body }: Sent): Promise<Answer> {
  const all = {
    'Content-Type': 'application/json',
    'X-GitHub-Event': 'ping',
    'X-GitHub-Delivery': randomUUID(),
    'X-Hub-Signature-256': signatureOf(sent, 's3cret'),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const request = httpRequest(listeners.url + path, { method, headers: given, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(method === 'GET' ? undefined : sent);
  });
}

describe('the webhook endpoint', () => {
  const wrong = signatureOf(body, 'other');
  const rows: [string, Sent, number, RegExp][] = [
    ['a signed delivery', {}, 200, /^Event received\. Have a nice day\.$/],
    ["Probot's path", { path: '/api/github/webhooks' }, 200, /^Event received/],
    ['a GET, before anything else', { method: 'GET', headers: { 'X-GitHub-Event': undefined } }, 405, /Method not/],
    [
      'no event, before no delivery',
      { headers: { 'X-GitHub-Event': undefined, 'X-GitHub-Delivery': undefined } },
      400,
      /Missing X-GitHub-Event/,
    ],
    [
      'no delivery, before no signature',
      { headers: { 'X-GitHub-Delivery': undefined, 'X-Hub-Signature-256': undefined } },
      400,
      /Missing X-GitHub-Delivery/,
    ],
    [
      'no signature, before the type',
      { headers: { 'X-Hub-Signature-256': undefined, 'Content-Type': 'text/plain' } },
      403,
      /Missing X-Hub-Signature-256/,
    ],
    [
      'only the old signature',
      { headers: { 'X-Hub-Signature-256': undefined, 'X-Hub-Signature': 'sha1=00' } },
      403,
      /Missing/,
    ],
    [
      'a form, before its signature',
      { headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Hub-Signature-256': wrong } },
      400,
      /application\/json/,
    ],
    [
      'a type with a charset',
      { headers: { 'Content-Type': 'application/json; charset=utf-8' } },
      400,
      /application\/json/,
    ],
    ["somebody else's secret", { headers: { 'X-Hub-Signature-256': wrong } }, 403, /misconfigured webhook secret/],
    [
      'a signature without its name',
      { headers: { 'X-Hub-Signature-256': signatureOf(body, 's3cret').slice(7) } },
      403,
      /invalid signature/,
    ],
    ['a signature that is no hex', { headers: { 'X-Hub-Signature-256': 'sha256=zz' } }, 403, /invalid signature/],
    ['JSON cut off', { body: body.slice(0, 40) }, 403, /invalid payload/],
    ['a list', { body: '[1]' }, 403, /invalid payload/],
    ['nothing', { body: '' }, 403, /invalid payload/],
  ];
  it.each(rows)('%s', async (_name, sent, status, text) => {
    const result = await send(sent);
    expect(result.status).toBe(status);
    expect(result.text).toMatch(text);
    expect(accepted).toHaveLength(status === 200 ? 1 : 0);
  });

  it('hands over the raw bytes and every header', async () => {
    const odd = ` ${body}\n`;
    await send({ body: odd, headers: { 'X-GitHub-Delivery': 'd1', 'X-Odd': 'Yes' } });
    expect(accepted[0]?.payload.toString()).toBe(odd);
    expect(accepted[0]).toMatchObject({
      delivery: 'd1',
      event: 'ping',
      headers: { 'x-odd': 'Yes', 'x-hub-signature-256': signatureOf(odd, 's3cret') },
    });
  });

  it('answers 500 where the delivery could not be kept, so that GitHub keeps it as failed', async () => {
    accept = () => Promise.reject(new CutwaterError('transient', 'disk full'));
    expect((await send({})).status).toBe(500);
    expect((await send({ path: '/healthz', method: 'GET' })).status).toBe(200);
  });

  it('refuses more than 25 MB, told or not', async () => {
    const big = 'x'.repeat(25 * 1024 * 1024 + 1);
    expect((await send({ body: big })).status).toBe(413);
    expect((await send({ body: big, headers: { 'Transfer-Encoding': 'chunked' } })).status).toBe(413);
  });

  it('counts under the names that Prow has', async () => {
    await send({});
    await send({ headers: { 'X-Hub-Signature-256': wrong } });
    const { text } = await send({ method: 'GET', path: '/metrics' });
    expect(text).toContain('prow_webhook_counter{event_type="ping"} 1');
    expect(text).toContain('prow_webhook_response_codes{response_code="200"} 1');
    expect(text).toContain('prow_webhook_response_codes{response_code="403"} 1');
  });
});

describe("Prow's list of secrets", () => {
  const list = `
'*': [{value: any-secret, created_at: 2020-01-01T00:00:00Z}]
acme: [{value: org-secret}]
acme/x: [{value: old-secret}, {value: new-secret}]
`;
  beforeEach(async () => {
    await listeners.close(0);
    await open(list);
  });
  const rows: [string, object, string, number][] = [
    ['the older of two', { repository: { full_name: 'acme/x' } }, 'old-secret', 200],
    ['the newer of two', { repository: { full_name: 'acme/x' } }, 'new-secret', 200],
    [
      'of the organisation, where the repository has its own',
      { repository: { full_name: 'acme/x' } },
      'org-secret',
      403,
    ],
    ['of the organisation', { repository: { full_name: 'acme/y' } }, 'org-secret', 200],
    ['for everybody, where the organisation has its own', { repository: { full_name: 'acme/y' } }, 'any-secret', 403],
    ['for everybody', { repository: { full_name: 'other/y' } }, 'any-secret', 200],
    ['an event of the organisation', { organization: { login: 'acme' } }, 'org-secret', 200],
    ['no list is itself a secret', { repository: { full_name: 'acme/x' } }, list, 403],
  ];
  it.each(rows)('%s', async (_name, payload, secret, status) => {
    const text = JSON.stringify(payload);
    const result = await send({ body: text, headers: { 'X-Hub-Signature-256': signatureOf(text, secret) } });
    expect(result.status).toBe(status);
  });
});

it('takes nothing in where no secret is set: everybody could sign with an empty one', async () => {
  await listeners.close(0);
  await open('');
  expect((await send({ headers: { 'X-Hub-Signature-256': signatureOf(body, '') } })).status).toBe(403);
});

describe('the listener', () => {
  it('tells beside its OK what is wrong without ending the work', async () => {
    problem = 'configuration refused';
    expect(await send({ method: 'GET', path: '/healthz' })).toEqual({
      status: 200,
      text: 'OK\nconfiguration refused\n',
    });
  });

  it('answers for health, readiness and its root', async () => {
    expect(await send({ method: 'GET', path: '/healthz' })).toEqual({ status: 200, text: 'OK' });
    expect(await send({ method: 'GET', path: '/healthz/ready' })).toEqual({ status: 200, text: 'OK' });
    ready = false;
    expect(await send({ method: 'GET', path: '/healthz/ready' })).toEqual({
      status: 503,
      text: 'ReadinessCheck failed',
    });
    expect((await send({ method: 'GET', path: '/' })).status).toBe(200);
    expect((await send({ method: 'GET', path: '/nowhere' })).status).toBe(404);
    expect((await send({ path: '/metrics' })).status).toBe(405);
    expect((await send({ method: 'GET', path: '/broken' })).status).toBe(500);
  });

  it('refuses a port that is taken with a line for people', async () => {
    await expect(
      openListeners({ routes: [], registry, log, ready: () => true, port: listeners.port, host: '127.0.0.1' }),
    ).rejects.toMatchObject({ code: 'config' });
  });

  it('lets a request under way finish when it closes', async () => {
    const arrived = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    accept = () => {
      arrived.resolve();
      return stored.promise;
    };
    const answer = send({});
    await arrived.promise;
    const closed = listeners.close(10_000);
    stored.resolve();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it('is not held up by a client that never finishes', async () => {
    const socket = connect(listeners.port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write('POST /hook HTTP/1.1\r\nHost: x\r\n', () => resolve()));
    const gone = new Promise((resolve) => socket.on('close', resolve).on('error', () => {}));
    await listeners.close(0);
    await gone;
  });
});
