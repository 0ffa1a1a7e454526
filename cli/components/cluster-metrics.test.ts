import { expect, it } from 'vitest';
import { createMetrics } from '../../core/metrics.ts';
import type { BuildCluster } from '../../jobs/pods/backend.ts';
import { registerClusterMetrics } from './cluster-metrics.ts';

it('counts clusters that could not be used, until they can', async () => {
  const registry = createMetrics();
  let clusters: BuildCluster[] = [
    { alias: 'default', status: 'Reachable' },
    { alias: 'moon', status: 'No-Manager', problem: 'connect ECONNREFUSED' },
    { alias: 'mars', status: 'Error', problem: 'it answered before' },
    { alias: '*' },
  ];
  registerClusterMetrics(registry, { clusters: () => clusters });
  const counted = async () =>
    (await registry.getSingleMetricAsString('kubernetes_failed_client_creations')).split('\n').slice(2);
  expect(await counted()).toEqual(['kubernetes_failed_client_creations{cluster="moon"} 1']);
  clusters = [{ alias: 'moon', status: 'Reachable' }];
  expect(await counted()).toEqual([]);
});
