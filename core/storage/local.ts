import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lookup } from 'mime-types';
import { CutwaterError, messageOf } from '../errors.ts';
import { openSource } from './source.ts';
import type { BucketProvider, ByteRange, ListEntry, ObjectInfo, Source, WriteOptions } from './storage.ts';

const TEMPORARY = '.cutwater-writing-';
let writes = 0;

/** Objects as files of this machine. What a file is shows in its name and its first bytes, since a file carries no attributes. */
export const localProvider: BucketProvider = {
  write: (_bucket, name, source, options) => asStorageError(name, () => write(name, source, options)),
  read: (_bucket, name, range) => asStorageError(name, () => read(name, range)),
  stat: (_bucket, name) => asStorageError(name, () => info(name)),
  list: (_bucket, prefix, shallow) => list(prefix, shallow),
  delete: (_bucket, name) => asStorageError(name, () => rm(name, { force: true })),
  signedUrl: async () => undefined,
};

/** Written beside its place and renamed, so that a reader never sees half of it and a crash leaves the old one. */
async function write(name: string, source: Source, { ifAbsent }: WriteOptions): Promise<void> {
  await mkdir(dirname(name), { recursive: true });
  const temporary = join(dirname(name), `${TEMPORARY}${process.pid}-${writes++}`);
  try {
    await pipeline(await openSource(source), createWriteStream(temporary, { flags: 'wx' }));
    if (ifAbsent) await link(temporary, name);
    else await rename(temporary, name);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(name: string, range: ByteRange | undefined): Promise<Readable> {
  const file = await open(name, 'r');
  const { size } = await file.stat();
  const start = Math.min(range?.start ?? 0, size);
  const end = range?.length === undefined ? size : Math.min(start + range.length, size);
  // The end is fixed here: a log that still grows would otherwise never end.
  if (end <= start) {
    await file.close();
    return openSource('');
  }
  return createReadStream(name, { fd: file, start, end: end - 1 });
}

async function info(name: string): Promise<ObjectInfo> {
  const found = await stat(name);
  if (!found.isFile()) throw new CutwaterError('not-found', `${name} is not a file`);
  const packed = !/\.(t?gz|gzip)$/.test(name) && (await isGzip(name));
  const contentType = lookup(name) || undefined;
  return {
    size: found.size,
    updated: found.mtime,
    ...(contentType && { contentType }),
    ...(packed && { contentEncoding: 'gzip' }),
  };
}

async function isGzip(name: string): Promise<boolean> {
  const file = await open(name, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* list(prefix: string, shallow: boolean): AsyncGenerator<ListEntry> {
  const folder = prefix.endsWith('/') ? prefix : `${dirname(prefix)}/`;
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (!path.startsWith(prefix) || entry.name.startsWith(TEMPORARY)) continue;
    if (entry.isDirectory()) {
      if (shallow) yield { path: `${path}/`, folder: true };
      else yield* list(`${path}/`, false);
    } else if (entry.isFile()) {
      const found = await stat(path).catch(() => undefined);
      if (found) yield { path, folder: false, size: found.size, updated: found.mtime };
    }
  }
}

/** In the order in which an object store lists names: as if each folder's name ended in a slash. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const key = (entry: Dirent) => (entry.isDirectory() ? `${entry.name}/` : entry.name);
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return [];
    throw translate(folder, error);
  }
}

async function asStorageError<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(name, error);
  }
}

function translate(name: string, error: unknown): CutwaterError {
  if (error instanceof CutwaterError) return error;
  const code = codeOf(error);
  const text = `${basename(name)}: ${messageOf(error)}`;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CutwaterError('not-found', text, { cause: error });
  if (code === 'EEXIST') return new CutwaterError('conflict', text, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') return new CutwaterError('forbidden', text, { cause: error });
  if (code === 'ENAMETOOLONG' || code === 'EISDIR') return new CutwaterError('invalid', text, { cause: error });
  return new CutwaterError('transient', text, { cause: error });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}
