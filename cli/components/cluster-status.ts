import { bucketUrl, type Storage } from '../../core/storage/index.ts';
import { plank } from '../../jobs/config/plank.ts';
import { pause } from '../../jobs/pause.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import type { JobsContext, Running } from './context.ts';

const INTERVAL_MS = 60_000;

/** Each cluster's alias, in their order, with how it can be used. Pods on this machine need no cluster. */
export function clusterStatuses(pods: Pick<PodBackend, 'clusters'>): Record<string, string> {
  const known = pods.clusters().flatMap(({ alias, status }): [string, string][] => (status ? [[alias, status]] : []));
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes plank.build_cluster_status_file once a minute, where it is named; checkconfig and people read it (Prow: syncClusterStatus). */
export function runClusterStatus({
  config,
  pods,
  dryRun,
  log,
  storage,
  intervalMs = INTERVAL_MS,
}: Pick<JobsContext, 'config' | 'pods' | 'dryRun' | 'log'> & { storage: Storage; intervalMs?: number }): Running {
  const stopping = new AbortController();
  const run = (async () => {
    for (;;) {
      await pause(intervalMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const file = config().get(plank).build_cluster_status_file;
      if (!file || dryRun) continue;
      const text = JSON.stringify(clusterStatuses(pods));
      await storage
        .write(bucketUrl(file), text, { contentType: 'application/json', cacheControl: 'no-cache' })
        .catch((error: unknown) => log.error({ err: error, file }, 'Error writing cluster status info'));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await run;
    },
  };
}
