import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadAll } from 'js-yaml';
import { hasCode } from '../../../core/errors.ts';
import { createKubeClient, type KubeClient } from '../../../core/kube/client.ts';
import { loadClusters } from '../../../core/kube/contexts.ts';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';
import { type ApiServer, startApiServer } from './api-server.ts';

/** The cluster of one test file. */
export interface TestCluster {
  target: KubeTarget;
  /** As an administrator. */
  admin: KubeClient;
  /** Only where the suite started the API server itself. */
  apiServer: ApiServer | undefined;
  /** A namespace of its own, gone when the cluster is closed. */
  namespace(prefix: string): Promise<string>;
  close(): Promise<void>;
}

const CRD = new URL('../../../deploy/crd/prowjob-crd.yaml', import.meta.url);

/** An API server of our own where KUBEBUILDER_ASSETS is set, else the cluster that KUBECONFIG names; ProwJobs are known to it. */
export async function openCluster(
  { assets }: { assets: string | undefined } = { assets: process.env.KUBEBUILDER_ASSETS },
): Promise<TestCluster> {
  const apiServer = assets ? await startApiServer(assets) : undefined;
  const target = apiServer?.target ?? loadClusters({}).get('');
  if (!target) throw new Error('no cluster');
  const admin = createKubeClient(target);
  await applyFile(admin, CRD);
  await established(admin);
  const namespaces: string[] = [];
  return {
    target,
    admin,
    apiServer,
    async namespace(prefix) {
      const name = `${prefix}-${randomBytes(3).toString('hex')}`;
      await admin.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
      namespaces.push(name);
      return name;
    },
    async close() {
      if (!apiServer)
        for (const name of namespaces) await admin.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
      admin.close();
      await apiServer?.stop();
    },
  };
}

/** What `kubectl apply --server-side -f FILE` does, for the kinds in deploy/. `edit` may change an object first. */
export async function applyFile(
  client: KubeClient,
  file: URL,
  edit: (object: Manifest) => Manifest = (object) => object,
): Promise<void> {
  for (const object of loadAll(await readFile(file, 'utf8')) as Manifest[]) await apply(client, edit(object));
}

/** The object with the namespaces of our manifests exchanged for a test's own. */
export function inNamespaces(object: Manifest, places: Record<string, string>): Manifest {
  const text = JSON.stringify(object).replace(
    /"namespace":"([^"]+)"/g,
    (_, name: string) => `"namespace":"${places[name] ?? name}"`,
  );
  return JSON.parse(text) as Manifest;
}

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

export async function apply(client: KubeClient, object: Manifest): Promise<void> {
  const root = object.apiVersion === 'v1' ? '/api/v1' : `/apis/${object.apiVersion}`;
  const scope = object.metadata.namespace ? `/namespaces/${object.metadata.namespace}` : '';
  const plural = object.kind.toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se');
  await client.request({
    method: 'PATCH',
    path: `${root}${scope}/${plural}s/${object.metadata.name}`,
    query: { fieldManager: 'cutwater-test', force: true },
    body: object,
    contentType: 'application/apply-patch+yaml',
  });
}

async function established(admin: KubeClient): Promise<void> {
  for (;;) {
    try {
      await admin.request({ path: '/apis/prow.k8s.io/v1/namespaces/default/prowjobs', query: { limit: 1 } });
      return;
    } catch (error) {
      if (!hasCode(error, 'not-found')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The same cluster as somebody else: only what `user` may do is done. */
export function actingAs(target: KubeTarget, user: string): KubeTarget {
  return { ...target, user: { ...target.user, as: user } };
}
