import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bucket, Storage as Client } from '@google-cloud/storage';
import { openSource } from './source.ts';
import type { BucketProvider, ByteRange, ListEntry, ObjectInfo, Source, WriteOptions } from './storage.ts';
import { translator } from './translated.ts';

const translated = translator((error) => Number((error as { code?: unknown }).code) || 0);

/** Beyond this, an upload is one that can go on where it was interrupted; below, one request is quicker. */
const RESUMABLE_FROM_BYTES = 8 * 1024 * 1024;

/** Objects on Google Cloud Storage, or on the emulator that STORAGE_EMULATOR_HOST names. Without a key file the library looks where it always looks. */
export async function gcsProvider(keyFile: string | undefined): Promise<BucketProvider> {
  const { Storage } = await import('@google-cloud/storage');
  const emulated = process.env.STORAGE_EMULATOR_HOST !== undefined;
  const client: Client = new Storage({
    ...(keyFile && { keyFilename: keyFile }),
    ...(emulated && { projectId: 'emulated' }),
  });
  // The library takes the variable for the whole base of its requests; Google's other libraries, and everybody who sets it, for the host.
  if (emulated) client.baseUrl = `${client.apiEndpoint}/storage/v1`;
  const file = (bucket: string, name: string) => client.bucket(bucket).file(name);
  return {
    write: (bucket, name, source, options) => write(client.bucket(bucket), name, source, options),
    read: async (bucket, name, range) => {
      const { size } = await stat(client.bucket(bucket), name);
      return read(client.bucket(bucket), name, size, range);
    },
    stat: (bucket, name) => stat(client.bucket(bucket), name),
    list: (bucket, prefix, shallow) => list(client.bucket(bucket), prefix, shallow),
    delete: (bucket, name) =>
      translated(name, async () => void (await file(bucket, name).delete({ ignoreNotFound: true }))),
    signedUrl: (bucket, name, seconds) =>
      translated(name, async () => {
        const expires = Date.now() + seconds * 1000;
        const [url] = await file(bucket, name).getSignedUrl({ version: 'v4', action: 'read', expires });
        return url;
      }),
  };
}

async function write(bucket: Bucket, name: string, source: Source, options: WriteOptions): Promise<void> {
  const { contentType, contentEncoding, cacheControl, metadata, ifAbsent } = options;
  const size = typeof source === 'function' ? options.size : source.length;
  const small = size !== undefined && size < RESUMABLE_FROM_BYTES;
  const target = bucket.file(name).createWriteStream({
    resumable: !small,
    ...(ifAbsent && { preconditionOpts: { ifGenerationMatch: 0 } }),
    metadata: {
      ...(contentType && { contentType }),
      ...(contentEncoding && { contentEncoding }),
      ...(cacheControl && { cacheControl }),
      ...(metadata && { metadata }),
    },
  });
  const opened = await openSource(source);
  await translated(name, () => pipeline(opened, target));
}

async function read(bucket: Bucket, name: string, size: number, range: ByteRange | undefined): Promise<Readable> {
  const start = Math.min(range?.start ?? 0, size);
  const end = range?.length === undefined ? size : Math.min(start + range.length, size);
  if (end <= start) return openSource('');
  const whole = start === 0 && end === size;
  return bucket
    .file(name)
    .createReadStream({ decompress: false, validation: false, ...(!whole && { start, end: end - 1 }) });
}

async function stat(bucket: Bucket, name: string): Promise<ObjectInfo> {
  const [found] = await translated(name, () => bucket.file(name).getMetadata());
  return {
    size: Number(found.size ?? 0),
    updated: new Date(found.updated ?? 0),
    contentType: found.contentType,
    contentEncoding: found.contentEncoding || undefined,
    metadata: found.metadata as Record<string, string> | undefined,
  };
}

async function* list(bucket: Bucket, prefix: string, shallow: boolean): AsyncGenerator<ListEntry> {
  const path = (name: string) => `gs://${bucket.name}/${name}`;
  let pageToken: string | undefined;
  do {
    const query = { prefix, autoPaginate: false, ...(shallow && { delimiter: '/' }), ...(pageToken && { pageToken }) };
    const [files, next, response] = await translated(prefix, () => bucket.getFiles(query));
    const folders = ((response as { prefixes?: string[] } | undefined)?.prefixes ?? []).map((name) => ({
      path: path(name),
      folder: true,
    }));
    const objects = files.map(({ name, metadata }) => ({
      path: path(name),
      folder: false,
      size: Number(metadata.size ?? 0),
      updated: new Date(metadata.updated ?? 0),
    }));
    yield* [...folders, ...objects].sort((a, b) => (a.path < b.path ? -1 : 1));
    pageToken = (next as { pageToken?: string } | null)?.pageToken;
  } while (pageToken);
}
