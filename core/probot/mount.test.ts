import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CutwaterError } from '../errors.ts';
import type { HookEvent, Plugin } from '../plugin/index.ts';
import { concerns, type Lent, runPlugin } from '../plugin/run.ts';
import { type MountedApp, mountApp } from './mount.ts';
import type { AppAnswer, AppRequest } from './protocol.ts';

const log = pino({ level: 'silent' });
const baseUrl = 'https://api.github.com';
let folder: string;
let mounted: MountedApp | undefined;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'probot-'));
});
afterEach(async () => {
  await mounted?.close();
  mounted = undefined;
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Mounts the app whose module text this is. */
async function mount(text: string, ending = 'mjs'): Promise<Plugin> {
  const app = path.join(folder, `${crypto.randomUUID()}.${ending}`);
  writeFileSync(app, text);
  mounted = await mountApp({ app, name: 'tried', baseUrl, log, onLost() {} });
  return mounted.plugin;
}

function issueEvent(action = 'opened', kind: HookEvent['kind'] = 'issues'): HookEvent {
  const repository = { name: 'widgets', full_name: 'acme/widgets', owner: { login: 'acme' } };
  const payload = { action, repository, issue: { number: 5 }, sender: { login: 'alice' }, installation: { id: 1 } };
  return { kind, delivery: 'd-1', action, org: 'acme', repo: 'widgets', number: 5, payload: payload as never };
}

type Asks = Record<'read' | 'write', (request: AppRequest, time: number) => Promise<AppAnswer>>;

/** Hands the event to the app; gives what it asked of GitHub. */
async function happen(plugin: Plugin, event: HookEvent, api: Partial<Asks> = {}): Promise<string[]> {
  const asked: string[] = [];
  const answer = async ({ method, url, body }: AppRequest): Promise<AppAnswer> => {
    asked.push([method, url.slice(baseUrl.length), body].filter(Boolean).join(' '));
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}', base64: false };
  };
  const ports = { api: { read: answer, write: answer, ...api } };
  const lent = { ports, at: () => ports, config: undefined, bot: 'b', log, signal: new AbortController().signal };
  if (concerns(plugin, event)) await runPlugin(plugin, event, { ...lent, random: () => 0 } as unknown as Lent);
  return asked;
}

const COMMENT = 'POST /repos/acme/widgets/issues/5/comments {"body":"hi"}';

describe('an app of whatever age hears its events and reaches GitHub', () => {
  test.each([
    {
      say: 'as Probot has it now',
      text: `export default (app, { getRouter }) => {
        app.on('issues.opened', (context) => context.octokit.rest.issues.createComment(context.issue({ body: 'hi' })));
      }`,
    },
    {
      say: 'as it was before',
      ending: 'cjs',
      text: `module.exports = (robot) => {
        robot.log('loaded');
        robot.on(['issues.opened', 'issues.edited'], async (context) => {
          context.log('an issue');
          await context.github.issues.createComment(context.issue({ body: 'hi' }));
        });
      }`,
    },
    {
      say: 'for everything',
      text: `export default async (app) => {
        await Promise.resolve();
        app.onAny(async ({ payload, name }) => {
          const octokit = await app.auth(payload.installation.id);
          if (name === 'issues') await octokit.rest.issues.createComment({ owner: 'acme', repo: 'widgets', issue_number: 5, body: 'hi' });
        });
      }`,
    },
    {
      say: 'in TypeScript, several at once',
      ending: 'mts',
      text: `const idle = (): void => {};
      const one = (app: any) => { app.on('issues', (context: any) => context.octokit.issues.createComment(context.issue({ body: 'hi' }))); };
      export default [idle, one];`,
    },
  ])('$say', async ({ text, ending }) => {
    expect(await happen(await mount(text, ending), issueEvent())).toEqual([COMMENT]);
  });
});

test('only what it listens for wakes it', async () => {
  const plugin = await mount(`export default (app) => {
    app.on('issues.opened', () => {});
    app.on('issues.closed', () => {});
    app.on('push', () => {});
  }`);
  const heard = [
    issueEvent(),
    issueEvent('closed'),
    issueEvent('edited'),
    issueEvent('', 'push'),
    issueEvent('', 'star'),
  ];
  expect(heard.map((event) => concerns(plugin, event))).toEqual([true, true, false, true, false]);
});

test.each([
  ['a handler', `app.on('issues', async () => { throw new Error('a bug'); })`],
  [
    'a promise that nobody waits for',
    `app.on('issues', () => { void Promise.reject(new Error('a bug')); return new Promise(() => {}); })`,
  ],
  [
    'a timer',
    `app.on('issues', () => { setTimeout(() => { throw new Error('a bug'); }, 1); return new Promise(() => {}); })`,
  ],
])('what fails in %s is the end of that event alone', async (_, text) => {
  const plugin = await mount(
    `export default (app) => { ${text}; app.on('push', (c) => c.octokit.request('GET /meta')); }`,
  );
  await expect(happen(plugin, issueEvent())).rejects.toMatchObject({ code: 'invalid', message: 'a bug' });
  expect(await happen(plugin, issueEvent('', 'push'))).toEqual(['GET /meta']);
});

test("GitHub's refusal is Octokit's error with its status", async () => {
  const plugin = await mount(`export default (app) => app.on('issues', async ({ octokit }) => {
    try { await octokit.request('GET /nowhere') } catch (error) { await octokit.request('GET /saw-' + error.status) }
  })`);
  const refusal = { status: 404, headers: {}, body: '{"message":"Not Found"}', base64: false };
  const urls: string[] = [];
  const read: Asks['read'] = async ({ url }) => {
    urls.push(url.slice(baseUrl.length));
    return url.endsWith('nowhere') ? refusal : { ...refusal, status: 200 };
  };
  await happen(plugin, issueEvent(), { read });
  expect(urls).toEqual(['/nowhere', '/saw-404']);
});

test('where GitHub was down the event comes again, also where the app only logs that', async () => {
  const plugin = await mount(`export default (app) => app.on('issues', async ({ octokit, log }) => {
    try { await octokit.request('GET /meta') } catch (error) { log.warn(error) }
  })`);
  const read = () => Promise.reject(new CutwaterError('transient', 'GitHub did not answer'));
  await expect(happen(plugin, issueEvent(), { read })).rejects.toMatchObject({ code: 'transient' });
});

test("no credential of the bot's stands in its environment or its Octokit", async () => {
  vi.stubEnv('WEBHOOK_SECRET', 's3cret');
  vi.stubEnv('GREETING', 'hi');
  const plugin = await mount(`export default (app) => app.on('issues', async ({ octokit }) => {
    const { token } = await octokit.auth({ type: 'installation' });
    await octokit.request('GET /x-' + [process.env.WEBHOOK_SECRET, process.env.GREETING, token].join('-'));
  })`);
  expect(await happen(plugin, issueEvent())).toEqual(['GET /x--hi-kept-outside']);
});

test.each([
  ['is no JavaScript', 'export default (', /Unexpected/],
  ['exports no function', 'export const app = 1', /exports no function that takes `app`/],
  ['fails', 'export default () => { throw new Error("no key") }', /no key/],
  ['wants routes', 'export default (app, { getRouter }) => { getRouter("/x") }', /asks for routes of its own/],
  ['ends the process', 'export default () => process.exit(0)', /ended its process/],
])('an app that %s does not load, and says why', async (_, text, message) => {
  await expect(mount(text)).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
});

test.each([
  ['/no/such/app.js', /there is no such file/],
  ['no-such-probot-app', /run "npm install no-such-probot-app"/],
])('%s is missing', async (app, message) => {
  const trying = mountApp({ app, name: 'x', baseUrl, log, onLost() {} });
  await expect(trying).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
});
