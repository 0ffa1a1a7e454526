import { hasCode, messageOf } from '../../../core/errors.ts';
import type { KubeClient } from '../../../core/kube/client.ts';
import { SERVICE_CLUSTER } from '../../../core/kube/contexts.ts';
import { podNamespace, prowjobNamespace } from '../../../jobs/config/general.ts';
import type { PlaceFlags } from '../../components/flags.ts';
import { openKubeClusters } from '../../components/kube-clusters.ts';
import { CONTROLLER_LEASE, SINKER_LEASE, STATUS_RECONCILER_LEASE } from '../../components/leading.ts';
import { type PlaceKind, placeKind } from '../../components/places.ts';
import { type Finding, failure, ok, skipped } from '../finding.ts';
import type { Check } from '../patient.ts';

const CHECK = 'cluster';

/** What somebody may do in one namespace, as a rule of a Role has it. */
export interface Right {
  group: string;
  resource: string;
  verbs: readonly string[];
  /** Of one object alone. */
  name?: string;
}

/** In the namespace of ProwJobs, where they live in the cluster (deploy/overlays/components/rbac.yaml, taken together). */
export const PROWJOB_RIGHTS: readonly Right[] = [
  { group: 'prow.k8s.io', resource: 'prowjobs', verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'] },
  { group: 'coordination.k8s.io', resource: 'leases', verbs: ['create'] },
  ...[CONTROLLER_LEASE, SINKER_LEASE, STATUS_RECONCILER_LEASE].map((name) => ({
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'update'],
    name,
  })),
];

/** In the namespace of pods, of every build cluster (deploy/overlays/build-cluster). */
export const POD_RIGHTS: readonly Right[] = [
  { group: '', resource: 'pods', verbs: ['get', 'list', 'watch', 'create', 'delete', 'patch'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'events', verbs: ['list'] },
];

/** Whether the clusters answer, know ProwJobs, and let us do what controllers do. */
export const cluster: Check = {
  name: CHECK,
  fix: 'check --kubeconfig, and that this machine reaches the API server',
  async look({ flags, config, log }) {
    const kind = kindOf(flags);
    if (typeof kind === 'string') return [failure(CHECK, kind, 'give one of these flags')];
    const onKubernetes = kind.pods === 'kubernetes' || kind.prowjobs === 'kubernetes';
    if (!onKubernetes) return [skipped(CHECK, 'jobs and pods are on this machine')];
    if (!config) return [skipped(CHECK, 'the configuration names its namespaces: mend that first')];
    const clusters = await openKubeClusters(flags, config, log);
    const looks: Promise<Finding[]>[] = [];
    if (kind.prowjobs === 'kubernetes') {
      const client = clusters.client(SERVICE_CLUSTER);
      looks.push(crd(client), rights('the cluster of ProwJobs', client, config.get(prowjobNamespace), PROWJOB_RIGHTS));
    }
    for (const { aliases, client } of kind.pods === 'kubernetes' ? clusters.all() : []) {
      const names = aliases.filter((name) => name !== SERVICE_CLUSTER);
      if (names.length > 0)
        looks.push(rights(`build cluster ${names.join(', ')}`, client, config.get(podNamespace), POD_RIGHTS));
    }
    const findings = (await Promise.all(looks)).flat();
    clusters.close();
    return findings;
  },
};

/** Where jobs and pods are, or what is wrong with the flags that say so. */
function kindOf(flags: PlaceFlags): PlaceKind | string {
  try {
    return placeKind(flags, process.env.KUBERNETES_SERVICE_HOST !== undefined);
  } catch (error) {
    if (hasCode(error, 'usage')) return error.message;
    throw error;
  }
}

async function crd(client: KubeClient): Promise<Finding[]> {
  try {
    await client.request({ path: '/apis/prow.k8s.io/v1' });
    return [ok(CHECK, 'ProwJobs are known')];
  } catch (error) {
    if (!hasCode(error, 'not-found')) return [failure(CHECK, messageOf(error), cluster.fix)];
    return [failure(CHECK, 'the cluster does not know ProwJobs', 'kubectl apply --server-side -f deploy/crd')];
  }
}

/** Asks the API server what we may do, verb by verb. */
export async function rights(
  name: string,
  client: Pick<KubeClient, 'request'>,
  namespace: string,
  wanted: readonly Right[],
): Promise<Finding[]> {
  const asked = wanted.flatMap(({ verbs, ...about }) => verbs.map((verb) => ({ ...about, verb })));
  try {
    const allowed = await Promise.all(asked.map((one) => mayWe(client, namespace, one)));
    const missing = asked.filter((_one, index) => !allowed[index]);
    if (missing.length === 0) return [ok(CHECK, `${name}: all rights in ${namespace}`)];
    const byResource = Map.groupBy(missing, ({ resource }) => resource);
    const text = [...byResource].map(([resource, those]) => `${those.map(({ verb }) => verb).join(', ')} ${resource}`);
    return [
      failure(
        CHECK,
        `${name}: may not ${text.join('; ')} in ${namespace}`,
        'apply the roles of deploy/, or add these verbs to your own',
      ),
    ];
  } catch (error) {
    return [failure(CHECK, `${name}: ${messageOf(error)}`, cluster.fix)];
  }
}

async function mayWe(
  client: Pick<KubeClient, 'request'>,
  namespace: string,
  { group, resource, verb, name }: Omit<Right, 'verbs'> & { verb: string },
): Promise<boolean> {
  const [main, subresource] = resource.split('/');
  const { status } = await client.request<{ status: { allowed: boolean } }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          namespace,
          group,
          verb,
          resource: main,
          ...(subresource && { subresource }),
          ...(name && { name }),
        },
      },
    },
  });
  return status.allowed;
}
