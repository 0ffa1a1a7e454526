import { CutwaterError } from '../../../core/errors.ts';
import { createStorage, type Storage } from '../../../core/storage/index.ts';
import type { GCSConfiguration } from '../../api/decoration.ts';
import { type FlagKind, type FlagValue, parseFlags } from '../flags.ts';
import type { Shape } from '../shape.ts';

/** Where a run's files go, as JSON in GCSUPLOAD_OPTIONS, INITUPLOAD_OPTIONS and `gcs_options` (Prow: pkg/gcsupload/options.go). */
export interface UploadOptions extends GCSConfiguration {
  items?: string[];
  sub_dir?: string;
  gcs_credentials_file?: string;
  s3_credentials_file?: string;
  dry_run?: boolean;
}

export const UPLOAD_SHAPE = {
  items: ['string'],
  sub_dir: 'string',
  bucket: 'string',
  path_prefix: 'string',
  path_strategy: 'string',
  default_org: 'string',
  default_repo: 'string',
  mediaTypes: {},
  local_output_dir: 'string',
  compress_file_types: ['string'],
  gcs_credentials_file: 'string',
  s3_credentials_file: 'string',
  dry_run: 'boolean',
} as const satisfies Shape;

/** The uploaders' common flags. */
export const UPLOAD_FLAGS = {
  'sub-dir': 'string',
  'path-strategy': 'string',
  'default-org': 'string',
  'default-repo': 'string',
  'gcs-path': 'string',
  'dry-run': 'bool',
  'media-type': 'list',
  'local-output-dir': 'string',
  'gcs-credentials-file': 'string',
  's3-credentials-file': 'string',
} as const satisfies Record<string, FlagKind>;

/** The options from a command line; what follows the flags are the items. Throws `usage`. */
export function uploadFlags(argv: readonly string[]): UploadOptions {
  const { values, rest } = parseFlags(argv, UPLOAD_FLAGS);
  return { ...uploadOptionsOf(values), items: rest };
}

/** The options that the common flags give. */
export function uploadOptionsOf(values: Partial<Record<keyof typeof UPLOAD_FLAGS, FlagValue>>): UploadOptions {
  const text = (name: keyof typeof UPLOAD_FLAGS) => values[name] as string | undefined;
  const place = /^(gs:\/\/[^/]+)\/?(.*)$/.exec(text('gcs-path') ?? '');
  if (values['gcs-path'] !== undefined && !place)
    throw new CutwaterError('usage', `invalid gcs-path ${text('gcs-path')}`);
  const mediaTypes = ((values['media-type'] as string[] | undefined) ?? [])
    .flatMap((list) => list.split(','))
    .map(mediaType);
  return {
    path_strategy: text('path-strategy') ?? 'explicit',
    dry_run: (values['dry-run'] as boolean | undefined) ?? false,
    ...given('sub_dir', text('sub-dir')),
    ...given('default_org', text('default-org')),
    ...given('default_repo', text('default-repo')),
    ...given('bucket', place?.[1]),
    ...given('path_prefix', place?.[2]),
    ...given('local_output_dir', text('local-output-dir')),
    ...given('gcs_credentials_file', text('gcs-credentials-file')),
    ...given('s3_credentials_file', text('s3-credentials-file')),
    ...(mediaTypes.length > 0 && { mediaTypes: Object.fromEntries(mediaTypes) as Record<string, string> }),
  };
}

/** Throws `usage` with Prow's words where the options can not be followed. */
export function validateUpload(options: UploadOptions): void {
  if (options.local_output_dir) return;
  const refuse = (message: string) => new CutwaterError('usage', `invalid options: ${message}`);
  if (!options.dry_run && !options.bucket) throw refuse('GCS upload was requested no GCS bucket was provided');
  const strategy = options.path_strategy ?? '';
  if (!['legacy', 'explicit', 'single'].includes(strategy)) {
    throw refuse('gcs_path_strategy must be one of "legacy", "explicit", or "single"');
  }
  if (strategy !== 'explicit' && (!options.default_org || !options.default_repo)) {
    throw refuse(`default org and repo must be provided for GCS strategy ${JSON.stringify(strategy)}`);
  }
}

/** Storage with the credentials that the options name; what is tried again is decided by the upload as a whole. */
export function storageFor(options: UploadOptions): Storage {
  return createStorage({
    gcsCredentialsFile: options.gcs_credentials_file,
    s3CredentialsFile: options.s3_credentials_file,
    retries: [],
  });
}

function mediaType(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 0)
    throw new CutwaterError('usage', `invalid extension media type ${JSON.stringify(text)}: missing colon delimiter`);
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function given<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value ? ({ [key]: value } as Record<Key, string>) : {};
}
