import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { signatureOf } from '../../core/hook/hmac.ts';
import { plugin, rest } from '../../core/plugin/index.ts';
import { anyone } from '../../core/plugin/who.ts';
import { SECRET, serveForTest } from './testing.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A plugin that notes whom it greeted, as soon as it may. */
function greeter(mayGo: Promise<void> = Promise.resolve()) {
  const greeted: string[] = [];
  const heard = Promise.withResolvers<void>();
  const p = plugin({ name: 'greeter', summary: 'Greets.', needs: [] });
  const hello = p.command({
    names: ['hello'],
    args: rest('whom'),
    on: 'both',
    who: anyone,
    help: 'Says hello.',
    examples: ['/hello'],
    async run({ args }) {
      await mayGo;
      greeted.push(args);
      heard.resolve();
    },
  });
  return { greeted, heard: heard.promise, plugin: p.define({ commands: [hello] }) };
}

async function serve(...given: Parameters<typeof serveForTest>) {
  const served = await serveForTest(...given);
  closing.push(served.close);
  return served;
}

function post(url: string, delivery: string, words: string): Promise<Response> {
  const body = JSON.stringify({
    action: 'created',
    repository: { full_name: 'acme/widgets', name: 'widgets', owner: { login: 'acme' } },
    issue: { number: 5, state: 'open', user: { login: 'bob' } },
    comment: { id: 1, body: words, user: { login: 'alice' } },
  });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-github-delivery': delivery,
    'x-hub-signature-256': signatureOf(body, SECRET),
  };
  return fetch(url, { method: 'POST', headers, body });
}

test.each(['/', '/any/path', '/hook'])('an event at %s is handled, and once only', async (where) => {
  const { plugin: served, greeted, heard } = greeter();
  const { url } = await serve(served);
  expect((await post(`${url}${where}`, 'd1', '/hello you')).status).toBe(200);
  await heard;
  expect(await post(`${url}${where}`, 'd1', '/hello you').then((answer) => answer.text())).toContain('Event received');
  expect((await post(`${url}${where}`, 'd2', 'no command')).status).toBe(200);
  expect(greeted).toEqual(['you']);
});

test('what was under way when the service ended is done after the next start', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'kit-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const stuck = greeter(new Promise(() => {}));
  const first = await serveForTest(stuck.plugin, { dataDir });
  expect((await post(first.url, 'd1', '/hello later')).status).toBe(200);
  await first.close();
  const again = greeter();
  await serve(again.plugin, { dataDir });
  await again.heard;
  expect([stuck.greeted, again.greeted]).toEqual([[], ['later']]);
});

test("help is Prow's JSON, from the declaration", async () => {
  const { url } = await serve(greeter().plugin);
  const ask = (body: string) => fetch(`${url}/help`, { method: 'POST', body });
  expect(await ask('[{"Org":"acme","Repo":"widgets"}]').then((answer) => answer.json())).toEqual({
    Description: 'Greets.',
    Config: {},
    Events: ['GenericCommentEvent (any event for user text)'],
    Commands: [
      {
        Usage: '/hello [whom]',
        Featured: false,
        Description: 'Says hello.',
        Examples: ['/hello'],
        WhoCanUse: 'Anyone',
      },
    ],
  });
  expect((await ask('null')).status).toBe(200);
  for (const body of ['', '{', '{}', '[1]', `"${'x'.repeat(2 ** 21)}"`]) expect((await ask(body)).status).toBe(400);
  expect((await fetch(`${url}/help`)).status).toBe(405);
});

test.each([['/healthz'], ['/healthz/ready'], ['/metrics']])('%s answers beside the plugin', async (where) => {
  const { url } = await serve(greeter().plugin);
  expect((await fetch(`${url}${where}`)).status).toBe(200);
});
