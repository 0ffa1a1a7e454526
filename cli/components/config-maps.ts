import { Gauge } from 'prom-client';
import type { Config } from '../../core/config/config.ts';
import { CutwaterError, hasCode } from '../../core/errors.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { DEFAULT_CLUSTER, SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import { pathOf, type ResourceKind } from '../../core/kube/paths.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ConfigMap, ConfigMapAccess, ConfigMapId } from '../../core/ports/config-maps.ts';
import { prowjobNamespace } from '../../jobs/config/general.ts';

const CONFIG_MAPS: ResourceKind = { group: '', version: 'v1', plural: 'configmaps' };

interface Wiring {
  config(): Config;
  /** Absent where the program knows no cluster: then no ConfigMap is anywhere. */
  clusters: KubeClusters | undefined;
  dryRun: boolean;
  registry?: Metrics | undefined;
}

/** The ConfigMaps of the clusters that the program knows, for config-updater. */
export function configMapAccess({ config, clusters, dryRun, registry }: Wiring): ConfigMapAccess {
  const size = registry && sizeGauge(registry);
  // The default one is where we run, even if jobs without a cluster run elsewhere (Prow: updateconfig, GetConfigMapClient).
  const aliasOf = ({ cluster }: ConfigMapId) => (cluster === DEFAULT_CLUSTER ? SERVICE_CLUSTER : cluster);
  function client(id: ConfigMapId) {
    if (!clusters?.find(aliasOf(id))) throw new CutwaterError('not-found', `no cluster "${id.cluster}" is known here`);
    return clusters.client(aliasOf(id));
  }
  return {
    defaultNamespace: () => config().get(prowjobNamespace),
    async get(id) {
      try {
        return await client(id).request<ConfigMap>({ path: pathOf(CONFIG_MAPS, id.namespace, id.name) });
      } catch (error) {
        if (hasCode(error, 'not-found') && clusters?.find(aliasOf(id))) return undefined;
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
      size?.set({ name: id.name, namespace: id.namespace }, bytesOf(map));
    },
  };
}

/** Prow: pkg/plugins/plugins.go. */
function sizeGauge(registry: Metrics) {
  return new Gauge({
    name: 'prow_configmap_size_bytes',
    help: 'Size of data fields in ConfigMaps updated automatically by Prow in bytes.',
    labelNames: ['name', 'namespace'],
    registers: [registry],
  });
}

function bytesOf({ data = {}, binaryData = {} }: ConfigMap): number {
  const texts = Object.values(data).map((text) => Buffer.byteLength(text));
  const others = Object.values(binaryData).map((base64) => Buffer.byteLength(base64, 'base64'));
  return [...texts, ...others].reduce((sum, bytes) => sum + bytes, 0);
}
