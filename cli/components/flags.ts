import { boolFlag, choiceFlag, type FlagValues, intFlag, listFlag, stringFlag } from '../../core/flags.ts';

/** Further listeners of one program, which are there only where they are given (Prow: pkg/flagutil/instrumentation.go). */
export const instrumentationFlags = {
  'metrics-port': intFlag('a further listener for /metrics'),
  'health-port': intFlag('a further listener for /healthz'),
  'pprof-port': intFlag('a further listener for /debug/pprof'),
};

/** Which clusters there are and how they are reached (Prow: pkg/flagutil/kubernetes_cluster_clients.go). */
export const kubeFlags = {
  kubeconfig: stringFlag('clusters and how to reach them', 'FILE'),
  'kubeconfig-dir': stringFlag('a folder of kubeconfig files', 'DIR'),
  'kubeconfig-suffix': stringFlag('how the names of such files end', 'SUFFIX'),
  'projected-token-file': stringFlag('the token of the in-cluster configuration', 'FILE'),
  'no-in-cluster-config': boolFlag(
    'use the contexts of the kubeconfig alone; one of them has to be named "" for ProwJobs',
  ),
};
export type KubeFlags = FlagValues<typeof kubeFlags>;

/** Where ProwJobs live and pods run. */
export const placeFlags = {
  ...kubeFlags,
  prowjobs: choiceFlag(
    'where ProwJobs live (kubernetes where pods are there, embedded otherwise)',
    ['embedded', 'kubernetes'],
    undefined,
  ),
  pods: choiceFlag(
    'where the pods of jobs run (kubernetes with a kubeconfig or inside a cluster, local with --local-runtime)',
    ['local', 'kubernetes'],
    undefined,
  ),
  'local-runtime': choiceFlag(
    'how local pods run: as plain processes (never for code that you do not trust), or in containers',
    ['process', 'podman', 'docker'],
    undefined,
  ),
  'local-secrets-dir': stringFlag('secrets and config maps for local pods: one folder each, one file a key', 'DIR'),
  'local-repo-secret': listFlag(
    'a secret of --local-secrets-dir that jobs in containers may name that repositories declare; may be repeated',
    'NAME',
  ),
  'local-host-access': boolFlag(
    'let jobs in podman or docker containers reach this machine: hostPath, privileged, host networks, local clones',
  ),
};
export type PlaceFlags = FlagValues<typeof placeFlags>;

/** How storage is reached (Prow: pkg/flagutil/storage.go). */
export const storageFlags = {
  'gcs-credentials-file': stringFlag(
    "the key of a Google service account, where its library's own places are not meant",
    'FILE',
  ),
  's3-credentials-file': stringFlag('credentials for S3, as JSON', 'FILE'),
};

/** Which repositories a component looks after (Prow: pkg/flagutil/github_enablement.go). */
export const enablementFlags = {
  'github-enabled-org': listFlag('look after this organization; where any is enabled, others are left alone', 'ORG'),
  'github-enabled-repo': listFlag('look after this repository', 'ORG/REPO'),
  'github-disabled-org': listFlag('leave this organization alone', 'ORG'),
  'github-disabled-repo': listFlag('leave this repository alone', 'ORG/REPO'),
};
