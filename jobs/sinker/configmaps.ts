import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Gauge } from 'prom-client';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';

const INTERVAL = 5 * 60_000;

/** `job_configmap_size`: the bytes of each config map that is mounted at or under the job configuration's path, every five minutes (Prow: jobConfigMapMonitor). */
export function watchConfigMapSizes(
  path: string,
  { metrics, log }: { metrics: Metrics; log: Logger },
): { stop(): void } {
  const size = new Gauge({
    name: 'job_configmap_size',
    help: 'Size of ConfigMap storing central job configuration files (gzipped) in bytes.',
    labelNames: ['name'],
    registers: [metrics],
  });
  const measure = async () => {
    for (const [name, bytes] of await configMapSizes(path)) size.set({ name }, bytes);
  };
  const round = () =>
    void measure().catch((error: unknown) => log.error({ err: error, dir: path }, 'could not resolve ConfigMap dirs'));
  round();
  const timer = setInterval(round, INTERVAL);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Bytes by folder. A mounted config map is a folder whose `..data` links to its files of the day; other folders hold several of them. A single file counts as well. */
export async function configMapSizes(path: string): Promise<Map<string, number>> {
  const found = await stat(path);
  if (found.isFile()) return new Map([[path, found.size]]);
  const isMounted = (folder: string) => stat(join(folder, '..data')).then(Boolean, () => false);
  const folders = (await isMounted(path))
    ? [path]
    : (await readdir(path, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(path, name));
  const sizes = new Map<string, number>();
  for (const folder of folders) if (await isMounted(folder)) sizes.set(folder, await bytesIn(folder));
  return sizes;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((total, size) => total + size, 0);
}
