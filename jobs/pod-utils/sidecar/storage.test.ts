import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createStorage, textOf } from '../../../core/storage/index.ts';
import { findServer, startGcs, startS3, type TestServer } from '../../../test/servers/index.ts';
import { RUN, sidecarStage } from './testing.ts';

const { logs, mark, start } = sidecarStage();

const s3 = await findServer('versitygw');
const gcs = await findServer('fake-gcs-server');

it.skipIf(!s3)('storage that goes away in the middle of an upload and comes back costs nothing', async () => {
  const server = await startS3(s3 ?? '');
  for (let i = 0; i < 600; i++) await writeFile(logs(`artifacts/${i}.txt`), `artifact ${i}`);
  await writeFile(logs('log.txt'), 'the log\n');
  await mark('marker.txt', '0');
  const target = { bucket: server.bucket, s3_credentials_file: server.credentialsFile };
  const { code } = start({}, target, { pauses: Array.from({ length: 100 }, () => 100) });
  const storage = createStorage({ s3CredentialsFile: server.credentialsFile, retries: [] });
  const run = `${server.bucket}/${RUN}`;
  const count = async () => {
    let found = 0;
    for await (const _ of storage.list(`${run}/artifacts/`)) found++;
    return found;
  };
  await expect.poll(count, { interval: 1, timeout: 30_000 }).toBeGreaterThan(20);
  await server.kill();
  await server.restart();
  await code;
  expect(await count()).toBe(600);
  expect(await textOf(await storage.read(`${run}/build-log.txt`))).toBe('the log\n');
  expect(JSON.parse(await textOf(await storage.read(`${run}/finished.json`)))).toMatchObject({ result: 'SUCCESS' });
  await server.close();
});

describe.each([
  { name: 'S3', program: s3, open: startS3 },
  { name: 'Google Cloud Storage', program: gcs, open: startGcs },
])('a big run in $name', ({ program, open }) => {
  it.skipIf(!program)('loses nothing: a log of 100 MB and 500 artifacts', async () => {
    const server: TestServer = await open(program ?? '');
    if (!server.credentialsFile) process.env.STORAGE_EMULATOR_HOST = server.url;
    const line = `${'x'.repeat(99)}\n`.repeat(10_000);
    for (let i = 0; i < 100; i++) await appendFile(logs('log.txt'), line);
    for (let i = 0; i < 500; i++) await writeFile(logs(`artifacts/${i}.txt`), `artifact ${i}`);
    await mark('marker.txt', '0');
    await start({}, { bucket: server.bucket, s3_credentials_file: server.credentialsFile }).code;
    const storage = createStorage({ s3CredentialsFile: server.credentialsFile });
    const hash = async (stream: AsyncIterable<Buffer>) => {
      const sum = createHash('sha256');
      for await (const chunk of stream) sum.update(chunk);
      return sum.digest('hex');
    };
    expect(await hash(await storage.read(`${server.bucket}/${RUN}/build-log.txt`))).toBe(
      await hash(createReadStream(logs('log.txt'))),
    );
    let artifacts = 0;
    for await (const _ of storage.list(`${server.bucket}/${RUN}/artifacts/`)) artifacts++;
    expect(artifacts).toBe(500);
    expect(await textOf(await storage.read(`${server.bucket}/${RUN}/artifacts/77.txt`))).toBe('artifact 77');
    expect((await storage.stat(`${server.bucket}/pr-logs/directory/unit/42.txt`)).metadata).toEqual({
      'x-goog-meta-link': `${server.bucket}/${RUN}`,
    });
    await server.close();
  });
});
