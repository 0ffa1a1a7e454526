import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findServer, startGcs, startS3, type TestServer } from '../../test/servers/index.ts';
import { createStorage, type ListEntry, type Storage, textOf } from './index.ts';

const s3 = await findServer('versitygw');
const gcs = await findServer('fake-gcs-server');

interface Place {
  storage: Storage;
  base: string;
  close(): Promise<void>;
}

async function atServer(server: TestServer): Promise<Place> {
  if (!server.credentialsFile) process.env.STORAGE_EMULATOR_HOST = server.url;
  const storage = createStorage({ s3CredentialsFile: server.credentialsFile, retries: [10, 10] });
  return { storage, base: server.bucket, close: () => server.close() };
}

async function atFolder(): Promise<Place> {
  const base = await mkdtemp(join(tmpdir(), 'storage-'));
  return { storage: createStorage({ retries: [1] }), base, close: () => rm(base, { recursive: true }) };
}

const places = [
  { name: 'a local folder', skip: false, attributes: false, open: atFolder },
  { name: 'S3', skip: !s3, attributes: true, open: async () => atServer(await startS3(s3 ?? '')) },
  { name: 'Google Cloud Storage', skip: !gcs, attributes: true, open: async () => atServer(await startGcs(gcs ?? '')) },
];

async function all(entries: AsyncIterable<ListEntry>, base: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of entries) paths.push(path.slice(base.length));
  return paths;
}

describe.each(places)('storage in $name', ({ skip, attributes, open }) => {
  describe.skipIf(skip)('with the server', () => {
    let place: Place;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(() => place?.close());
    const path = (name: string) => `${place.base}/${name}`;
    const read = async (name: string, range?: { start: number; length?: number }) =>
      textOf(await place.storage.read(path(name), range));

    it('gives back what was written, and the newest of it', async () => {
      await place.storage.write(path('a/one.txt'), 'old');
      await place.storage.write(path('a/one.txt'), 'new');
      expect(await read('a/one.txt')).toBe('new');
      expect((await place.storage.stat(path('a/one.txt'))).size).toBe(3);
    });

    it('keeps an empty object', async () => {
      await place.storage.write(path('empty.txt'), '');
      expect(await read('empty.txt')).toBe('');
      expect((await place.storage.stat(path('empty.txt'))).size).toBe(0);
    });

    it.each([
      { range: { start: 2, length: 3 }, text: '234' },
      { range: { start: 7 }, text: '789' },
      { range: { start: 8, length: 100 }, text: '89' },
      { range: { start: 10 }, text: '' },
      { range: { start: 50, length: 5 }, text: '' },
    ])('reads the range $range', async ({ range, text }) => {
      await place.storage.write(path('digits.txt'), '0123456789');
      expect(await read('digits.txt', range)).toBe(text);
    });

    it('streams 40 MB up and down', async () => {
      const chunk = Buffer.alloc(1024 * 1024, 'abcdefghijklmnopqrstuvwxyz\n');
      const whole = createHash('sha256');
      for (let i = 0; i < 40; i++) whole.update(chunk);
      await place.storage.write(path('big.bin'), () => Readable.from(Array.from({ length: 40 }, () => chunk)));
      const back = createHash('sha256');
      for await (const part of await place.storage.read(path('big.bin'))) back.update(part as Buffer);
      expect(back.digest('hex')).toBe(whole.digest('hex'));
    });

    it('lists in order, whole and by folder', async () => {
      for (const name of ['l/b.txt', 'l/a/1.txt', 'l/a/2.txt', 'l/c/d/3.txt'])
        await place.storage.write(path(name), name);
      expect(await all(place.storage.list(path('l/')), place.base)).toEqual([
        '/l/a/1.txt',
        '/l/a/2.txt',
        '/l/b.txt',
        '/l/c/d/3.txt',
      ]);
      expect(await all(place.storage.list(path('l/'), { shallow: true }), place.base)).toEqual([
        '/l/a/',
        '/l/b.txt',
        '/l/c/',
      ]);
      expect(await all(place.storage.list(path('l/a')), place.base)).toEqual(['/l/a/1.txt', '/l/a/2.txt']);
      expect(await all(place.storage.list(path('nothing/')), place.base)).toEqual([]);
    });

    it('says what is not there', async () => {
      await expect(place.storage.stat(path('no'))).rejects.toMatchObject({ code: 'not-found' });
      const reading = place.storage.read(path('no')).then(textOf);
      await expect(reading).rejects.toMatchObject({ code: 'not-found' });
    });

    it('writes only where nothing is, when asked to', async () => {
      await place.storage.write(path('once.txt'), 'first', { ifAbsent: true });
      await expect(place.storage.write(path('once.txt'), 'second', { ifAbsent: true })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await read('once.txt')).toBe('first');
    });

    it('deletes, also what is gone already', async () => {
      await place.storage.write(path('gone.txt'), 'x');
      await place.storage.delete(path('gone.txt'));
      await place.storage.delete(path('gone.txt'));
      await expect(place.storage.stat(path('gone.txt'))).rejects.toMatchObject({ code: 'not-found' });
    });

    it('leaves the old object where the source breaks', async () => {
      await place.storage.write(path('kept.txt'), 'whole');
      const breaking = () =>
        Readable.from(
          (function* () {
            yield Buffer.alloc(100);
            throw new Error('the disk is gone');
          })(),
        );
      await expect(place.storage.write(path('kept.txt'), breaking)).rejects.toThrow('the disk is gone');
      expect(await read('kept.txt')).toBe('whole');
    });

    it('knows content type, encoding and metadata', async () => {
      const options = {
        contentType: 'text/plain; charset=utf-8',
        contentEncoding: 'gzip',
        metadata: { link: 'there' },
      };
      await place.storage.write(path('packed.txt'), Buffer.from([0x1f, 0x8b, 8, 0]), options);
      const found = await place.storage.stat(path('packed.txt'));
      expect(found.contentEncoding).toBe('gzip');
      expect(found.contentType).toMatch(/^text\/plain/);
      if (attributes) expect(found.metadata).toMatchObject({ link: 'there' });
      const bytes: Buffer[] = [];
      for await (const part of await place.storage.read(path('packed.txt'))) bytes.push(part as Buffer);
      expect(Buffer.concat(bytes)).toEqual(Buffer.from([0x1f, 0x8b, 8, 0]));
    });

    it('refuses paths that leave their place', async () => {
      await expect(place.storage.read(path('a/../../x'))).rejects.toMatchObject({ code: 'invalid' });
    });
  });
});

describe.skipIf(!s3)('signed addresses', () => {
  it('serve an object to whoever has them', async () => {
    const place = await atServer(await startS3(s3 ?? ''));
    await place.storage.write(`${place.base}/a b#.txt`, 'hello');
    const url = (await place.storage.signedUrl(`${place.base}/a b#.txt`, 60)) ?? '';
    expect(await (await fetch(url)).text()).toBe('hello');
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(403);
    await place.close();
  });
});

it.skipIf(!gcs)('signed addresses of Google Cloud Storage come from the key of a service account', async () => {
  const server = await startGcs(gcs ?? '');
  const place = await atServer(server);
  const folder = await mkdtemp(join(tmpdir(), 'key-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const key = { type: 'service_account', project_id: 'p', client_email: 'a@p.iam.gserviceaccount.com', private_key };
  await writeFile(join(folder, 'key.json'), JSON.stringify(key));
  const storage = createStorage({ gcsCredentialsFile: join(folder, 'key.json') });
  await storage.write(`${place.base}/a b#.txt`, 'hello');
  const url = (await storage.signedUrl(`${place.base}/a b#.txt`, 60)) ?? '';
  expect(new URL(url).searchParams.get('X-Goog-Expires')).toBe('60');
  expect(await (await fetch(url)).text()).toBe('hello');
  await place.close();
  await rm(folder, { recursive: true });
});

describe('a local folder', () => {
  it('holds nothing else than what was written, and does not list what a link leads to', async () => {
    const place = await atFolder();
    await place.storage.write(`file://${place.base}/a.txt`, 'a');
    await writeFile(`${place.base}/b.txt`, 'b');
    await symlink('/etc/passwd', `${place.base}/c.txt`);
    expect((await readdir(place.base)).sort()).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(await all(place.storage.list(`${place.base}/`), place.base)).toEqual(['/a.txt', '/b.txt']);
    await place.close();
  });
});

describe.skipIf(!s3)('a server that is away', () => {
  it('is asked again, and is a transient failure', async () => {
    const server = await startS3(s3 ?? '');
    const place = await atServer(server);
    await server.kill();
    await expect(place.storage.write(`${place.base}/x`, 'x')).rejects.toMatchObject({ code: 'transient' });
    await server.close();
  });
});
