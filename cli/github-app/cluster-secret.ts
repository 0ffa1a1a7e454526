import { CutwaterError, hasCode } from '../../core/errors.ts';
import type { KubeClient } from '../../core/kube/client.ts';
import { pathOf, type ResourceKind } from '../../core/kube/paths.ts';
import { AppCredentials, type CredentialPlace } from './app.ts';

const SECRETS: ResourceKind = { group: '', version: 'v1', plural: 'secrets' };

/** The keys of the secret. Those that Prow's manifests mount have Prow's names: `appid`, `cert`, `hmac`. */
const KEYS = {
  id: 'appid',
  privateKey: 'cert',
  webhookSecret: 'hmac',
  slug: 'slug',
  name: 'name',
  owner: 'owner',
  url: 'url',
  clientId: 'client-id',
  clientSecret: 'client-secret',
  webhookProxy: 'webhook-proxy',
} as const satisfies Record<keyof AppCredentials, string>;

interface Secret {
  data?: Record<string, string>;
}

/** The namespace and name in `NAMESPACE/NAME`, as --github-app-secret has them. Throws `usage`. */
export function secretName(text: string): { namespace: string; name: string } {
  const [, namespace, name] = /^([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9.-]*)$/.exec(text) ?? [];
  if (!namespace || !name) throw new CutwaterError('usage', `--github-app-secret: ${text} is not NAMESPACE/NAME`);
  return { namespace, name };
}

/** Credentials in a secret of the cluster where ProwJobs live. */
export function clusterSecret(client: Pick<KubeClient, 'request'>, namespace: string, name: string): CredentialPlace {
  const title = `the secret ${namespace}/${name}`;
  return {
    name: title,
    async load() {
      try {
        const { data = {} } = await client.request<Secret>({ path: pathOf(SECRETS, namespace, name) });
        return decode(data, title);
      } catch (error) {
        if (hasCode(error, 'not-found')) return undefined;
        throw error;
      }
    },
    async save(credentials) {
      const body = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'cutwater' } },
        type: 'Opaque',
        stringData: encode(credentials),
      };
      await client.request({ method: 'POST', path: pathOf(SECRETS, namespace), body });
    },
  };
}

function encode(credentials: AppCredentials): Record<string, string> {
  const entries = Object.entries(KEYS).map(([key, name]) => [name, credentials[key as keyof AppCredentials]]);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, `${value}`]),
  );
}

function decode(data: Record<string, string>, title: string): AppCredentials {
  const text = (name: string): string | undefined =>
    data[name] === undefined ? undefined : Buffer.from(data[name], 'base64').toString().trim();
  const found = Object.fromEntries(Object.entries(KEYS).map(([key, name]) => [key, text(name)]));
  const parsed = AppCredentials.safeParse({ ...found, id: Number(found.id) });
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path: [key] }) => KEYS[key as keyof AppCredentials]);
  throw new CutwaterError('config', `${title} lacks ${missing.join(', ')}`);
}
