import { CutwaterError } from '../../../core/errors.ts';
import { parseFlags } from '../flags.ts';
import type { Shape } from '../shape.ts';
import { validateWrapper, WRAPPER_SHAPE, type WrapperOptions } from '../wrapper.ts';

/** Entrypoint's options, as JSON in ENTRYPOINT_OPTIONS; times in nanoseconds, 0 for the default (Prow: pkg/entrypoint/options.go). */
export interface EntrypointOptions extends WrapperOptions {
  timeout?: number | undefined;
  grace_period?: number | undefined;
  artifact_dir?: string | undefined;
  previous_marker?: string | undefined;
  always_zero?: boolean | undefined;
  propagate_error_code?: boolean | undefined;
  copy_mode_only?: boolean | undefined;
  copy_dst?: string | undefined;
}

export const ENTRYPOINT_SHAPE = {
  ...WRAPPER_SHAPE,
  timeout: 'number',
  grace_period: 'number',
  artifact_dir: 'string',
  previous_marker: 'string',
  always_zero: 'boolean',
  propagate_error_code: 'boolean',
  copy_mode_only: 'boolean',
  copy_dst: 'string',
} as const satisfies Shape;

export const DEFAULT_TIMEOUT_NS = 7200e9;
export const DEFAULT_GRACE_PERIOD_NS = 15e9;

/** The options from entrypoint's command line; what follows the flags is the process to wrap. Throws `usage`. */
export function entrypointFlags(argv: readonly string[]): EntrypointOptions {
  const { values, rest } = parseFlags(argv, {
    timeout: 'duration',
    'grace-period': 'duration',
    'artifact-dir': 'string',
    'copy-mode-only': 'bool',
    'copy-destination': 'string',
    'propagate-error-code': 'bool',
    'process-log': 'string',
    'marker-file': 'string',
    'metadata-file': 'string',
  });
  return {
    args: rest,
    timeout: values.timeout as number | undefined,
    grace_period: values['grace-period'] as number | undefined,
    artifact_dir: values['artifact-dir'] as string | undefined,
    copy_mode_only: values['copy-mode-only'] as boolean | undefined,
    copy_dst: values['copy-destination'] as string | undefined,
    propagate_error_code: values['propagate-error-code'] as boolean | undefined,
    process_log: (values['process-log'] as string | undefined) ?? '',
    marker_file: (values['marker-file'] as string | undefined) ?? '',
    metadata_file: values['metadata-file'] as string | undefined,
  };
}

/** Throws `usage` with Prow's words where the options can not be followed. */
export function validateEntrypoint(options: EntrypointOptions): void {
  if (!options.args?.length) throw new CutwaterError('usage', 'invalid options: no process to wrap specified');
  if (options.propagate_error_code && options.always_zero) {
    throw new CutwaterError('usage', 'invalid options: cannot propagate error code and always exit zero');
  }
  validateWrapper(options);
}
