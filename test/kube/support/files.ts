import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';

/** A kubeconfig of one context for each target; the first is the current one. JSON is YAML. */
export function kubeconfigText(targets: Record<string, KubeTarget>): string {
  const entries = Object.entries(targets);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(([name, { server, caFile, ca, skipVerify }]) => ({
      name,
      cluster: {
        server,
        ...(caFile ? { 'certificate-authority': caFile } : {}),
        ...(ca ? { 'certificate-authority-data': Buffer.from(ca).toString('base64') } : {}),
        'insecure-skip-tls-verify': skipVerify,
      },
    })),
    users: entries.map(([name, { user }]) => ({ name, user })),
    contexts: entries.map(([name, { namespace }]) => ({ name, context: { cluster: name, user: name, namespace } })),
    'current-context': entries[0]?.[0],
  });
}

/** A folder for a test's files. */
export async function temporaryFolder(): Promise<{
  path: string;
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'cutwater-kube-files-'));
  return {
    path,
    async write(name, text) {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
