import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { KubeClusters } from './clusters.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clusters-'));
  await writeFile(join(folder, 'token'), 'secret');
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ['no kubeconfig at all', undefined],
  ['an empty folder of kubeconfigs', 'kubeconfigs'],
])('a pod with %s works in its own cluster', async (_, name) => {
  const kubeconfigDir = name && (await mkdtemp(join(folder, name)));
  const clusters = await KubeClusters.open({
    kubeconfigDir,
    log: createLogger('test', 'silent'),
    surroundings: {
      env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443', HOME: folder },
      serviceAccountDir: folder,
    },
  });
  expect(clusters.all().map(({ aliases, client }) => [aliases, client.server])).toEqual([
    [['', 'default'], 'https://10.0.0.1:443'],
  ]);
  clusters.close();
});
