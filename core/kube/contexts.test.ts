import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KubeOptions, loadClusters } from './contexts.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cutwater-contexts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A kubeconfig with a context for each name, the first of them current. */
function config(...names: string[]): string {
  return [
    `current-context: ${names[0]}`,
    'clusters:',
    ...names.map((name) => `- { name: ${name}, cluster: { server: "https://${name}.example.com/" } }`),
    `users: [{ name: me, user: { token: secret, client-certificate: me.crt } }]`,
    'contexts:',
    ...names.map((name) => `- { name: ${name}, context: { cluster: ${name}, user: me } }`),
  ].join('\n');
}

async function load(files: Record<string, string>, options: KubeOptions, env: Record<string, string> = {}) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const inside = (path: string | undefined) => (path === undefined ? undefined : join(dir, path));
  const { kubeconfig, kubeconfigDir, ...rest } = options;
  const clusters = loadClusters(
    { ...rest, kubeconfig: inside(kubeconfig), kubeconfigDir: inside(kubeconfigDir) },
    { env: { HOME: dir, ...env }, serviceAccountDir: join(dir, 'account') },
  );
  return Object.fromEntries([...clusters].map(([alias, { server }]) => [alias, server.replace('https://', '')]));
}

const POD = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
const ACCOUNT = { 'account/token': 'token' };

describe('the address of a cluster', () => {
  const cluster = (rest: string) =>
    `current-context: a\nclusters: [{ name: a, cluster: ${rest} }]\ncontexts: [{ name: a, context: { cluster: a } }]`;

  it.each([
    ['{ server: "10.0.0.1:6443", insecure-skip-tls-verify: true }', '10.0.0.1:6443'],
    ['{ server: "10.0.0.1:8080" }', 'http://10.0.0.1:8080'],
    ['{ server: "localhost:8080" }', 'http://localhost:8080'],
  ])('may lack its scheme: %s', async (text, expected) => {
    expect(await load({ one: cluster(text) }, { kubeconfig: 'one' })).toMatchObject({ a: expected });
  });

  it('that is none is refused, naming the file', async () => {
    const loading = load({ one: cluster('{ server: "https://a host" }') }, { kubeconfig: 'one' });
    await expect(loading).rejects.toThrow(`${join(dir, 'one')}: cluster "a": no address: https://a host`);
  });
});

describe('clusters', () => {
  it.each<[string, Record<string, string>, KubeOptions, Record<string, string>, Record<string, string>]>([
    [
      'of one file: each context, and the current one as the service cluster and the default',
      { one: config('a', 'b') },
      { kubeconfig: 'one' },
      {},
      { a: 'a.example.com', b: 'b.example.com', '': 'a.example.com', default: 'a.example.com' },
    ],
    [
      'of a folder: the last current context counts; other suffixes, folders and .. files are left out',
      {
        'd/1.yaml': config('a'),
        'd/2.yaml': config('b'),
        'd/3.txt': config('c'),
        'd/..data': 'x',
        'd/sub/4.yaml': 'x',
      },
      { kubeconfigDir: 'd', kubeconfigSuffix: '.yaml' },
      {},
      { a: 'a.example.com', b: 'b.example.com', '': 'b.example.com', default: 'b.example.com' },
    ],
    [
      'a context named default stays what it is',
      { one: config('a', 'default') },
      { kubeconfig: 'one' },
      {},
      { a: 'a.example.com', default: 'default.example.com', '': 'a.example.com' },
    ],
    ['inside a cluster', ACCOUNT, {}, POD, { '': '10.0.0.1:443', default: '10.0.0.1:443' }],
    [
      'inside a cluster with build clusters',
      { ...ACCOUNT, one: config('a') },
      { kubeconfig: 'one' },
      POD,
      { a: 'a.example.com', '': '10.0.0.1:443', default: '10.0.0.1:443' },
    ],
    [
      'no in-cluster configuration wanted',
      { ...ACCOUNT, one: config('a') },
      { kubeconfig: 'one', noInClusterConfig: true },
      POD,
      { a: 'a.example.com' },
    ],
    [
      'a disabled one, which was current',
      { one: config('a'), two: config('b'), 'd/1': config('a'), 'd/2': config('b') },
      { kubeconfigDir: 'd', disabledClusters: ['b'] },
      {},
      { a: 'a.example.com', '': 'a.example.com', default: 'a.example.com' },
    ],
    [
      'of ~/.kube/config where nothing is named',
      { '.kube/config': config('home') },
      {},
      {},
      { home: 'home.example.com', '': 'home.example.com', default: 'home.example.com' },
    ],
  ])('%s', async (_, files, options, env, expected) => {
    expect(await load(files, options, env)).toEqual(expected);
  });

  it('of several files in KUBECONFIG: the first that names a thing wins', async () => {
    const files = { one: config('a'), two: config('b', 'a').replace('https://a.', 'https://other.') };
    const env = { KUBECONFIG: `${join(dir, 'one')}:${join(dir, 'two')}` };
    expect(await load(files, {}, env)).toMatchObject({ a: 'a.example.com', b: 'b.example.com', '': 'a.example.com' });
  });

  it.each<[string, Record<string, string>, KubeOptions, RegExp]>([
    ['no cluster at all', {}, {}, /^no access to a Kubernetes cluster/],
    ['a file that is not there', {}, { kubeconfig: 'none' }, /none: ENOENT/],
    ['a suffix without a folder', {}, { kubeconfigSuffix: 'x' }, /^--kubeconfig-dir must be set if/],
    [
      'a context twice',
      { 'd/1': config('a'), 'd/2': config('a') },
      { kubeconfigDir: 'd' },
      /2: context "a" occurs in another/,
    ],
    ['a value of the wrong type', { one: 'clusters: 5' }, { kubeconfig: 'one' }, /one: clusters: /],
    ['text that is no YAML', { one: '{' }, { kubeconfig: 'one' }, /one: /],
    [
      'an unknown cluster',
      { one: 'contexts: [{ name: a, context: { cluster: x } }]' },
      { kubeconfig: 'one' },
      /context "a": no cluster "x"/,
    ],
  ])('are refused: %s', async (_, files, options, message) => {
    await expect(load(files, options)).rejects.toThrow(message);
  });
});
