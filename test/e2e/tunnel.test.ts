import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { accountByLogin, labelsOf, pullByNumber, repoByName } from '../../sandbox/model/lookup.ts';
import { createProduct, type Product } from './support/product.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tunnel-'));
const HOLD = 'do-not-merge/hold';
let sandbox: Sandbox;
let product: Product;

/** A channel as smee.io's: it takes what is posted, whether or not somebody reads. */
const readers = new Set<ServerResponse>();
const channel = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ready\ndata: {}\n\n');
    readers.add(response);
    response.on('close', () => readers.delete(response));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const message = JSON.stringify({ ...request.headers, body: JSON.parse(Buffer.concat(chunks).toString()), query: {} });
  for (const reader of readers) reader.write(`id: 1\ndata: ${message}\n\n`);
  response.end();
});

beforeAll(async () => {
  channel.listen(0, '127.0.0.1');
  await once(channel, 'listening');
  const webhookUrl = `http://127.0.0.1:${(channel.address() as AddressInfo).port}/abc`;
  const hmacSecret = 'the secret of the tests';
  sandbox = await startSandbox({ dataDir: path.join(folder, 'sandbox'), port: 0, webhookUrl, hmacSecret });
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  product = await createProduct([
    `--config-path=${file('config.yaml', 'plugins: { acme: [hold] }\n')}`,
    `--data-dir=${path.join(folder, 'data')}`,
    `--github-endpoint=${sandbox.apiUrl}`,
    `--github-graphql-endpoint=${sandbox.graphqlUrl}`,
    `--github-app-id=${sandbox.tokens.app.id}`,
    `--github-app-private-key-path=${file('app.pem', sandbox.tokens.app.privateKey)}`,
    `--hmac-secret-file=${file('hmac', hmacSecret)}`,
    `--webhook-proxy-url=${webhookUrl}`,
    '--local-runtime=process',
  ]);
});
afterAll(async () => {
  await product.kill();
  await sandbox.close();
  channel.closeAllConnections();
  channel.close();
  rmSync(folder, { recursive: true });
});

function pull() {
  const repo = repoByName(sandbox.world, 'acme', 'widgets');
  const issue = repo && pullByNumber(sandbox.world, repo, 42);
  const actor = accountByLogin(sandbox.world, 'alice');
  if (!issue || !actor) throw new Error('the seed has changed');
  return { issue, actor };
}

const say = (body: string): void => void actions.comment(sandbox.world, { ...pull(), body });
const labels = (): string[] => labelsOf(sandbox.world, pull().issue).map(({ name }) => name);

it('brings webhooks to a laptop, and what the channel took while nobody was there', async () => {
  await product.start();
  await expect.poll(() => readers.size, { timeout: 30_000 }).toBe(1);
  say('/hold');
  await expect.poll(labels, { timeout: 30_000 }).toContain(HOLD);
  await product.kill();
  await expect.poll(() => readers.size, { timeout: 10_000 }).toBe(0);
  say('/hold cancel');
  await sandbox.idle();
  await product.start();
  await expect.poll(labels, { timeout: 90_000 }).not.toContain(HOLD);
}, 180_000);
