import type { Readable } from 'node:stream';

/** What an object carries beside its bytes. The local folder keeps none of it. */
export interface ObjectAttributes {
  contentType?: string | undefined;
  contentEncoding?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

export interface WriteOptions extends ObjectAttributes {
  /** What browsers and proxies may keep of it. */
  cacheControl?: string | undefined;
  /** Throws `conflict`, and writes nothing, where the object exists already. */
  ifAbsent?: boolean | undefined;
  /** How many bytes there will be, where that is known: small objects are written in one request. */
  size?: number | undefined;
}

export interface ObjectInfo extends ObjectAttributes {
  /** Bytes as stored, compressed ones included. */
  size: number;
  updated: Date;
}

/** A line of a listing: an object, or with `folder` what several names share up to the next slash (ending in it). */
export interface ListEntry {
  path: string;
  folder: boolean;
  size?: number;
  updated?: Date;
}

/** First byte, and how many; without `length` to the end. */
export interface ByteRange {
  start: number;
  length?: number | undefined;
}

/** What is written: bytes, or a function that opens them, anew for every attempt. */
export type Source = string | Uint8Array | (() => Readable | Promise<Readable>);

/**
 * Objects under paths such as `gs://bucket/a/b`, `s3://bucket/a/b`, `file:///a/b` and `/a/b`.
 * Errors are CutwaterError: `not-found`, `conflict`, `forbidden`, `invalid` (a path or a request that can not be), `transient`.
 */
export interface Storage {
  /** Replaces the object; it appears whole or not at all. */
  write(path: string, source: Source, options?: WriteOptions): Promise<void>;
  /** The bytes as stored. */
  read(path: string, range?: ByteRange): Promise<Readable>;
  stat(path: string): Promise<ObjectInfo>;
  /** Objects whose path begins with `prefix`, in order; with `shallow` only down to the next slash, the rest as folders. */
  list(prefix: string, options?: { shallow?: boolean }): AsyncIterable<ListEntry>;
  /** Deleting what is not there is done. */
  delete(path: string): Promise<void>;
  /** An address that serves the object to anyone for so long; undefined where the provider has no such thing. */
  signedUrl(path: string, expiresInSeconds: number): Promise<string | undefined>;
}

/** One bucket provider: what Storage does, in terms of a bucket and an object's name. */
export interface BucketProvider {
  write(bucket: string, name: string, source: Source, options: WriteOptions): Promise<void>;
  read(bucket: string, name: string, range: ByteRange | undefined): Promise<Readable>;
  stat(bucket: string, name: string): Promise<ObjectInfo>;
  list(bucket: string, prefix: string, shallow: boolean): AsyncIterable<ListEntry>;
  delete(bucket: string, name: string): Promise<void>;
  signedUrl(bucket: string, name: string, expiresInSeconds: number): Promise<string | undefined>;
}
