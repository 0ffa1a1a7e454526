import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { CutwaterError, messageOf } from '../../core/errors.ts';

/** The folder of --data-dir, made where it is missing. One that can not be written is a `config` error. */
export function openDataDir(named = '.cutwater'): string {
  const dataDir = path.resolve(named);
  try {
    // Payloads and answers of private repositories are kept here: nobody else on the machine may read them.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new CutwaterError('config', `--data-dir: ${messageOf(error)}`, { cause: error });
  }
  return dataDir;
}
