import { constants, type Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { CutwaterError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';

/** Bytes read at a time: measured, larger pieces are slower, since each is fresh memory. */
const CHUNK = 64 * 1024;

/** A file that a test wrote. Read through `openOwn` alone: the test may put a link in its place, or in that of a folder above it, at any time. */
export interface OwnFile {
  path: string;
  /** The folder that it has to lie in, links resolved. */
  root: string;
}

/** A file of a job that goes to storage: where it is here, what it is called there, and how big it is now. */
export interface ArtifactFile extends OwnFile {
  /** Below the run's folder, with slashes. */
  name: string;
  /** Below the item that was walked: what globs are matched against. */
  relative: string;
  size: number;
}

/**
 * The files under an item: the item itself, or all in the folder, under the folder's name. Links are followed only inside the folder, and
 * from an item that is one only to its neighbours: a test could otherwise have the uploader, which sees more than the test does, publish
 * its credentials. Pipes and devices are left out.
 */
export async function* artifactFiles(item: string, log: Logger): AsyncGenerator<ArtifactFile> {
  let info: Stats;
  let root: string;
  let home: string;
  try {
    info = await stat(item);
    root = await realpath(item);
    home = await realpath(dirname(item));
  } catch (error) {
    log.warn({ item, err: error }, 'encountered error in resolving items to upload');
    return;
  }
  if (!isInside(home, root)) {
    log.warn({ item }, 'left out an item that is a link to somewhere else');
    return;
  }
  const name = basename(item);
  if (!info.isDirectory()) {
    if (info.isFile()) yield { path: root, root: home, name, relative: '.', size: info.size };
    return;
  }
  for await (const path of walk(root, log)) {
    const file = await fileInside(root, path);
    if (!file) {
      log.warn({ path }, 'left out an artifact that is no file of its own folder');
      continue;
    }
    const inside = relative(root, path).split(sep).join('/');
    yield { ...file, root, name: posix.join(name, inside), relative: inside };
  }
}

/** A file that may lead no further than its neighbours. */
export async function ownFile(path: string): Promise<OwnFile> {
  return { path, root: await realpath(dirname(path)) };
}

/** Reads a file that a test wrote; with `size`, no more than that. Throws `invalid` where it is no file, or leads out of its root. */
export async function openOwn(
  { path, root }: OwnFile,
  { size, chunk = CHUNK }: { size?: number | undefined; chunk?: number | undefined } = {},
): Promise<Readable> {
  if (size === 0) return Readable.from([]);
  // A pipe is not waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    // What was opened, not what stands at its path by now. Only Linux can tell.
    const actual = await realpath(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
    if (!isInside(root, actual) || !(await file.stat()).isFile())
      throw new CutwaterError('invalid', `${path} is no file of ${root}`);
  } catch (error) {
    await file.close();
    throw error;
  }
  // Thousands of small files are not worth a large buffer each.
  const highWaterMark = Math.min(size ?? chunk, chunk);
  return file.createReadStream({ highWaterMark, ...(size !== undefined && { start: 0, end: size - 1 }) });
}

/** Every name under the folder that is no folder, in order. */
async function* walk(folder: string, log: Logger): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    log.warn({ folder, err: error }, 'could not read a folder of artifacts');
    return [];
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, log);
    else yield path;
  }
}

async function fileInside(root: string, path: string): Promise<{ path: string; size: number } | undefined> {
  try {
    const target = await realpath(path);
    const found = await stat(target);
    return isInside(root, target) && found.isFile() ? { path: target, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder === sep ? sep : `${folder}${sep}`);
}
