import { Gauge } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';

/**
 * 1 for each cluster that could not be used since the start, which alerts ask for (Prow: pkg/flagutil/kubernetes_cluster_clients.go). There the count
 * ends with the restart by which Prow takes the cluster up, here as soon as the cluster can be used.
 */
export function registerClusterMetrics(registry: Metrics, pods: Pick<PodBackend, 'clusters'>): void {
  new Gauge({
    name: 'kubernetes_failed_client_creations',
    help: 'The number of clusters for which we failed to create a client.',
    labelNames: ['cluster'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { alias, status } of pods.clusters()) if (status === 'No-Manager') this.set({ cluster: alias }, 1);
    },
  });
}
