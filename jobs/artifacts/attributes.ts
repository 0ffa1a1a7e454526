import { lookup, contentType as withCharset } from 'mime-types';
import type { ObjectAttributes } from '../../core/storage/index.ts';

/** Where Go's built-in types differ from the database (Go: mime/type.go). */
const GO_TYPES: Record<string, string> = {
  xml: 'text/xml',
  log: 'text/plain',
  js: 'text/javascript',
  mjs: 'text/javascript',
};

/** The media type of an extension (without its dot): the job's own media types first; empty where nothing is known. */
export function mediaType(extension: string, own: Record<string, string> = {}): string {
  const given = own[extension];
  if (given) return given.startsWith('text/') && !given.includes('charset') ? `${given}; charset=utf-8` : given;
  const found = GO_TYPES[extension] ?? lookup(extension);
  if (!found) return '';
  return found.startsWith('text/') ? withCharset(found) || found : found;
}

/**
 * What an artifact's name says of it, and the name it is stored under: `build.log.gz` is stored as `build.log` with
 * Content-Encoding gzip (Prow: gcs.WriterOptionsFromFileName).
 */
export function attributesFor(
  fileName: string,
  own: Record<string, string> = {},
): { name: string; attributes: ObjectAttributes } {
  const segments = fileName.split('.');
  const last = segments.at(-1) ?? '';
  if (last !== 'gz' && last !== 'gzip') {
    const contentType = mediaType(last, own);
    return { name: fileName, attributes: contentType ? { contentType } : {} };
  }
  const name = segments.length > 1 ? segments.slice(0, -1).join('.') : fileName;
  const contentType = segments.length > 1 ? mediaType(segments.at(-2) ?? '', own) : '';
  if (!contentType) return { name, attributes: { contentType: 'application/gzip' } };
  return { name, attributes: { contentType, contentEncoding: 'gzip' } };
}
