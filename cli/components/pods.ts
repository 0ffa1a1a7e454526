import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CutwaterError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import type { Confinement } from '../../jobs/pods/local/confined.ts';
import { openLocalPods } from '../../jobs/pods/local/open.ts';
import type { PlaceFlags } from './flags.ts';

const LAUNCHER = fileURLToPath(new URL('../launch.mjs', import.meta.url));

/** Pods on this machine, run as the flags say. */
export async function openPods(
  flags: Pick<PlaceFlags, 'local-runtime' | 'local-secrets-dir' | 'local-host-access'>,
  dataDir: string,
  log: Logger,
): Promise<PodBackend> {
  const { 'local-runtime': runtime, 'local-secrets-dir': secretsFolder } = flags;
  if (!runtime) {
    const choice = '--local-runtime=podman or docker, or process where you trust all code that jobs run';
    throw new CutwaterError('usage', `say how pods run on this machine: ${choice}`);
  }
  return openLocalPods(runtime, {
    folder: path.join(dataDir, 'pods'),
    utilities: { command: [process.execPath, LAUNCHER] },
    secretsFolder,
    configMapsFolder: secretsFolder,
    hostAccess: flags['local-host-access'],
    log,
  });
}

/** How far jobs are kept from this machine; undefined where nothing keeps them, as plain processes. */
export function confinementOf(
  flags: Pick<PlaceFlags, 'local-runtime' | 'local-repo-secret' | 'local-host-access'>,
): Confinement | undefined {
  if (flags['local-runtime'] === 'process') return undefined;
  return { hostAccess: flags['local-host-access'], repoSecrets: flags['local-repo-secret'] };
}
