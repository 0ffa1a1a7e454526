import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setStatus } from '../../model/actions/index.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { openStream } from '../testing/stream.ts';
import { renderDocument } from '../ui/render.tsx';
import type { Answer, CommandRow, DeliveriesView, LiveMessage, PullView, View } from '../views.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-'));
const assets = { script: 'client.js', style: 'style.css' };
let scene: Scene;
beforeAll(async () => {
  scene = await openScene(folder, {}, { render: renderDocument, assets, asset: async () => undefined });
});
afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true });
});

const PULL = '/acme/widgets/pull/42';

async function view<T extends View>(path: string, cookie = ''): Promise<T> {
  const response = await fetch(scene.url + path, { headers: { accept: 'application/json', cookie } });
  return response.json();
}

async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields);
  const own = { origin: scene.url, accept: 'application/json' };
  return fetch(scene.url + path, { method: 'POST', body, redirect: 'manual', headers: { ...own, ...headers } });
}

async function answerOf(response: Promise<Response>): Promise<Answer> {
  return (await response).json();
}

describe('without a script', () => {
  it('leads to the first pull request with the first step filled in', async () => {
    const response = await fetch(`${scene.url}/`);
    expect(response.url).toBe(scene.url + PULL);
    const html = await response.text();
    expect(html).toContain('Retry uploads when the bucket answers 503');
    expect(html).toMatch(/<textarea[^>]*>\/test all<\/textarea>/);
  });

  it('allows nothing inline and nothing from elsewhere', async () => {
    const response = await fetch(scene.url + PULL);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(await response.text()).not.toMatch(/ style="| on\w+="|<script>|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it('comments by a form and comes back to the pull request', async () => {
    const response = await post(`${PULL}/comments`, { body: 'Looks <b>fine</b>' }, { accept: 'text/html' });
    expect([response.status, response.headers.get('location')]).toEqual([303, PULL]);
    expect((await view<PullView>(PULL)).timeline.at(-1)).toMatchObject({ type: 'comment', person: { login: 'alice' } });
  });
});

describe('what changes something', () => {
  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
  ])('is refused from another page: %j', async (headers, status) => {
    expect((await post(`${PULL}/comments`, { body: 'x' }, headers)).status).toBe(status);
  });

  it('is refused under a name that somebody else may own', async () => {
    const port = new URL(scene.url).port;
    const status = await new Promise((resolve) => {
      const headers = { host: `evil.example:${port}` };
      request(`${scene.url}${PULL}`, { headers }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(421);
  });

  it('never leads to another site', async () => {
    const answer = await answerOf(post('/-/theme', { theme: 'dark', back: '//evil.example/' }));
    expect(answer).toEqual({ ok: true, to: '/' });
  });

  it('keeps the text of a refused comment with its sender, and says why', async () => {
    const answer = await answerOf(post(`${PULL}/comments`, { body: '  ' }));
    expect(answer).toEqual({ ok: false, problem: 'Validation Failed: body is missing' });
  });
});

describe('acting as', () => {
  it('is remembered, and changes what may be done', async () => {
    const response = await post('/-/acting-as', { login: 'stranger', back: PULL });
    expect(response.headers.get('set-cookie')).toMatch(/^sandbox-acting-as=stranger; Path=\/.*HttpOnly/);
    const page = await view<PullView>(PULL, 'sandbox-acting-as=stranger');
    expect(page.chrome.actor).toBe('stranger');
    expect(page.pull.push).toEqual({ title: null, reason: 'stranger may not push here.' });
    const pushed = await post(`${PULL}/push`, {}, { cookie: 'sandbox-acting-as=stranger' });
    expect(pushed.status).toBe(403);
  });

  it('is for the people of the switch only', async () => {
    expect(await answerOf(post('/-/acting-as', { login: 'cutwater[bot]' }))).toMatchObject({ ok: false });
  });

  it('pushes the prepared commit, as its owner', async () => {
    const before = await view<PullView>(PULL, 'sandbox-acting-as=bob');
    await post(`${PULL}/push`, { back: PULL }, { cookie: 'sandbox-acting-as=bob' });
    const after = await view<PullView>(PULL);
    expect(after.pull.commits).toBe(before.pull.commits + 1);
    expect(after.timeline.findLast(({ type }) => type === 'push')).toMatchObject({
      actor: 'bob',
      title: before.pull.push.title,
    });
  });

  it("opens one's own prepared branch, and nobody else's", async () => {
    const { branches } = await view<Extract<View, { kind: 'open-pull' }>>('/acme/widgets/compare');
    const mine = branches.find(({ login }) => login === 'stranger');
    const fields = { prepared: String(mine?.id) };
    expect((await post('/acme/widgets/compare', fields)).status).toBe(403);
    const answer = await answerOf(post('/acme/widgets/compare', fields, { cookie: 'sandbox-acting-as=stranger' }));
    expect(answer).toMatchObject({ ok: true, to: expect.stringMatching(/^\/acme\/widgets\/pull\/\d+$/) });
    const steps = (await view<PullView>(PULL)).sidebar.steps;
    expect(steps.find(({ id }) => id === 'open')?.done).toBe(true);
  });
});

describe('what a comment caused', () => {
  it('stands below it as GitHub saw it, and ticks the step', async () => {
    await post(`${PULL}/comments`, { body: '/hold' });
    await scene.sandbox.idle();
    const page = await eventually(async () => {
      const current = await view<PullView>(PULL);
      return lastCause(current)?.effects.length ? current : null;
    });
    expect(lastCause(page)).toMatchObject({ statusCode: 200, queued: false, effects: ['added 1 label'] });
    expect(page.sidebar.steps.find(({ id }) => id === 'hold')).toMatchObject({ done: false, command: '/hold cancel' });
  });

  it('can be delivered again', async () => {
    const { rows, total } = await view<DeliveriesView>('/-/deliveries');
    const answer = await answerOf(post(`${rows[0]?.href}/again`, {}));
    expect(answer).toMatchObject({ ok: true });
    expect((await view<DeliveriesView>('/-/deliveries')).rows[0]).toMatchObject({
      redelivery: true,
      guid: rows[0]?.guid,
    });
    expect(total).toBeGreaterThan(0);
  });
});

describe('links to logs', () => {
  it('go where the status says, over http only, and are remembered as read', async () => {
    const { world } = scene.sandbox;
    const page = await view<PullView>(PULL);
    const pull = world.issues.all().find(({ number }) => number === page.pull.number);
    const actor = world.accounts.by('cutwater[bot]');
    const repo = world.repos.all().find(({ name, parentId }) => name === 'widgets' && parentId === null);
    if (!pull?.pull || !actor || !repo) throw new Error('the scene is not complete');
    const of = (context: string, targetUrl: string) =>
      setStatus(world, { actor, repo, sha: pull.pull?.headSha ?? '', context, state: 'pending', targetUrl });
    await of('good', 'http://127.0.0.1:9/view/x');
    await of('bad', 'javascript:alert(1)');
    const good = await fetch(`${scene.url}${PULL}/log?context=good`, { redirect: 'manual' });
    expect(good.headers.get('location')).toBe('http://127.0.0.1:9/view/x');
    expect(good.headers.get('set-cookie')).toContain('sandbox-read-log=1');
    expect((await fetch(`${scene.url}${PULL}/log?context=bad`, { redirect: 'manual' })).status).toBe(404);
  });
});

describe('the event stream', () => {
  it('sends only what changed, and the whole view to who comes from an older version', async () => {
    const { version } = await view<PullView>(PULL);
    const path = encodeURIComponent(PULL);
    const live = await openStream(`${scene.url}/-/live?since=${version}&path=${path}`);
    expect((await live.next()).event).toBe('beat');
    await post(`${PULL}/comments`, { body: 'seen live' });
    const { data } = await live.nextOf('view');
    expect(Object.keys((data as LiveMessage).parts)).toContain('timeline');
    expect(Object.keys((data as LiveMessage).parts)).not.toContain('files');
    live.close();
    const late = await openStream(`${scene.url}/-/live?since=${version}&path=${path}`);
    const first = await late.next();
    expect(first.event).toBe('view');
    expect((first.data as LiveMessage).parts).toHaveProperty('kind', 'pull');
    late.close();
  });
});

describe('pages', () => {
  it.each([
    ['/acme/widgets/pulls', 200],
    ['/acme/widgets/issues', 200],
    [`${PULL}/commits`, 200],
    [`${PULL}/files`, 200],
    [`${PULL}/try`, 200],
    ['/-/deliveries', 200],
    ['/-/configuration', 200],
    ['/acme/widgets/compare', 200],
    ['/ACME/Widgets/pull/43', 200],
    ['/acme/widgets/pull/9999', 404],
    ['/acme/widgets/issues/42', 404],
    ['/-/deliveries/1', 404],
    ['/-/nothing', 404],
  ])('%s: %i', async (path, status) => {
    const response = await fetch(scene.url + path);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain('<main id="content"');
  });

  it('leaves other addresses to others', async () => {
    expect(await (await fetch(`${scene.url}/nobody/nothing`)).text()).toBe('Not found\n');
  });

  it('tells the commands of the bot', async () => {
    const commands = await (await fetch(`${scene.url}/-/commands?path=${PULL}`)).json();
    expect((commands as CommandRow[]).map(({ command }) => command)).toContain('/lgtm cancel');
  });

  it('starts over', async () => {
    await post('/-/start-over', {});
    const page = await view<PullView>(PULL);
    expect(page.box.text).toBe('/test all');
    expect(page.sidebar.steps.map(({ done }) => done)).toEqual([false, false, false, false, false, false]);
  });
});

function lastCause({ timeline }: PullView) {
  const said = timeline.findLast(({ type }) => type === 'comment');
  return said?.type === 'comment' ? said.cause : null;
}

async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
