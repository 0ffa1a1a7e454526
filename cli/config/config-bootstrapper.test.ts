import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConfigMap } from '../../core/ports/config-maps.ts';
import { run } from './config-bootstrapper.ts';

const PLUGINS = `config_updater:
  maps:
    config/*.yaml: {name: config}
    zipped.txt: {name: zipped, gzip: true, clusters: {default: ['', other]}}
    jobs/**/*.yaml: {partitioned_names: [jobs-0, jobs-1]}
    nothing/*: {name: nothing}
`;

let folder: string;
let server: Server;
let maps: Map<string, ConfigMap>;
let printed: string;
let refused: string | undefined;

const inFolder = (...names: string[]) => path.join(folder, ...names);
function put(file: string, text: string) {
  mkdirSync(path.dirname(inFolder(file)), { recursive: true });
  writeFileSync(inFolder(file), text);
}

/** As much of the API server as ConfigMaps need. */
function apiServer() {
  return createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const name = String(request.url).replace('/api/v1/namespaces/', '').replace('/configmaps', '');
    const found = maps.get(name);
    const fine = request.method !== 'GET' || found;
    const code = name.includes(refused ?? '\0') && request.method !== 'GET' ? 413 : fine ? 200 : 404;
    if (request.method !== 'GET' && code === 200)
      maps.set(request.method === 'POST' ? `${name}/${body.metadata.name}` : name, body);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(code === 200 ? (body ?? found) : { kind: 'Status', code, message: 'no' }));
  });
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bootstrap-'));
  maps = new Map();
  refused = undefined;
  server = apiServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'main',
  };
  put('kubeconfig', JSON.stringify(kubeconfig));
  put('config.yaml', 'prowjob_namespace: prow\n');
  put('plugins.yaml', PLUGINS);
  put('src/config/a.yaml', 'a: 1\n');
  put('src/zipped.txt', 'much text');
  put('src/.git/config/b.yaml', 'not ours');
  vi.stubEnv('XDG_CACHE_HOME', inFolder('cache'));
  printed = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const bootstrap = (...more: string[]) =>
  run([
    `--config-path=${inFolder('config.yaml')}`,
    `--plugin-config=${inFolder('plugins.yaml')}`,
    `--kubeconfig=${inFolder('kubeconfig')}`,
    `--source-path=${inFolder('src')}`,
    ...more,
  ]);
const dataOf = () => Object.fromEntries([...maps].map(([name, { data }]) => [name, data]));

test('maps are made of what the folder holds, and what it does not hold goes', async () => {
  maps.set('prow/config', { metadata: { resourceVersion: '1' }, data: { 'old.yaml': 'x', VERSION: 'v0' } });
  expect(await bootstrap()).toBe(0);
  expect(dataOf()).toEqual({
    'prow/config': { 'a.yaml': 'a: 1\n', VERSION: 'v0' },
    'prow/zipped': {},
    'other/zipped': {},
  });
  const zipped = maps.get('other/zipped')?.binaryData?.['zipped.txt'] ?? '';
  expect(gunzipSync(Buffer.from(zipped, 'base64')).toString()).toBe('much text');
  expect(printed).toContain('configmap config in namespace prow at cluster default: 1 keys\n');
});

test('a partition that no file falls into any more is emptied, and the version is that of the folder', async () => {
  put('src/jobs/deep/x.yaml', 'x');
  put('src/VERSION', 'sha\n');
  for (const name of ['prow/jobs-0', 'prow/jobs-1'])
    maps.set(name, { metadata: { resourceVersion: '1' }, data: { old: '1' } });
  expect(await bootstrap()).toBe(0);
  const jobs = [maps.get('prow/jobs-0')?.data, maps.get('prow/jobs-1')?.data];
  expect(jobs).toContainEqual({ VERSION: 'sha' });
  expect(jobs).toContainEqual({ 'x.yaml': 'x', VERSION: 'sha' });
});

test('one map that is refused keeps none of the others back', async () => {
  refused = 'other';
  expect(await bootstrap()).toBe(1);
  expect([...maps.keys()].sort()).toEqual(['prow/config', 'prow/zipped']);
  expect(printed).toContain('configmap zipped in namespace other at cluster default: ');
});

test('a dry run writes nothing', async () => {
  expect(await bootstrap('--dry-run')).toBe(0);
  expect(maps.size).toBe(0);
});

test.each([
  [['--source-path=/no/such/folder'], 'there is no folder /no/such/folder'],
  [['extra'], 'extra'],
])('%j is refused', async (flags, words) => {
  await expect(bootstrap(...flags)).rejects.toThrow(words);
});

test('a folder has to be named', async () => {
  await expect(run([`--config-path=${inFolder('config.yaml')}`])).rejects.toThrow('--source-path must be provided');
});
