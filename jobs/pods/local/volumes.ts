import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { V1Container, V1KeyToPath, V1Volume } from '@kubernetes/client-node';
import { CutwaterError } from '../../../core/errors.ts';
import type { Pod } from '../backend.ts';
import type { PodFolders } from './folders.ts';
import type { Keys } from './keys.ts';

/** A volume as a container sees it, and where it lies here. */
export interface Mount {
  containerPath: string;
  hostPath: string;
  readOnly: boolean;
}

const SECRET_MODE = 0o644;

/** Makes the pod's volumes: emptyDirs as empty folders, secrets and config maps as files. Throws `not-found` where one of those is not there. */
export async function makeVolumes(
  pod: Pod,
  folders: PodFolders,
  sources: { secrets: Keys; configMaps: Keys },
): Promise<void> {
  for (const volume of pod.spec.volumes ?? []) {
    const path = volumePath(volume, folders);
    const { secret, configMap, hostPath } = volume;
    if (hostPath) {
      if (hostPath.type === 'DirectoryOrCreate') await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(path, { recursive: true });
    // Whatever user a container runs as; the folder above keeps the rest of the machine out.
    await chmod(path, 0o777);
    if (!secret && !configMap) continue;
    const { optional, items, defaultMode } = secret ?? configMap ?? {};
    const keys = secret ? sources.secrets(secret.secretName ?? '') : sources.configMaps(configMap?.name ?? '');
    const found = await keys.catch((error: unknown) => {
      if (!optional) throw error;
      return new Map<string, Buffer>();
    });
    await writeKeys(path, found, items, defaultMode ?? SECRET_MODE, volume.name);
  }
}

/** Where a container's volumes are mounted, the longest path first, so that a path inside two of them belongs to the inner one. */
export function mountsOf(pod: Pod, container: V1Container, folders: PodFolders): Mount[] {
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return (container.volumeMounts ?? [])
    .flatMap(({ name, mountPath, subPath, readOnly }) => {
      const volume = volumes.get(name);
      if (!volume) return [];
      const hostPath = join(volumePath(volume, folders), subPath ?? '');
      const containerPath = normalize(mountPath).replace(/(.)\/$/, '$1');
      return [{ containerPath, hostPath, readOnly: readOnly ?? Boolean(volume.secret ?? volume.configMap) }];
    })
    .sort((a, b) => b.containerPath.length - a.containerPath.length);
}

function volumePath({ name, hostPath }: V1Volume, folders: PodFolders): string {
  return hostPath ? hostPath.path : join(folders.volumes, name);
}

async function writeKeys(
  folder: string,
  keys: Map<string, Buffer>,
  items: V1KeyToPath[] | undefined,
  defaultMode: number,
  volume: string,
): Promise<void> {
  const wanted = items ?? [...keys.keys()].map((key) => ({ key, path: key }));
  for (const { key, path, mode } of wanted as V1KeyToPath[]) {
    const value = keys.get(key);
    if (!value) throw new CutwaterError('not-found', `volume ${volume}: references non-existent secret key: ${key}`);
    const target = join(folder, path);
    if (path.split('/').includes('..'))
      throw new CutwaterError('invalid', `volume ${volume}: path ${path} leads out of it`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, value, { mode: 0o600 });
    await chmod(target, mode ?? defaultMode);
  }
}
