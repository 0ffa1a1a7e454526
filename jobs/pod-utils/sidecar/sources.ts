import { open } from 'node:fs/promises';
import { matchesGlob } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { type ArtifactFile, openArtifact } from '../../artifacts/artifacts.ts';
import { type FileSources, piped, plainSources } from '../gcsupload/targets.ts';
import type { Censor } from './censor.ts';
import type { CensoringOptions } from './options.ts';

/** A file's bytes, censored on their way: nothing is changed on the disk, where the test may still be writing. */
export function censoredFile(path: string, censor: Censor, size?: number): () => Promise<Readable> {
  return async () => {
    const file = await openArtifact(path, size, censor.pieceSize);
    return censor.idle ? file : piped(file, censor.stream());
  };
}

/** How artifacts are read for upload: censored, also inside gzip archives, except where the globs leave them out. */
export function censoredSources(censor: Censor, options: CensoringOptions): FileSources {
  if (censor.idle) return plainSources;
  return async (file) => {
    if (!shouldCensor(file.relative, options)) return plainSources(file);
    const plain = censoredFile(file.path, censor, file.size);
    // A file that only looks like gzip is censored as it is.
    return (await isGzip(file)) ? [() => censoredArchive(file, censor), plain] : [plain];
  };
}

/** Whether the globs include the path, which is relative to the artifact folder; an exclusion wins (Prow: sidecar.shouldCensor). */
function shouldCensor(
  path: string,
  { include_directories: include = [], exclude_directories: exclude = [] }: CensoringOptions,
): boolean {
  const matches = (glob: string) => matchesGlob(path, glob);
  if (exclude.some(matches)) return false;
  return include.length === 0 || include.some(matches);
}

/** Unpacked, censored, packed again. Replacements are as long as what they replace, so an archive inside stays whole. */
async function censoredArchive({ path, size }: ArtifactFile, censor: Censor): Promise<Readable> {
  const packed = await openArtifact(path, size, censor.pieceSize);
  const unpacked = piped(packed, createGunzip());
  const repacked = piped(piped(unpacked, censor.stream()), createGzip());
  const broken = (error: unknown) =>
    repacked.destroy(new CutwaterError('invalid', `not a whole archive: ${messageOf(error)}`));
  unpacked.once('error', broken);
  return repacked;
}

async function isGzip({ path, size }: ArtifactFile): Promise<boolean> {
  if (size < 18) return false;
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
