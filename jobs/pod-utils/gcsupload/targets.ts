import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Logger } from '../../../core/log.ts';
import { type ObjectAttributes, openSource, type Source } from '../../../core/storage/index.ts';
import { type ArtifactFile, artifactFiles, openOwn } from '../../artifacts/artifacts.ts';
import { attributesFor, mediaType } from '../../artifacts/attributes.ts';
import type { UploadTarget } from '../../artifacts/upload.ts';
import type { Destination } from './destination.ts';
import type { UploadOptions } from './options.ts';

/** What becomes of a file's bytes on their way: the ways to read it, the likeliest first. Censoring puts itself here. */
export type FileSources = (file: ArtifactFile) => Promise<UploadTarget['sources']>;

/** Files below this are not worth compressing (Prow: 1 KB). */
const COMPRESS_FROM_BYTES = 1024;

/** The files as they are. */
export const plainSources: FileSources = async (file) => [() => openOwn(file, file)];

/** The objects for all items: folders with everything in them, and single files. The first of two with the same name wins. */
export async function artifactTargets(
  options: UploadOptions,
  destination: Destination,
  sources: FileSources,
  log: Logger,
): Promise<UploadTarget[]> {
  const targets = new Map<string, UploadTarget>();
  for (const item of options.items ?? []) {
    for await (const file of artifactFiles(item, log)) {
      const { dir, base } = posix.parse(file.name);
      const { name, attributes } = attributesFor(base, options.mediaTypes);
      // "#" can not stand in the name of an object (Prow: escapeFileName, for files in folders).
      const stored = posix.join(dir, name);
      const path = destination.path(file.relative === '.' ? stored : stored.replaceAll('#', '%23'));
      if (targets.has(path)) log.warn({ path }, 'encountered duplicate upload, skipping');
      else targets.set(path, { path, sources: await sources(file), attributes, size: file.size });
    }
  }
  return [...targets.values()];
}

/** Packs a target on its way where compress_file_types names its extension, or `*` (Prow: gcs.shouldCompressFileType). */
export function compressed(
  target: UploadTarget,
  { compress_file_types: types = [], local_output_dir, mediaTypes }: UploadOptions,
): UploadTarget {
  const extension = posix.extname(target.path).slice(1);
  const wanted = types.includes('*') || types.includes(extension);
  const packed =
    target.attributes?.contentEncoding === 'gzip' ||
    /^application\/(x-)?gzip$/.test(target.attributes?.contentType ?? '');
  if (!wanted || packed || local_output_dir || sizeOf(target) <= COMPRESS_FROM_BYTES) return target;
  const attributes: ObjectAttributes = {
    contentType: mediaType(extension, mediaTypes) || 'text/plain; charset=utf-8',
    contentEncoding: 'gzip',
  };
  const [first, ...rest] = target.sources;
  return { path: target.path, sources: [packing(first), ...rest.map(packing)], attributes };
}

function sizeOf({ size, sources: [first] }: UploadTarget): number {
  return size ?? (typeof first === 'function' ? 0 : Buffer.byteLength(first));
}

function packing(source: Source): Source {
  return async () => piped(await openSource(source), createGzip());
}

/** `from` through `through`; an error on either side ends both. */
export function piped<T extends NodeJS.ReadWriteStream & Readable>(from: Readable, through: T): T {
  from.once('error', (error) => through.destroy(error));
  through.once('close', () => from.destroy());
  return from.pipe(through);
}
