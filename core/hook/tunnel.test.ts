import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { channelOf, openTunnel, type Tunnel } from './tunnel.ts';

const log = pino({ level: 'silent' });
const open: (Server | Tunnel)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) {
    if ('closeAllConnections' in one) one.closeAllConnections();
    await one.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Channel {
  url: string;
  readers(): number;
  connected(): number;
  say(data: string): void;
  cut(): void;
}

/** A channel as smee's: event streams that `say` writes to; the first ones are refused. */
async function startChannel(refuse = 0): Promise<Channel> {
  const readers = new Set<ServerResponse>();
  let connected = 0;
  const url = await serve((request, response) => {
    if (request.url === '/new') return void response.writeHead(307, { location: '/abc' }).end();
    if (connected++ < refuse) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ready\ndata: {}\n\n');
    readers.add(response);
    response.on('close', () => readers.delete(response));
  });
  return {
    url,
    readers: () => readers.size,
    connected: () => connected,
    say(data) {
      for (const reader of readers) reader.write(`data: ${data}\n\n`);
    },
    cut() {
      for (const reader of readers) reader.destroy();
    },
  };
}

interface Got {
  headers: IncomingMessage['headers'];
  body: string;
}

/** hook, which answers with the given codes in turn, then 200. */
async function startHook(...codes: number[]): Promise<{ url: string; got: Got[] }> {
  const got: Got[] = [];
  const url = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ headers: request.headers, body });
    response.writeHead(codes.shift() ?? 200).end();
  });
  return { url: `${url}/hook`, got };
}

const PUSH = {
  'x-github-event': 'push',
  'x-github-delivery': 'd1',
  'x-hub-signature-256': 'sha256=00',
  body: { a: 'ü' },
};

function read(source: string, target: string): void {
  open.push(openTunnel({ source, target, log, retryMs: 1 }));
}

it('hands a webhook over with the headers that GitHub sends, and no other', async () => {
  const channel = await startChannel();
  const hook = await startHook();
  read(channel.url, hook.url);
  await expect.poll(channel.readers).toBe(1);
  channel.say(
    JSON.stringify({ ...PUSH, host: 'evil', cookie: 'a=b', authorization: 'x', query: { a: '1' }, timestamp: 1 }),
  );
  await expect.poll(() => hook.got.length).toBe(1);
  expect(hook.got[0]?.body).toBe('{"a":"ü"}');
  expect(hook.got[0]?.headers).toMatchObject({ 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=00' });
  expect(hook.got[0]?.headers).not.toHaveProperty('cookie');
  expect(hook.got[0]?.headers).not.toHaveProperty('authorization');
});

it('outlives what is no webhook, a cut connection and a channel that is away', async () => {
  const channel = await startChannel(2);
  const hook = await startHook();
  read(channel.url, hook.url);
  await expect.poll(channel.readers).toBe(1);
  for (const junk of ['{', 'null', '{"x-github-event":"push"}', '[]', '"text"']) channel.say(junk);
  channel.cut();
  await expect.poll(channel.connected).toBe(4);
  await expect.poll(channel.readers).toBe(1);
  channel.say(JSON.stringify(PUSH));
  await expect.poll(() => hook.got.length).toBe(1);
});

it('tries again where hook could not keep it, and not where hook refused it', async () => {
  const channel = await startChannel();
  const hook = await startHook(500, 503, 200, 403);
  read(channel.url, hook.url);
  await expect.poll(channel.readers).toBe(1);
  channel.say(JSON.stringify(PUSH));
  await expect.poll(() => hook.got.length, { timeout: 10_000 }).toBe(3);
  channel.say(JSON.stringify(PUSH));
  await expect.poll(() => hook.got.length).toBe(4);
});

it('makes a channel where it is asked for a new one', async () => {
  const channel = await startChannel();
  expect(await channelOf(`${channel.url}/new`)).toBe(`${channel.url}/abc`);
  expect(await channelOf('https://smee.io/xyz')).toBe('https://smee.io/xyz');
});

it.each(['file:///etc/passwd', 'nonsense'])('refuses %s', async (address) => {
  await expect(channelOf(address)).rejects.toMatchObject({ code: 'config' });
});

it('does not follow to a channel of somebody else', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(307, { location: 'http://169.254.169.254/x' }).end(),
  );
  await expect(channelOf(`${url}/new`)).rejects.toThrow('made no channel of its own');
});
