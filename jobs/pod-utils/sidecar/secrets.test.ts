import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../../core/log.ts';
import { loadSecrets } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const auth = Buffer.from('user:hunter2').toString('base64');

it('reads every file of a mounted secret, and what stands inside the known kinds', async () => {
  const files: Record<string, string> = {
    token: 'the token\n',
    '.dockerconfigjson': JSON.stringify({ auths: { 'quay.io': { auth }, other: { password: 'plain' } } }),
    '.dockercfg': JSON.stringify({ 'gcr.io': { password: 'older', auth: '' } }),
    'aws.ini': '[default]\n; comment\naws_secret_access_key = "AKIA"\n# no\nregion: eu\n',
    'nested/key': 'deep',
    '..data/token': 'the version that Kubernetes keeps',
    'broken/.dockercfg': 'not json',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const secrets = await loadSecrets([folder, join(folder, 'missing')], ['aws.ini'], createLogger('test', 'silent'));
  const whole = Object.entries(files).flatMap(([name, content]) => (name.startsWith('..') ? [] : [content]));
  const parts = [auth, 'hunter2', 'plain', 'older', 'AKIA', 'eu'];
  expect(secrets.map(String).sort()).toEqual([...whole, ...parts].sort());
});
