import { posix } from 'node:path';
import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

const Names = z.array(z.string()).default([]);

const Spec = z.object({
  name: z.string().default(''),
  /** Several maps that share the keys between them, because one holds 1 MB at most. */
  partitioned_names: Names,
  key: z.string().default(''),
  gzip: z.boolean().optional(),
  /** Cluster to namespaces; an empty namespace is that of the ProwJobs. */
  clusters: z.record(z.string(), z.array(z.string())).default({}),
  cluster_groups: Names,
  use_full_path_as_key: z.boolean().default(false),
  allowed_repos: Names,
  denied_repos: Names,
});
export type Spec = z.output<typeof Spec>;

/** Section `config_updater` of plugins.yaml: by glob, the ConfigMap that files go into (Prow: pkg/plugins/config.go, ConfigUpdater). */
const ConfigUpdater = z.object({
  cluster_groups: z.record(z.string(), z.object({ clusters: Names, namespaces: Names })).default({}),
  maps: z.record(z.string(), Spec).default({}),
  gzip: z.boolean().default(false),
});
type ConfigUpdater = z.output<typeof ConfigUpdater>;

/** With every spec's clusters filled in. */
export type Updater = Pick<ConfigUpdater, 'maps' | 'gzip'>;

const USUAL = { 'config/prow/config.yaml': { name: 'config' }, 'config/prow/plugins.yaml': { name: 'plugins' } };
const MAX_PARTITIONS = 256;

export const configUpdaterSettings = globalSettings<ConfigUpdater, Updater>('config_updater', ConfigUpdater, {
  describe: ({ maps }) =>
    Object.keys(maps).length === 0 ? '' : `Files matching these globs are updated: ${Object.keys(maps).join(', ')}.`,
  finish(settings, view, file) {
    const given = Object.keys(settings.maps).length > 0;
    const maps = given ? settings.maps : ConfigUpdater.parse({ maps: USUAL }).maps;
    for (const { glob, message } of problemsOf(maps, settings.cluster_groups))
      view.problem(file, ['config_updater', 'maps', glob], message);
    const resolved = Object.entries(maps).map(([glob, spec]) => [
      glob,
      { ...spec, clusters: clustersOf(spec, settings) },
    ]);
    return { gzip: settings.gzip, maps: Object.fromEntries(resolved) };
  },
});

function clustersOf(spec: Spec, { cluster_groups: groups }: ConfigUpdater): Spec['clusters'] {
  if (Object.keys(spec.clusters).length > 0) return spec.clusters;
  if (spec.cluster_groups.length === 0) return { default: [''] };
  const clusters: Spec['clusters'] = {};
  for (const { clusters: names, namespaces } of spec.cluster_groups.flatMap((name) => groups[name] ?? []))
    for (const name of names) clusters[name] = [...(clusters[name] ?? []), ...namespaces];
  return clusters;
}

function problemsOf(
  maps: ConfigUpdater['maps'],
  groups: ConfigUpdater['cluster_groups'],
): { glob: string; message: string }[] {
  const keys = new Set<string>();
  return Object.entries(maps).flatMap(([glob, spec]) => {
    const name = spec.name || spec.partitioned_names.join(',');
    const key = spec.key || posix.basename(glob);
    const targets = Object.entries(spec.clusters).flatMap(([cluster, namespaces]) =>
      namespaces.map((namespace) => JSON.stringify([cluster, namespace, name, key])),
    );
    const twice = targets.some((target) => keys.has(target));
    for (const target of targets) keys.add(target);
    const wrong = [
      spec.name !== '' && spec.partitioned_names.length > 0 && "'name' and 'partitioned_names' are mutually exclusive",
      spec.partitioned_names.length > MAX_PARTITIONS && `at most ${MAX_PARTITIONS} partitions are supported`,
      twice && `key ${key} in configmap ${name} updated with more than one file`,
      targets.length > 0 && spec.cluster_groups.length > 0 && 'contains both clusters and cluster_groups',
      ...spec.cluster_groups.map((group) => !(group in groups) && `references inexistent cluster group named ${group}`),
    ];
    return wrong.flatMap((message) => (message ? [{ glob, message }] : []));
  });
}
