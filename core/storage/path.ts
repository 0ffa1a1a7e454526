import { CutwaterError } from '../errors.ts';

/** Where an object lives. For local paths the bucket is empty and the name is the absolute file name. */
export interface StoragePath {
  provider: 'gs' | 's3' | 'file';
  bucket: string;
  name: string;
}

/** Reads `gs://bucket/a`, `s3://bucket/a`, `file:///a` and `/a`. Throws `invalid` for anything else, and for a path with `..` in it. */
export function parseStoragePath(path: string): StoragePath {
  if (path.split('/').includes('..')) throw invalid(path, 'it holds ".."');
  if (path.includes('\0')) throw invalid(path, 'it holds a zero byte');
  if (path.startsWith('/')) return { provider: 'file', bucket: '', name: path };
  if (path.startsWith('file:///')) return { provider: 'file', bucket: '', name: path.slice('file://'.length) };
  const match = /^(gs|s3):\/\/([^/]+)(?:\/(.*))?$/s.exec(path);
  if (!match) throw invalid(path, 'it is none of gs://bucket/…, s3://bucket/…, file:///… and /…');
  return { provider: match[1] as 'gs' | 's3', bucket: match[2] ?? '', name: match[3] ?? '' };
}

/** A bucket as configuration names it, with its scheme: without one it is on Google Cloud Storage, as in Prow. */
export function bucketUrl(bucket: string): string {
  return /^[a-z0-9]+:\/\//.test(bucket) || bucket.startsWith('/')
    ? bucket.replace(/\/+$/, '')
    : `gs://${bucket.replace(/\/+$/, '')}`;
}

function invalid(path: string, why: string): CutwaterError {
  return new CutwaterError('invalid', `storage path ${JSON.stringify(path)}: ${why}`);
}
