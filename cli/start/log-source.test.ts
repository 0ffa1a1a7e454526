import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createStorage } from '../../core/storage/index.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import { logSource } from './log-source.ts';

const store = new EmbeddedStore({ path: ':memory:' });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stored-'));
  await writeFile(path.join(folder, 'build-log.txt'), 'one\ntwo\n');
  await writeFile(path.join(folder, 'packed-build-log.txt'), gzipSync('one\ntwo\n'));
});
afterAll(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

function job(containers = ['']): ProwJob {
  const pod_spec = { containers: containers.map((name) => ({ name, image: 'x' })) };
  return { apiVersion: 'prow.k8s.io/v1', kind: 'ProwJob', metadata: { name: 'a' }, spec: { pod_spec }, status: {} };
}

/** The log of a pod that is gone. */
async function stored(
  of: ProwJob,
  from: number,
  where = { folder: folder as string | undefined },
): Promise<string | undefined> {
  const log = async () => {
    throw new CutwaterError('not-found', 'pods "a" not found');
  };
  const pods = { log } as unknown as PodBackend;
  const source = logSource(store, pods, { storage: createStorage(), folder: () => where.folder });
  const bytes = await source.log(of, { from, follow: false, signal: new AbortController().signal });
  if (!bytes) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it.each([
  { name: 'the uploaded one', of: job(), from: 0, text: 'one\ntwo\n' },
  { name: 'a part of it', of: job(), from: 4, text: 'two\n' },
  { name: 'one of several, packed', of: job(['packed', 'other']), from: 0, text: 'one\ntwo\n' },
  { name: 'a part of a packed one', of: job(['packed', 'other']), from: 6, text: 'o\n' },
  { name: 'none where nothing was uploaded', of: job(['other', 'packed']), from: 0, text: undefined },
])('once the pod is gone its log is $name', async ({ of, from, text }) => {
  expect(await stored(of, from)).toBe(text);
});

it('there is none where the job has no folder', async () => {
  expect(await stored(job(), 0, { folder: undefined })).toBeUndefined();
});
