import { CutwaterError } from '../../../core/errors.ts';
import { UPLOAD_SHAPE, type UploadOptions, uploadFlags, validateUpload } from '../gcsupload/options.ts';
import type { Shape } from '../shape.ts';
import { validateWrapper, WRAPPER_SHAPE, type WrapperOptions } from '../wrapper.ts';

/** How output is censored before it is uploaded (Prow: pkg/sidecar/options.go). */
export interface CensoringOptions {
  secret_directories?: string[];
  /** Files censored side by side: 10 unless given. */
  censoring_concurrency?: number;
  /** Bytes read at a time; 64 KiB unless given, which holds secrets of any size, unlike Prow's buffer. */
  censoring_buffer_size?: number;
  include_directories?: string[];
  exclude_directories?: string[];
  ini_filenames?: string[];
  minimum_secret_length?: number;
}

const CENSORING_SHAPE = {
  secret_directories: ['string'],
  censoring_concurrency: 'number',
  censoring_buffer_size: 'number',
  include_directories: ['string'],
  exclude_directories: ['string'],
  ini_filenames: ['string'],
  minimum_secret_length: 'number',
} as const satisfies Shape;

export const SIDECAR_SHAPE = {
  gcs_options: UPLOAD_SHAPE,
  wrapper_options: WRAPPER_SHAPE,
  entries: [WRAPPER_SHAPE],
  entry_error: 'boolean',
  ignore_interrupts: 'boolean',
  censoring_options: CENSORING_SHAPE,
  secret_directories: ['string'],
  censoring_concurrency: 'number',
  censoring_buffer_size: 'number',
} as const satisfies Shape;

/** Sidecar's options, as JSON in SIDECAR_OPTIONS (Prow: pkg/sidecar/options.go). */
export interface SidecarOptions {
  gcs_options: UploadOptions;
  wrapper_options?: WrapperOptions;
  entries?: WrapperOptions[];
  /** Exit code 1 where a test container failed. */
  entry_error?: boolean;
  ignore_interrupts?: boolean;
  censoring_options?: CensoringOptions;
  /** The three names that censoring_options had before. */
  secret_directories?: string[];
  censoring_concurrency?: number;
  censoring_buffer_size?: number;
}

/** The options from sidecar's command line, which knows nothing but where to upload. */
export function sidecarFlags(argv: readonly string[]): SidecarOptions {
  return { gcs_options: uploadFlags(argv) };
}

/** The processes to wait for. */
export function entriesOf(options: SidecarOptions): WrapperOptions[] {
  return [...(options.wrapper_options ? [options.wrapper_options] : []), ...(options.entries ?? [])];
}

/** The options with the older names of the censoring ones taken over. Throws `usage` with Prow's words where they can not be followed. */
export function validateSidecar(options: SidecarOptions): SidecarOptions {
  const { secret_directories, censoring_concurrency, censoring_buffer_size } = options;
  const older = {
    ...(secret_directories && { secret_directories }),
    ...(censoring_concurrency !== undefined && { censoring_concurrency }),
    ...(censoring_buffer_size !== undefined && { censoring_buffer_size }),
  };
  const outdated = Object.keys(older).length > 0;
  if (outdated && options.censoring_options) {
    throw new CutwaterError(
      'usage',
      'invalid options: cannot use deprecated options (secret_directories, censoring_{concurrency,buffer_size}) and new options (censoring_options) at the same time',
    );
  }
  const entries = entriesOf(options);
  if (entries.length === 0) throw new CutwaterError('usage', 'invalid options: no wrapper.Option entries');
  for (const entry of entries) validateWrapper(entry);
  validateUpload(options.gcs_options ?? {});
  return outdated ? { ...options, censoring_options: older } : options;
}
