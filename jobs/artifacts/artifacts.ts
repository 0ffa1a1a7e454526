import { constants, type Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, posix, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Logger } from '../../core/log.ts';

/** Bytes read at a time: measured, larger pieces are slower, since each is fresh memory. */
const CHUNK = 64 * 1024;

/** A file of a job that goes to storage: where it is here, what it is called there, and how big it is now. */
export interface ArtifactFile {
  path: string;
  /** Below the run's folder, with slashes. */
  name: string;
  /** Below the item that was walked: what globs are matched against. */
  relative: string;
  size: number;
}

/**
 * The files under an item: the item itself, or all in the folder, under the folder's name. Links are followed only inside the folder:
 * a test could otherwise have the uploader, which sees more than the test does, publish its credentials. Pipes and devices are left out.
 */
export async function* artifactFiles(item: string, log: Logger): AsyncGenerator<ArtifactFile> {
  let info: Stats;
  let root: string;
  try {
    info = await stat(item);
    root = await realpath(item);
  } catch (error) {
    log.warn({ item, err: error }, 'encountered error in resolving items to upload');
    return;
  }
  const name = basename(item);
  if (!info.isDirectory()) {
    if (info.isFile()) yield { path: root, name, relative: '.', size: info.size };
    return;
  }
  for await (const path of walk(root, log)) {
    const file = await ownFile(root, path);
    if (!file) {
      log.warn({ path }, 'left out an artifact that is no file of its own folder');
      continue;
    }
    const inside = relative(root, path).split(sep).join('/');
    yield { ...file, name: posix.join(name, inside), relative: inside };
  }
}

/** Opens a file as `artifactFiles` found it; a link that was put in its place since is not followed. With `size`, no more than that is read. */
export async function openArtifact(path: string, size?: number, chunk = CHUNK): Promise<Readable> {
  if (size === 0) return Readable.from([]);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
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

async function ownFile(root: string, path: string): Promise<{ path: string; size: number } | undefined> {
  try {
    const target = await realpath(path);
    const inside = target.startsWith(`${root}${sep}`);
    const found = await stat(target);
    return inside && found.isFile() ? { path: target, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}
