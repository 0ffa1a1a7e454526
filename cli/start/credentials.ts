import { SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import type { Logger } from '../../core/log.ts';
import { openKubeClusters } from '../components/kube-clusters.ts';
import type { CredentialPlace } from '../github-app/app.ts';
import { clusterSecret, secretName } from '../github-app/cluster-secret.ts';
import { credentialFolder } from '../github-app/folder.ts';
import type { StartFlags } from './flags.ts';

/** Where the App's credentials are: in the data folder, or in the secret that --github-app-secret names. */
export async function placeOf(flags: StartFlags, dataDir: string, log: Logger): Promise<CredentialPlace> {
  const named = flags['github-app-secret'];
  if (named === undefined) return credentialFolder(dataDir);
  const { namespace, name } = secretName(named);
  const clusters = await openKubeClusters(flags, undefined, log);
  return clusterSecret(clusters.client(SERVICE_CLUSTER), namespace, name);
}
