import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CutwaterError, messageOf } from '../errors.ts';
import { type KubeContexts, type KubeTarget, readKubeconfig } from './kubeconfig.ts';

/** The alias of the service cluster, where ProwJobs live (Prow: kube.InClusterContext). */
export const SERVICE_CLUSTER = '';
/** The alias of jobs that name no cluster (Prow: kube.DefaultClusterAlias). */
export const DEFAULT_CLUSTER = 'default';

/** Prow's flags about clusters (Prow: pkg/flagutil/kubernetes_cluster_clients.go). */
export interface KubeOptions {
  /** --kubeconfig */
  kubeconfig?: string | undefined;
  /** --kubeconfig-dir */
  kubeconfigDir?: string | undefined;
  /** --kubeconfig-suffix: only files that end so are read from the folder. */
  kubeconfigSuffix?: string | undefined;
  /** --projected-token-file: the token for the in-cluster configuration. */
  projectedTokenFile?: string | undefined;
  /** --no-in-cluster-config: neither an in-cluster configuration nor aliases made from the current context. */
  noInClusterConfig?: boolean | undefined;
  /** `disabled_clusters` of the configuration: their contexts are left out. */
  disabledClusters?: string[] | undefined;
}

export interface Surroundings {
  env: Record<string, string | undefined>;
  /** Where a pod finds its service account. */
  serviceAccountDir: string;
}

const here: Surroundings = { env: process.env, serviceAccountDir: '/var/run/secrets/kubernetes.io/serviceaccount' };

/** The kubeconfig files that the options name, in the order in which they are read. */
export function kubeconfigFiles(options: KubeOptions, { env }: Surroundings = here): string[] {
  const files = options.kubeconfig ? [options.kubeconfig] : [];
  if (options.kubeconfigDir) files.push(...filesOf(options.kubeconfigDir, options.kubeconfigSuffix ?? ''));
  if (files.length > 0) return files;
  const named = env.KUBECONFIG?.split(delimiter).filter(Boolean);
  return (named ?? [join(env.HOME ?? homedir(), '.kube', 'config')]).filter((file) => existsSync(file));
}

function filesOf(dir: string, suffix: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('..') && entry.name.endsWith(suffix))
      .map(({ name }) => join(dir, name))
      .sort();
  } catch (error) {
    throw new CutwaterError('config', `--kubeconfig-dir: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Every cluster that can be spoken to, by alias: each context by its name, the service cluster as `""`, and `default`
 * (Prow: kube.LoadClusterConfigs). Aliases of the same cluster share one target object. Throws `config`.
 */
export function loadClusters(options: KubeOptions, surroundings: Surroundings = here): Map<string, KubeTarget> {
  if (options.kubeconfigSuffix && !options.kubeconfigDir)
    throw new CutwaterError('usage', '--kubeconfig-dir must be set if --kubeconfig-suffix is set');
  const { targets, current } = readContexts(options, surroundings);
  for (const disabled of options.disabledClusters ?? []) targets.delete(disabled);
  if (options.noInClusterConfig) return targets;
  const local = inCluster(options, surroundings) ?? (current === undefined ? undefined : targets.get(current));
  if (!local)
    throw new CutwaterError(
      'config',
      'no access to a Kubernetes cluster: run inside one, or name a kubeconfig with a current-context (--kubeconfig, KUBECONFIG)',
    );
  targets.set(SERVICE_CLUSTER, local);
  if (!targets.has(DEFAULT_CLUSTER)) targets.set(DEFAULT_CLUSTER, local);
  return targets;
}

function readContexts(options: KubeOptions, surroundings: Surroundings): KubeContexts {
  const files = kubeconfigFiles(options, surroundings);
  if (!options.kubeconfig && !options.kubeconfigDir) return readKubeconfig(files);
  const targets = new Map<string, KubeTarget>();
  let current: string | undefined;
  for (const file of files) {
    const one = readKubeconfig([file]);
    if (one.current && !options.disabledClusters?.includes(one.current)) current = one.current;
    for (const [name, target] of one.targets) {
      if (targets.has(name))
        throw new CutwaterError('config', `${file}: context "${name}" occurs in another kubeconfig file as well`);
      targets.set(name, target);
    }
  }
  return { targets, current };
}

function inCluster(options: KubeOptions, { env, serviceAccountDir }: Surroundings): KubeTarget | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  const tokenFile = options.projectedTokenFile ?? join(serviceAccountDir, 'token');
  if (!host || !port || !existsSync(tokenFile)) return undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    caFile: join(serviceAccountDir, 'ca.crt'),
    skipVerify: false,
    user: { tokenFile },
  };
}
