import type { KubeClient } from '../../../core/kube/client.ts';

/** What the controller does with pods (Prow: plank.RequiredTestPodVerbs). */
const VERBS = ['create', 'delete', 'list', 'watch', 'get', 'patch'];

interface AccessReview {
  status: { allowed: boolean };
}

/** The verbs on pods that we are not allowed in the namespace (Prow: flagutil.CheckAuthorizations). */
export async function missingVerbs(client: KubeClient, namespace: string): Promise<string[]> {
  const answers = await Promise.all(
    VERBS.map(async (verb) => {
      const { status } = await client.request<AccessReview>({
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: { spec: { resourceAttributes: { namespace, verb, resource: 'pods' } } },
      });
      return { verb, allowed: status.allowed };
    }),
  );
  return answers.filter(({ allowed }) => !allowed).map(({ verb }) => verb);
}
