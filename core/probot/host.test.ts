import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppHost, openHost } from './host.ts';
import type { Ask } from './under-way.ts';

let folder: string;
let host: AppHost;
let lost: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'probot-host-'));
  lost = 0;
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An app that waits for GitHub on a push, and misbehaves as `deed` says on an issue. */
async function appThat(deed: string): Promise<void> {
  const file = path.join(folder, 'app.mjs');
  writeFileSync(
    file,
    `export default (app) => {
      app.on('push', ({ octokit }) => octokit.request('GET /meta'));
      app.on('issues', async () => { ${deed} });
    }`,
  );
  host = await openHost({
    url: pathToFileURL(file).href,
    baseUrl: 'https://api.github.com',
    log: pino({ level: 'silent' }),
    onListens() {},
    onLost: () => lost++,
    busyLimitMs: 2000,
  });
}

const never: Ask = () => new Promise(() => {});
const { signal } = new AbortController();

function give(name: string, ask: Ask, until = signal): Promise<void> {
  return host.handle(
    { name, delivery: 'd', payload: { repository: { name: 'r', owner: { login: 'o' } } } },
    ask,
    until,
  );
}

test.each([
  ['keeps its thread busy for ever', 'for (;;) {}', 'the app did not pause for 2 s'],
  ['ends its process', 'process.exit(0)', 'the app ended its process'],
  ['fills its memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(1))', /the app/],
])('an event with which the app %s is given up, and no other', async (_, deed, message) => {
  await appThat(deed);
  const answers: string[] = [];
  // Under way when the thread ends: it is tried again, and answered then.
  const ask: Ask = (request) => {
    answers.push(request.url);
    if (answers.length === 1) return never(request);
    return Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}', base64: false });
  };
  const push = give('push', ask);
  await expect(give('issues', never)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(message),
  });
  await push;
  expect(answers).toHaveLength(2);
  await give('push', ask);
  expect(lost).toBe(2);
});

test('an event whose time is over ends, and the app goes on', async () => {
  await appThat('await new Promise(() => {})');
  const limit = new AbortController();
  const waiting = give('issues', never, limit.signal);
  limit.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'invalid', message: 'took too long' });
  await give('push', async () => ({ status: 200, headers: {}, body: '', base64: false }));
  expect(lost).toBe(0);
});

test('what is under way when the program stops is left for the next start', async () => {
  await appThat('');
  const waiting = give('push', never);
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'transient' });
  await host.close();
  await outcome;
});
