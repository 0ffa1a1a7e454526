import { matchesGlob } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { type ArtifactFile, type OwnFile, openOwn } from '../../artifacts/artifacts.ts';
import { type FileSources, piped, plainSources } from '../gcsupload/targets.ts';
import type { Censor } from './censor.ts';
import type { CensoringOptions } from './options.ts';

/** A file's bytes, censored on their way: nothing is changed on the disk, where the test may still be writing. */
export function censoredFile(file: OwnFile, censor: Censor, size?: number): () => Promise<Readable> {
  return async () => {
    const bytes = await openOwn(file, { size, chunk: censor.pieceSize });
    return censor.idle ? bytes : piped(bytes, censor.stream());
  };
}

/** How artifacts are read for upload: censored, also inside gzip archives, except where the globs leave them out. */
export function censoredSources(censor: Censor, options: CensoringOptions): FileSources {
  if (censor.idle) return plainSources;
  return async (file) => {
    if (!shouldCensor(file.relative, options)) return plainSources(file);
    const plain = censoredFile(file, censor, file.size);
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
async function censoredArchive(file: ArtifactFile, censor: Censor): Promise<Readable> {
  const packed = await openOwn(file, { size: file.size, chunk: censor.pieceSize });
  const unpacked = piped(packed, createGunzip());
  const repacked = piped(piped(unpacked, censor.stream()), createGzip());
  const broken = (error: unknown) =>
    repacked.destroy(new CutwaterError('invalid', `not a whole archive: ${messageOf(error)}`));
  unpacked.once('error', broken);
  return repacked;
}

/** What can not be read is none; why, its upload will say. */
async function isGzip(file: ArtifactFile): Promise<boolean> {
  if (file.size < 18) return false;
  try {
    const [begin] = await (await openOwn(file, { size: 2 })).toArray();
    return Buffer.from([0x1f, 0x8b]).equals(begin);
  } catch {
    return false;
  }
}
