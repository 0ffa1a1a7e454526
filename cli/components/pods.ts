import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CutwaterError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import { LocalPods } from '../../jobs/pods/local/index.ts';
import { processRuntime } from '../../jobs/pods/local/runtime-process.ts';
import type { StartFlags } from '../start/flags.ts';

const LAUNCHER = fileURLToPath(new URL('../launch.mjs', import.meta.url));

type PodFlags = Pick<StartFlags, 'pods' | 'local-runtime' | 'local-secrets-dir'>;

/** Where pods run, as the flags say. */
export async function openPods(flags: PodFlags, dataDir: string, log: Logger): Promise<PodBackend> {
  const runtime = flags['local-runtime'];
  if (runtime !== 'process') throw new CutwaterError('usage', `--local-runtime=${runtime} cannot be had here`);
  const secretsFolder = flags['local-secrets-dir'];
  return LocalPods.open({
    folder: path.join(dataDir, 'pods'),
    runtime: processRuntime({ utilities: { command: [process.execPath, LAUNCHER] } }),
    secretsFolder,
    configMapsFolder: secretsFolder,
    log,
  });
}
