import nock from 'nock';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppCredentials, CredentialPlace } from '../github-app/app.ts';
import { openSetup, type Setup, type SetupOptions } from './server.ts';

const API = 'https://api.github.com';
const CODE = 'a1b2c3d4e5';
const MADE = {
  id: 7,
  slug: 'acme-bot',
  name: 'Acme bot',
  html_url: 'https://github.com/apps/acme-bot',
  owner: { login: 'acme' },
  client_id: 'Iv1.7',
  client_secret: 'the client secret',
  webhook_secret: 'the webhook secret',
  pem: 'the private key',
};

let setup: Setup;
let origin: string;
let kept: AppCredentials[];
let lines: string[];
let failing: string;
const place: CredentialPlace = {
  name: 'the folder X',
  load: async () => undefined,
  async save(credentials) {
    if (failing) throw new Error(failing);
    kept.push(credentials);
  },
};

async function open(options: Partial<SetupOptions> = {}): Promise<void> {
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const hosts = { endpoints: [], web: 'https://github.com' };
  const fixed = { publicUrl: undefined, webhookProxy: undefined, webhookPath: '/hook', org: '' };
  setup = await openSetup({ hosts, place, port: 0, log, ...fixed, ...options });
  origin = new URL(setup.link).origin;
}

interface Answer {
  status: number;
  html: string;
  location: string | null;
  cookie: string;
  headers: Headers;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(new URL(path, origin), { redirect: 'manual', ...init });
  const { status, headers } = response;
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { status, headers, cookie, html: await response.text(), location: headers.get('location') };
}

/** Opens the link as the operator's browser does; gives its cookie. */
async function enter(): Promise<string> {
  return (await ask(setup.link)).cookie;
}

async function send(cookie: string, path: string, fields: Record<string, string>): Promise<Answer> {
  return ask(path, { method: 'POST', headers: { cookie }, body: new URLSearchParams(fields) });
}

/** GitHub's form and the state in it. */
async function formOf(cookie: string, path = '/setup') {
  const { html } = await ask(path, { headers: { cookie } });
  const action = /<form method="post" action="(https[^"]+)"/.exec(html)?.[1] ?? '';
  const manifest = /name="manifest" value="([^"]+)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '{}';
  const state = /name="state" value="([^"]+)"/.exec(html)?.[1] ?? '';
  return { html, action, state, manifest: JSON.parse(manifest) };
}

beforeEach(() => {
  kept = [];
  lines = [];
  failing = '';
  nock.disableNetConnect();
  nock.enableNetConnect(/localhost|127\.0\.0\.1/);
});
afterEach(async () => {
  await setup.close();
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  const log = lines.join('');
  for (const secret of [CODE, 'the client secret', 'the webhook secret', 'the private key', setup.link])
    expect(log).not.toContain(secret);
});

describe('who may', () => {
  it('is the first who opens the link, and nobody else', async () => {
    await open();
    for (const path of ['/setup', '/setup?key=guess', `/setup/created?code=${CODE}&state=x`]) {
      const { status, html } = await ask(path);
      expect(status).toBe(403);
      expect(html).toContain('Open the link in the terminal');
    }
    const first = await ask(setup.link);
    expect(first).toMatchObject({ status: 303, location: '/setup' });
    expect(first.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
    expect((await ask(setup.link)).status).toBe(403);
    expect((await ask('/setup', { headers: { cookie: 'cutwater-setup=guess' } })).status).toBe(403);
    expect((await ask('/setup', { headers: { cookie: first.cookie } })).status).toBe(200);
  });

  it('does not take an answer to a form of somebody else’s', async () => {
    await open({ webhookProxy: 'https://smee.io/abc' });
    const cookie = await enter();
    const { html, status } = await ask(`/setup/created?code=${CODE}&state=of-a-stranger`, { headers: { cookie } });
    expect(status).toBe(422);
    expect(html).toContain('does not belong to this form');
    expect((await send(cookie, '/setup/webhook', { url: 'https://evil.example', state: 'x' })).status).toBe(422);
  });

  it('lets no page run script, frame it, or learn its address', async () => {
    await open();
    const { headers } = await ask('/setup');
    const csp = headers.get('content-security-policy');
    expect(csp).toContain("default-src 'none'; style-src 'self'");
    expect(csp).toContain("form-action 'self' https://github.com");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('takes no webhooks yet, and says so to who looks after it', async () => {
    await open();
    expect((await ask('/hook', { method: 'POST', body: '{}' })).status).toBe(503);
    expect((await ask('/healthz')).html).toContain('waiting for the set-up');
    expect((await ask('/healthz/ready')).status).toBe(503);
  });
});

describe('the form', () => {
  it('asks for an address that GitHub reaches, and refuses this machine’s own', async () => {
    await open();
    const cookie = await enter();
    const { html, state } = await formOf(cookie);
    expect(html).toContain('How does GitHub reach this machine?');
    const refused = await send(cookie, '/setup/webhook', { state, url: 'http://localhost:8888' });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('GitHub cannot reach');
    await send(cookie, '/setup/webhook', { state, url: 'https://ci.example.com' });
    const { manifest, action } = await formOf(cookie);
    expect(manifest).toMatchObject({
      hook_attributes: { url: 'https://ci.example.com/hook', active: true },
      redirect_url: `${origin}/setup/created`,
      default_permissions: { pull_requests: 'write' },
    });
    expect(action).toMatch(/^https:\/\/github\.com\/settings\/apps\/new\?state=[\w-]{40,}$/);
  });

  it.each([
    ['/setup?org=other', /organizations\/other\/settings/, ''],
    ['/setup?org=', /github.com\/settings/, ''],
    ['/setup', /organizations\/acme\/settings/, ''],
    ['/setup?org=../x', /github.com\/settings/, '../x is no login of an organization.'],
  ])('%s is for its owner', async (path, action, problem) => {
    await open({ webhookProxy: 'https://smee.io/abc', org: 'acme' });
    const form = await formOf(await enter(), path);
    expect(form.action).toMatch(action);
    expect(form.html).toContain(problem);
  });
});

describe('the App', () => {
  async function comeBack(cookie: string): Promise<Answer> {
    const { action } = await formOf(cookie);
    const state = new URL(action).searchParams.get('state');
    return ask(`/setup/created?code=${CODE}&state=${state}`, { headers: { cookie } });
  }

  it('is kept, and is to be installed next', async () => {
    nock(API).post(`/app-manifests/${CODE}/conversions`).reply(201, MADE);
    await open({ webhookProxy: 'https://smee.io/abc' });
    const back = await comeBack(await enter());
    expect(back).toMatchObject({ status: 303, location: 'https://github.com/apps/acme-bot/installations/new' });
    expect(await setup.done).toEqual({
      id: 7,
      slug: 'acme-bot',
      name: 'Acme bot',
      owner: 'acme',
      url: 'https://github.com/apps/acme-bot',
      clientId: 'Iv1.7',
      clientSecret: 'the client secret',
      webhookSecret: 'the webhook secret',
      privateKey: 'the private key',
      webhookProxy: 'https://smee.io/abc',
    });
  });

  it('is not lost where its keys cannot be kept at first', async () => {
    nock(API).post(`/app-manifests/${CODE}/conversions`).reply(201, MADE);
    await open({ webhookProxy: 'https://smee.io/abc' });
    failing = 'the disk is full';
    const cookie = await enter();
    const back = await comeBack(cookie);
    expect(back.status).toBe(500);
    expect(back.html).toContain('the disk is full');
    const state = /name="state" value="([^"]+)"/.exec(back.html)?.[1] ?? '';
    failing = '';
    expect((await send(cookie, '/setup/keep', { state })).status).toBe(303);
    expect(kept).toHaveLength(1);
  });

  it('may be refused by GitHub, whose words are shown without the code', async () => {
    nock(API).post(`/app-manifests/${CODE}/conversions`).reply(404, { message: 'Not Found' });
    await open({ webhookProxy: 'https://smee.io/abc' });
    const back = await comeBack(await enter());
    expect(back.status).toBe(422);
    expect(back.html).toContain('GitHub answered 404');
    expect(back.html).not.toContain(CODE);
  });
});
