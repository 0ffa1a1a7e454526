import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import { KubeClusters } from '../../core/kube/clusters.ts';
import { SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import type { Logger } from '../../core/log.ts';
import { disabledClusters } from '../../jobs/config/general.ts';
import type { KubeFlags } from './flags.ts';

/** The clusters that the flags name, but for those that the configuration turns off. One of them has to hold ProwJobs, or it is a `config` error. */
export async function openKubeClusters(
  flags: KubeFlags,
  config: Pick<Config, 'get'> | undefined,
  log: Logger,
): Promise<KubeClusters> {
  const clusters = await KubeClusters.open({
    kubeconfig: flags.kubeconfig,
    kubeconfigDir: flags['kubeconfig-dir'],
    kubeconfigSuffix: flags['kubeconfig-suffix'],
    projectedTokenFile: flags['projected-token-file'],
    noInClusterConfig: flags['no-in-cluster-config'],
    disabledClusters: config?.get(disabledClusters),
    log,
  });
  if (clusters.find(SERVICE_CLUSTER)) return clusters;
  clusters.close();
  throw new CutwaterError('config', 'no context of the kubeconfig is named "", which is where ProwJobs live');
}
