import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { ChangedFile, ConfigMapId, KeyUpdate } from '../../core/plugin/index.ts';
import type { Spec, Updater } from './config.ts';

export interface MapUpdate {
  id: ConfigMapId;
  keys: KeyUpdate[];
}

/** Which keys of which ConfigMaps the changed files call for, in the files' order (Prow: pkg/plugins/updateconfig, FilterChanges). */
export function updatesFor({ maps, gzip }: Updater, changes: readonly ChangedFile[], repo: string): MapUpdate[] {
  const updates = new Map<string, MapUpdate>();
  const globs = Object.entries(maps).map(([glob, spec]) => ({ matches: picomatch(glob, { dot: true }), spec }));
  for (const change of changes) {
    const spec = globs.find(({ matches }) => matches(change.path))?.spec;
    if (!spec || !mayUpdate(spec, repo)) continue;
    const keys = keysOf(spec, change, spec.gzip ?? gzip);
    for (const [cluster, namespaces] of Object.entries(spec.clusters)) {
      for (const namespace of namespaces) {
        for (const key of keys) {
          const id = { cluster, namespace, name: mapFor(spec, key.key) };
          const place = JSON.stringify([cluster, namespace, id.name]);
          const update = updates.get(place) ?? { id, keys: [] };
          update.keys.push(key);
          updates.set(place, update);
        }
      }
    }
  }
  return [...updates.values()];
}

function keysOf(spec: Spec, { path, previousPath, status }: ChangedFile, gzip: boolean): KeyUpdate[] {
  const nameOf = (file: string) => (spec.use_full_path_as_key ? file.replaceAll('/', '-') : posix.basename(file));
  const key = spec.key || nameOf(path);
  const now: KeyUpdate = status === 'removed' ? { key } : { key, path, gzip };
  if (spec.key !== '' || status !== 'renamed' || previousPath === undefined) return [now];
  return [{ key: nameOf(previousPath) }, now];
}

/** The map that holds a key: its name, or the partition that the key's hash falls into. */
function mapFor({ name, partitioned_names: names }: Spec, key: string): string {
  const [first = 0] = createHash('sha256').update(key).digest();
  return names[first % names.length] ?? name;
}

function mayUpdate({ allowed_repos, denied_repos }: Spec, repo: string): boolean {
  const places = [repo, repo.split('/')[0] ?? ''];
  if (denied_repos.some((place) => places.includes(place))) return false;
  return allowed_repos.length === 0 || allowed_repos.some((place) => places.includes(place));
}
