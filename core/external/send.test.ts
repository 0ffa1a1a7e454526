import { afterEach, expect, test } from 'vitest';
import { hasCode } from '../errors.ts';
import { signatureOf } from '../hook/hmac.ts';
import { send } from './send.ts';
import { testPlugin } from './testing.ts';

const { signal } = new AbortController();
const payload = Buffer.from('{ "text":"\\u00e4 ü",\n "n": 1.0 }');
let close: (() => Promise<void>) | undefined;

afterEach(() => close?.());

test('sends the same bytes and headers as Prow, as ProwHook', async () => {
  const plugin = await testPlugin();
  close = plugin.close;
  const headers = {
    host: 'hook.example.org',
    connection: 'close',
    'content-length': '7',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/1',
    'x-github-event': 'push',
    'x-github-delivery': 'd1',
    'x-hub-signature-256': signatureOf(payload, 's3'),
  };
  await send({ endpoint: `${plugin.endpoint}/some/hook`, headers, payload, signal });
  const [heard] = plugin.heard;
  expect(heard?.url).toBe('/some/hook');
  expect(heard?.body).toBe(payload.toString());
  expect(heard?.headers).toMatchObject({
    host: plugin.endpoint.slice('http://'.length),
    'content-length': String(payload.length),
    'content-type': 'application/json',
    'user-agent': 'ProwHook',
    'x-github-event': 'push',
    'x-github-delivery': 'd1',
    'x-hub-signature-256': signatureOf(heard?.body ?? '', 's3'),
  });
});

test.each([
  [200, undefined],
  [204, undefined],
  [400, 'invalid'],
  [403, 'invalid'],
  [500, 'invalid'],
  [429, 'transient'],
  [502, 'transient'],
  [503, 'transient'],
] as const)('an answer of %d is %s', async (status, code) => {
  const plugin = await testPlugin(() => status);
  close = plugin.close;
  const failure: unknown = await send({ endpoint: plugin.endpoint, headers: {}, payload, signal }).catch((e) => e);
  expect(code === undefined ? failure === undefined : hasCode(failure, code)).toBe(true);
});

test('a redirect is not followed, and says where the plugin is', async () => {
  const elsewhere = await testPlugin();
  const plugin = await testPlugin(() => ({ status: 308, location: elsewhere.endpoint }));
  close = async () => void (await Promise.all([plugin.close(), elsewhere.close()]));
  const failure: unknown = await send({ endpoint: plugin.endpoint, headers: {}, payload, signal }).catch((e) => e);
  expect(hasCode(failure, 'invalid') && failure.message).toContain(`names ${elsewhere.endpoint}`);
  expect(elsewhere.heard).toEqual([]);
});

test('a name and a password in the endpoint are for the plugin alone', async () => {
  const plugin = await testPlugin(() => 400);
  close = plugin.close;
  const endpoint = plugin.endpoint.replace('//', '//bot:p%40ss@');
  const failure: unknown = await send({ endpoint, headers: {}, payload, signal }).catch((e) => e);
  expect(hasCode(failure, 'invalid') && failure.message).toBe(`${plugin.endpoint}/ answered 400`);
  const given = Buffer.from('bot:p@ss').toString('base64');
  expect(plugin.heard[0]?.headers).toMatchObject({ authorization: `Basic ${given}` });
});

test('a plugin that is away is transient, an endpoint that is none is not', async () => {
  const plugin = await testPlugin();
  await plugin.close();
  const failure = async (endpoint: string) => send({ endpoint, headers: {}, payload, signal }).catch((e) => e.code);
  expect(await failure(plugin.endpoint)).toBe('transient');
  expect(await failure('nonsense')).toBe('invalid');
});
