import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../errors.ts';
import { localProvider } from './local.ts';
import { parseStoragePath } from './path.ts';
import type { BucketProvider, Storage, WriteOptions } from './storage.ts';

export { bucketUrl } from './path.ts';
export { openSource, textOf } from './source.ts';
export type { ListEntry, ObjectAttributes, Source, Storage } from './storage.ts';

/** Files with credentials, where the providers' own places for them are not meant. */
export interface StorageOptions {
  gcsCredentialsFile?: string | undefined;
  s3CredentialsFile?: string | undefined;
  /** Pauses in milliseconds before a write or a request is tried again after a transient failure. */
  retries?: readonly number[] | undefined;
}

/** Prow's pauses between the four attempts of an upload. */
const RETRIES: readonly number[] = [1000, 4000, 9000];

/** Storage for every kind of path; a provider's library is loaded when the first path of its kind is used. */
export function createStorage(options: StorageOptions = {}): Storage {
  const providers = new Map<string, Promise<BucketProvider>>();
  const open: Record<'gs' | 's3' | 'file', () => Promise<BucketProvider>> = {
    file: async () => localProvider,
    s3: async () => (await import('./s3.ts')).s3Provider(options.s3CredentialsFile),
    gs: async () => (await import('./gcs.ts')).gcsProvider(options.gcsCredentialsFile),
  };
  async function at(path: string) {
    const { provider: kind, bucket, name } = parseStoragePath(path);
    const provider = providers.get(kind) ?? open[kind]();
    providers.set(kind, provider);
    return { provider: await provider, bucket, name };
  }
  const again = <T>(work: () => Promise<T>) => withRetries(work, options.retries ?? RETRIES);
  return {
    write: (path, source, writeOptions: WriteOptions = {}) =>
      again(async () => {
        const { provider, bucket, name } = await at(path);
        await provider.write(bucket, name, source, writeOptions);
      }),
    read: (path, range) =>
      again(async () => {
        const { provider, bucket, name } = await at(path);
        return provider.read(bucket, name, range);
      }),
    stat: (path) =>
      again(async () => {
        const { provider, bucket, name } = await at(path);
        return provider.stat(bucket, name);
      }),
    async *list(prefix, { shallow = false } = {}) {
      const { provider, bucket, name } = await at(prefix);
      yield* provider.list(bucket, name, shallow);
    },
    delete: (path) =>
      again(async () => {
        const { provider, bucket, name } = await at(path);
        await provider.delete(bucket, name);
      }),
    async signedUrl(path, seconds) {
      const { provider, bucket, name } = await at(path);
      return provider.signedUrl(bucket, name, seconds);
    },
  };
}

async function withRetries<T>(work: () => Promise<T>, pauses: readonly number[]): Promise<T> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, 'transient')) throw error;
      await sleep(pause);
    }
  }
  return work();
}
