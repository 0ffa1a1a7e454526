import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { CutwaterError, messageOf } from '../errors.ts';
import { censor } from '../log.ts';
import { openSource } from './source.ts';
import type { BucketProvider, ByteRange, ListEntry, ObjectInfo } from './storage.ts';
import { translator } from './translated.ts';

const translated = translator(statusOf);

/** The S3 credentials file: JSON with Prow's keys (Prow: pkg/io/providers). Without `endpoint` it is AWS. */
interface S3Credentials {
  region?: string;
  endpoint?: string;
  insecure?: boolean;
  s3_force_path_style?: boolean;
  access_key?: string;
  secret_key?: string;
  session_token?: string;
}

/** Objects on S3 or what speaks its protocol. Without a credentials file the AWS SDK looks where it always looks. */
export async function s3Provider(credentialsFile: string | undefined): Promise<BucketProvider> {
  const [sdk, { Upload }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/lib-storage'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  const client = new sdk.S3Client(await clientConfig(credentialsFile));
  return {
    async write(Bucket, Key, source, { contentType, contentEncoding, cacheControl, metadata, ifAbsent }) {
      const Body = await openSource(source);
      const params = {
        Bucket,
        Key,
        Body,
        ...(contentType && { ContentType: contentType }),
        ...(contentEncoding && { ContentEncoding: contentEncoding }),
        ...(cacheControl && { CacheControl: cacheControl }),
        ...(metadata && { Metadata: metadata }),
        ...(ifAbsent && { IfNoneMatch: '*' }),
      };
      const upload = new Upload({ client, params });
      // A source that breaks must end the upload, not leave half an object or hang.
      Body.once('error', () => void upload.abort());
      await translated(Key, () => upload.done()).catch((error) => {
        throw Body.errored ?? error;
      });
    },
    read: (Bucket, Key, range) =>
      translated(Key, async () => {
        const Range = range && rangeHeader(range);
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }));
        return Body as Readable;
      }).catch((error) => emptyPastTheEnd(error)),
    stat: (Bucket, Key) =>
      translated(Key, async (): Promise<ObjectInfo> => {
        const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key }));
        return {
          size: head.ContentLength ?? 0,
          updated: head.LastModified ?? new Date(0),
          contentType: head.ContentType,
          contentEncoding: head.ContentEncoding,
          metadata: head.Metadata,
        };
      }),
    list: (bucket, prefix, shallow) => list(sdk, client, bucket, prefix, shallow),
    delete: (Bucket, Key) =>
      translated(Key, async () => void (await client.send(new sdk.DeleteObjectCommand({ Bucket, Key })))),
    signedUrl: (Bucket, Key, expiresIn) =>
      translated(Key, () => getSignedUrl(client, new sdk.GetObjectCommand({ Bucket, Key }), { expiresIn })),
  };
}

async function clientConfig(credentialsFile: string | undefined): Promise<S3ClientConfig> {
  // Checksums that other servers do not know are left out unless an operation demands them.
  const config: S3ClientConfig = {
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
  if (!credentialsFile) return config;
  const given = await readCredentials(credentialsFile);
  if (given.secret_key) censor(given.secret_key);
  if (given.session_token) censor(given.session_token);
  const endpoint = given.endpoint && withScheme(given.endpoint, given.insecure ?? false);
  return {
    ...config,
    region: given.region || 'us-east-1',
    ...(endpoint && { endpoint }),
    forcePathStyle: given.s3_force_path_style ?? false,
    ...(given.access_key && {
      credentials: {
        accessKeyId: given.access_key,
        secretAccessKey: given.secret_key ?? '',
        ...(given.session_token && { sessionToken: given.session_token }),
      },
    }),
  };
}

async function readCredentials(file: string): Promise<S3Credentials> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as S3Credentials;
  } catch (error) {
    // The parser's own message quotes the file, which is secret.
    const why = error instanceof SyntaxError ? 'it is not JSON' : messageOf(error);
    throw new CutwaterError('config', `S3 credentials file ${file}: ${why}`);
  }
}

function withScheme(endpoint: string, insecure: boolean): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `${insecure ? 'http' : 'https'}://${endpoint}`;
}

async function* list(
  sdk: typeof import('@aws-sdk/client-s3'),
  client: S3Client,
  Bucket: string,
  Prefix: string,
  shallow: boolean,
): AsyncGenerator<ListEntry> {
  const path = (name: string) => `s3://${Bucket}/${name}`;
  let ContinuationToken: string | undefined;
  do {
    const request = {
      Bucket,
      Prefix,
      ...(shallow && { Delimiter: '/' }),
      ...(ContinuationToken && { ContinuationToken }),
    };
    const page = await translated(Prefix, () => client.send(new sdk.ListObjectsV2Command(request)));
    const folders = (page.CommonPrefixes ?? []).map(({ Prefix: name = '' }) => ({ path: path(name), folder: true }));
    const objects = (page.Contents ?? []).map(({ Key = '', Size, LastModified }) => ({
      path: path(Key),
      folder: false,
      size: Size ?? 0,
      ...(LastModified && { updated: LastModified }),
    }));
    yield* [...folders, ...objects].sort((a, b) => (a.path < b.path ? -1 : 1));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}

function rangeHeader({ start, length }: ByteRange): string {
  return `bytes=${start}-${length === undefined ? '' : start + Math.max(length, 1) - 1}`;
}

/** A range that begins behind the last byte holds nothing; the other providers say so, S3 refuses it. */
function emptyPastTheEnd(error: unknown): Promise<Readable> {
  const cause = error instanceof CutwaterError ? error.cause : undefined;
  if (statusOf(cause) === 416) return openSource('');
  throw error;
}

function statusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode ?? 0;
}
