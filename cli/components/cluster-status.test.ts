import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Config } from '../../core/config/config.ts';
import { createLogger } from '../../core/log.ts';
import { createStorage } from '../../core/storage/index.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import { clusterStatuses, runClusterStatus } from './cluster-status.ts';

const clusters: PodBackend['clusters'] = () => [
  { alias: 'default', status: 'Reachable' },
  { alias: 'build', status: 'MissingPermissions', problem: 'no right to create pods' },
];

it('leaves out what is no cluster', () => {
  expect(clusterStatuses({ clusters: () => [{ alias: '*' }] })).toEqual({});
});

it('keeps the file that plank names up to date', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'status-'));
  const file = path.join(folder, 'clusters.json');
  const config = () => ({ get: () => ({ build_cluster_status_file: file }) }) as unknown as Config;
  const pods = { clusters } as PodBackend;
  const log = createLogger('test', 'silent');
  const running = runClusterStatus({ config, pods, dryRun: false, log, storage: createStorage(), intervalMs: 5 });
  const written = await vi.waitFor(async () => JSON.parse(await readFile(file, 'utf8')) as unknown, 30_000);
  await running.stop(0);
  expect(Object.entries(written as object)).toEqual([
    ['build', 'MissingPermissions'],
    ['default', 'Reachable'],
  ]);
  await rm(folder, { recursive: true });
});
