import type { Config } from '../../core/config/config.ts';
import { CutwaterError, hasCode } from '../../core/errors.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { pathOf, type ResourceKind } from '../../core/kube/paths.ts';
import type { ConfigMap, ConfigMapAccess, ConfigMapId } from '../../core/ports/config-maps.ts';
import { prowjobNamespace } from '../../jobs/config/general.ts';

const CONFIG_MAPS: ResourceKind = { group: '', version: 'v1', plural: 'configmaps' };

interface Wiring {
  config(): Config;
  /** Absent where the program knows no cluster: then no ConfigMap is anywhere. */
  clusters: KubeClusters | undefined;
  dryRun: boolean;
}

/** The ConfigMaps of the clusters that the program knows, for config-updater. */
export function configMapAccess({ config, clusters, dryRun }: Wiring): ConfigMapAccess {
  function client({ cluster }: ConfigMapId) {
    if (!clusters?.find(cluster)) throw new CutwaterError('not-found', `no cluster "${cluster}" is known here`);
    return clusters.client(cluster);
  }
  return {
    defaultNamespace: () => config().get(prowjobNamespace),
    async get(id) {
      try {
        return await client(id).request<ConfigMap>({ path: pathOf(CONFIG_MAPS, id.namespace, id.name) });
      } catch (error) {
        if (hasCode(error, 'not-found') && clusters?.find(id.cluster)) return undefined;
        throw error;
      }
    },
    async put(id, map) {
      if (dryRun) return;
      const known = map.metadata.resourceVersion !== undefined;
      const body = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        ...map,
        metadata: { ...map.metadata, name: id.name, namespace: id.namespace },
      };
      await client(id).request({
        method: known ? 'PUT' : 'POST',
        path: known ? pathOf(CONFIG_MAPS, id.namespace, id.name) : pathOf(CONFIG_MAPS, id.namespace),
        body,
      });
    },
  };
}
