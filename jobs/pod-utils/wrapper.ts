import { CutwaterError } from '../../core/errors.ts';
import type { Shape } from './shape.ts';

/** How one test process is wrapped: where entrypoint writes and sidecar reads (Prow: pkg/pod-utils/wrapper/options.go). */
export interface WrapperOptions {
  args?: string[] | undefined;
  container_name?: string | undefined;
  process_log: string;
  marker_file: string;
  metadata_file?: string | undefined;
}

export const WRAPPER_SHAPE = {
  args: ['string'],
  container_name: 'string',
  process_log: 'string',
  marker_file: 'string',
  metadata_file: 'string',
} as const satisfies Shape;

/** Entrypoint could not start the process, or the process ran out of time. */
export const INTERNAL_ERROR_CODE = 127;
/** Entrypoint was told to stop. */
export const ABORTED_ERROR_CODE = 130;
/** The step before this one failed, so this one did not run. */
export const PREVIOUS_ERROR_CODE = 1130;

/** Throws `usage` with Prow's words where the options are incomplete. */
export function validateWrapper(options: WrapperOptions): void {
  if (!options.process_log)
    throw new CutwaterError('usage', 'invalid options: no log file specified with --process-log');
  if (!options.marker_file)
    throw new CutwaterError('usage', 'invalid options: no marker file specified with --marker-file');
}
