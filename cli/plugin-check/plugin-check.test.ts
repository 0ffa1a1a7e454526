import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { signatureOf } from '../../core/hook/hmac.ts';
import { plugin } from '../../core/plugin/index.ts';
import { serveForTest } from '../../external-plugins/kit/testing.ts';
import { run } from './index.ts';

const SECRET = 'the secret of the tests';
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  vi.restoreAllMocks();
});

/** What a plugin gets wrong. */
interface Faults {
  /** Looks at no signature. */
  trusts?: boolean;
  /** Makes the HMAC over JSON that it wrote anew. */
  rewrites?: boolean;
  takesSha1?: boolean;
  onlyPings?: boolean;
  refusesTwice?: boolean;
  /** Bytes. */
  limit?: number;
  help?: string | number;
  refusal?: number;
}

async function pluginWith(faults: Faults): Promise<string> {
  const seen = new Set<string>();
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const status =
      request.url === '/healthz'
        ? 200
        : request.url === '/help'
          ? helpStatus(request, faults)
          : statusFor(request, body, faults, seen);
    response
      .writeHead(status)
      .end(request.url === '/help' && typeof faults.help !== 'number' ? (faults.help ?? '{}') : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function helpStatus({ method }: IncomingMessage, { help }: Faults): number {
  if (method !== 'POST') return 405;
  return typeof help === 'number' ? help : 200;
}

function statusFor({ method, headers }: IncomingMessage, body: string, faults: Faults, seen: Set<string>): number {
  const { 'x-github-event': event, 'x-github-delivery': delivery, 'x-hub-signature-256': signature } = headers;
  if (method !== 'POST') return 405;
  const bad = faults.refusal ?? 400;
  if (!event || !delivery) return bad;
  if (!faults.trusts) {
    if (!signature) return faults.takesSha1 && headers['x-hub-signature'] ? 200 : 403;
    if (headers['content-type'] !== 'application/json') return bad;
    if (signature !== signatureOf(faults.rewrites ? rewritten(body) : body, SECRET)) return 403;
  }
  if (body.length > (faults.limit ?? Infinity)) return 413;
  if (faults.onlyPings && event !== 'ping') return 404;
  if (faults.refusesTwice && seen.has(String(delivery))) return 409;
  seen.add(String(delivery));
  return 200;
}

function rewritten(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}

async function check(url: string): Promise<{ code: number; lines: string[] }> {
  vi.stubEnv('WEBHOOK_SECRET', SECRET);
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  const code = await run([url]);
  return { code, lines: printed.trimEnd().split('\n') };
}

test("the kit's service passes whole", async () => {
  const { url, close } = await serveForTest(plugin({ name: 'p', summary: 'P.', needs: [] }).define({}));
  try {
    const { code, lines } = await check(url);
    expect([code, lines.at(-1)]).toEqual([0, '18 passed, 0 failed, 0 notes']);
  } finally {
    await close();
  }
});

test.each<[string, Faults, RegExp[]]>([
  ['nothing', {}, []],
  [
    'signatures',
    { trusts: true },
    [/unsigned event is refused: answered 200/, /another secret is refused/, /another body is refused/, /SHA-1/],
  ],
  ['raw bytes', { rewrites: true }, [/a signed event is taken: answered 403: check the signature over the raw bytes/]],
  ['SHA-1', { takesSha1: true }, [/a SHA-1 signature is not enough: answered 200: X-Hub-Signature is broken/]],
  ['unknown events', { onlyPings: true }, [/an unknown event is ignored: answered 404/]],
  ['duplicates', { refusesTwice: true }, [/the same delivery may come twice: answered 409/]],
  ['big bodies', { limit: 1024 * 1024 }, [/a payload of 24 MB is taken: answered 413/]],
  ['the shape of help', { help: '{"Commands":[{"Usage":1}]}' }, [/help is told: .*Commands.0.Usage/]],
  ['help altogether', { help: 500 }, [/help is told: answered 500/]],
])('a plugin that gets %s wrong is told so', async (_, faults, expected) => {
  const { code, lines } = await check(await pluginWith(faults));
  const failed = lines.filter((line) => line.startsWith('FAIL'));
  for (const pattern of expected) expect(failed.some((line) => pattern.test(line))).toBe(true);
  expect(code).toBe(expected.length > 0 ? 1 : 0);
});

test('what Prow does otherwise is a note, and no failure', async () => {
  const { code, lines } = await check(await pluginWith({ refusal: 422, help: 404 }));
  expect(lines.filter((line) => line.startsWith('note'))).toEqual([
    'note  an event without a name is refused: answered 422, Prow 400',
    'note  a delivery without an id is refused: answered 422, Prow 400',
    'note  a form is refused: answered 422, Prow 400',
    'note  help is told: nothing at /help: /plugin-help leaves the plugin out',
  ]);
  expect(code).toBe(0);
});

test.each<[string[], string]>([
  [['nonsense'], '"nonsense" is no http:// or https:// address'],
  [['http://x', 'http://y'], 'plugin-check takes one address: http://y'],
  [['--repo=acme/widgets'], '"" is no http:// or https:// address'],
])('%j is wrong usage', async (argv, message) => {
  vi.stubEnv('WEBHOOK_SECRET', SECRET);
  await expect(run(argv)).rejects.toMatchObject({ code: 'usage', message });
});

test('nobody there, or no secret, is one line', async () => {
  vi.stubEnv('WEBHOOK_SECRET', SECRET);
  await expect(run(['http://127.0.0.1:1'])).rejects.toMatchObject({ code: 'not-found' });
  vi.stubEnv('WEBHOOK_SECRET', '');
  await expect(run(['http://127.0.0.1:1'])).rejects.toMatchObject({ code: 'usage' });
});
