import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { ChangedFile, ConfigMapId, KeyUpdate } from '../../core/plugin/index.ts';
import type { Spec, Updater } from './config.ts';

export interface MapUpdate {
  id: ConfigMapId;
  keys: KeyUpdate[];
}

type Change = Pick<ChangedFile, 'path' | 'previousPath' | 'status'>;

/** Which keys of which ConfigMaps the changed files call for, in the files' order (Prow: pkg/plugins/updateconfig, FilterChanges). */
export function updatesFor({ maps, gzip }: Updater, changes: readonly Change[], repo: string): MapUpdate[] {
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

/**
 * The same for all files of a repository at once, so that what a map holds beyond them can go: partitions that no file falls into any more are
 * named as well, and an empty namespace is the default one (Prow: FilterChanges with bootstrap).
 */
export function updatesForAll(updater: Updater, paths: readonly string[], defaultNamespace: string): MapUpdate[] {
  const updates = new Map<string, MapUpdate>();
  const add = ({ id, keys }: MapUpdate) => {
    const place = { ...id, namespace: id.namespace || defaultNamespace };
    const at = JSON.stringify([place.cluster, place.namespace, place.name]);
    updates.set(at, { id: place, keys: [...(updates.get(at)?.keys ?? []), ...keys] });
  };
  const found = updatesFor(
    updater,
    paths.map((path) => ({ path, status: 'added' })),
    '',
  );
  found.forEach(add);
  for (const { clusters, partitioned_names: names } of Object.values(updater.maps)) {
    if (!found.some(({ id }) => names.includes(id.name))) continue;
    for (const [cluster, namespaces] of Object.entries(clusters))
      for (const namespace of namespaces) for (const name of names) add({ id: { cluster, namespace, name }, keys: [] });
  }
  return [...updates.values()];
}

function keysOf(spec: Spec, { path, previousPath, status }: Change, gzip: boolean): KeyUpdate[] {
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
