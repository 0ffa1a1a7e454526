import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CutwaterError } from '../errors.ts';
import { type ConfigMap, type ConfigMapId, configMapsPort, type KeyUpdate } from './config-maps.ts';
import type { GitHubClient } from './port.ts';

const FILES: Record<string, Buffer> = {
  'a.yaml': Buffer.from('a: ü\n'),
  'large.yaml': Buffer.from('large'),
  binary: Buffer.from([0xff, 0xfe, 0]),
};

/** Answers for files as GitHub does: those called large come without their content. */
const request = async (route: string, { path = '', file_sha = '' }: { path?: string; file_sha?: string }) => {
  if (route.includes('/git/blobs/')) return { data: { content: FILES[file_sha]?.toString('base64') } };
  if (!FILES[path]) throw Object.assign(new Error('Not Found'), { status: 404 });
  const content = path.startsWith('large') ? '' : FILES[path].toString('base64');
  return { data: { type: 'file', sha: path, encoding: content === '' ? 'none' : 'base64', content } };
};

async function update(keys: KeyUpdate[], before?: ConfigMap) {
  const puts: [ConfigMapId, ConfigMap][] = [];
  const { calls } = configMapsPort({
    defaultNamespace: () => 'prow',
    get: async () => before,
    async put(id, map) {
      puts.push([id, map]);
    },
  });
  const gh = { request } as unknown as GitHubClient;
  const at = { org: 'acme', repo: 'widgets' };
  const namespace = await calls.update.run(gh, at, { cluster: 'c', namespace: '', name: 'm' }, keys, 'sha');
  return { namespace, puts };
}

test('a map that is not there is made, in the namespace of the ProwJobs', async () => {
  const { namespace, puts } = await update([{ key: 'a', path: 'a.yaml' }]);
  const labels = { 'app.kubernetes.io/name': 'prow', 'app.kubernetes.io/component': 'updateconfig-plugin' };
  expect(namespace).toBe('prow');
  expect(puts).toEqual([
    [
      { cluster: 'c', namespace: 'prow', name: 'm' },
      { metadata: { labels }, data: { VERSION: 'sha', a: 'a: ü\n' }, binaryData: {} },
    ],
  ]);
});

test('keys come, go, and change between text and bytes; the others stay, as do the labels', async () => {
  const before = {
    metadata: { resourceVersion: '7', labels: { mine: 'yes' } },
    data: { gone: 'x', kept: 'y', binary: 'was text' },
    binaryData: { 'a.yaml': 'AAAA', other: 'BBBB' },
  };
  const keys = [{ key: 'gone' }, { key: 'binary', path: 'binary' }, { key: 'a.yaml', path: 'a.yaml' }];
  expect((await update(keys, before)).puts[0]?.[1]).toEqual({
    metadata: before.metadata,
    data: { kept: 'y', VERSION: 'sha', 'a.yaml': 'a: ü\n' },
    binaryData: { other: 'BBBB', binary: '//4A' },
  });
});

test('large files are read as blobs, and compressed ones are bytes', async () => {
  const { puts } = await update([
    { key: 'l', path: 'large.yaml' },
    { key: 'z', path: 'a.yaml', gzip: true },
  ]);
  const map = puts[0]?.[1];
  expect(map?.data).toEqual({ VERSION: 'sha', l: 'large' });
  expect(gunzipSync(Buffer.from(map?.binaryData?.z ?? '', 'base64')).toString()).toBe('a: ü\n');
});

test('nothing is written where a file cannot be read', async () => {
  await expect(update([{ key: 'x', path: 'nowhere' }])).rejects.toThrow('Not Found');
});

test('somebody else wrote first: what they wrote stays', async () => {
  const written: ConfigMap[] = [];
  const { calls } = configMapsPort({
    defaultNamespace: () => 'prow',
    get: async () => ({ metadata: { resourceVersion: String(written.length) }, data: { theirs: `${written.length}` } }),
    async put(_id, map) {
      written.push(map);
      if (written.length === 1) throw new CutwaterError('conflict', 'the object has been modified');
    },
  });
  const gh = { request } as unknown as GitHubClient;
  const id = { cluster: 'c', namespace: '', name: 'm' };
  await calls.update.run(gh, { org: 'acme', repo: 'widgets' }, id, [{ key: 'a', path: 'a.yaml' }], 'sha');
  expect(written[1]?.data).toEqual({ theirs: '1', VERSION: 'sha', a: 'a: ü\n' });
});
