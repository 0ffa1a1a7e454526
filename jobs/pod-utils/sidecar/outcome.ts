import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { textOf } from '../../../core/storage/index.ts';
import { openOwn } from '../../artifacts/artifacts.ts';
import type { MarkerResult } from '../markers.ts';
import { ABORTED_ERROR_CODE, PREVIOUS_ERROR_CODE, type WrapperOptions } from '../wrapper.ts';

/** More than this no metadata file may hold: it becomes part of a small file that many read. */
const METADATA_BYTES = 1024 * 1024;

/** How the test processes ended, taken together. */
export interface Outcome {
  passed: boolean;
  aborted: boolean;
  failures: number;
}

/** Passed only where all passed; a step that did not run because of an earlier one is no failure of its own (Prow: sidecar.wait). */
export function outcomeOf(results: Iterable<MarkerResult>): Outcome {
  const all = [...results];
  return {
    passed: all.every(({ code, error }) => error === undefined && code === 0),
    aborted: all.some(({ code }) => code === ABORTED_ERROR_CODE),
    failures: all.filter(({ code }) => code !== 0 && code !== PREVIOUS_ERROR_CODE).length,
  };
}

/** SUCCESS, ABORTED or FAILURE, as finished.json has it. */
export function resultOf({ passed, aborted }: Pick<Outcome, 'passed' | 'aborted'>): 'SUCCESS' | 'ABORTED' | 'FAILURE' {
  if (passed) return 'SUCCESS';
  return aborted ? 'ABORTED' : 'FAILURE';
}

/** What the jobs say of themselves in their metadata files, later ones first in doubt; what can not be read stands under `sidecar-errors`. */
export async function combineMetadata(entries: readonly WrapperOptions[]): Promise<Record<string, unknown>> {
  const combined: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const [index, { metadata_file: file, process_log: log, args }] of entries.entries()) {
    if (!file) continue;
    try {
      const piece: unknown = JSON.parse(await readMetadata(file, dirname(log)));
      if (typeof piece !== 'object' || piece === null || Array.isArray(piece))
        throw new Error('it is not a JSON object');
      Object.assign(combined, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      errors[`entry ${index}: ${(args ?? []).join(' ')}`] = messageOf(error);
    }
  }
  return Object.keys(errors).length > 0 ? { ...combined, 'sidecar-errors': errors } : combined;
}

/** Links may lead no further than the volume of the logs: what else this process sees is not for everybody. */
async function readMetadata(path: string, volume: string): Promise<string> {
  const text = await textOf(await openOwn({ path, root: await realpath(volume) }, { size: METADATA_BYTES + 1 }));
  if (text.length > METADATA_BYTES) throw new Error(`it is longer than ${METADATA_BYTES} bytes`);
  return text;
}
