import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHubClient } from './port.ts';
import { web } from './web.ts';

let server: Server;
let url: string;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => response.end(`${request.method} ${request.url}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cats?format=json`;
  folder = await mkdtemp(join(tmpdir(), 'web-port-'));
  await writeFile(join(folder, 'key'), 'se cret\n');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const gh = {} as GitHubClient;
const at = { org: 'acme', repo: 'widgets' };

test.each([
  ['key', '/cats?format=json&api_key=se+cret'],
  ['nowhere', '/cats?format=json'],
])('the secret of the file %s goes into the query', async (name, path) => {
  const secretQuery = { name: 'api_key', file: join(folder, name) };
  expect((await web.calls.draw.run(gh, at, url, 1, { secretQuery })).body).toBe(`GET ${path}`);
});

test('an answer that is too long names the address without the secret', async () => {
  const options = { maxBytes: 3, secretQuery: { name: 'api_key', file: join(folder, 'key') } };
  await expect(web.calls.get.run(gh, at, url, options)).rejects.toThrow(`${url}: answers more than 3 bytes`);
});
