import { createGunzip } from 'node:zlib';
import { hasCode } from '../../core/errors.ts';
import type { LogSource } from '../../deck/logs/source.ts';
import { isComplete, type ProwJob } from '../../jobs/api/prowjob.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import { piped } from '../../jobs/pod-utils/gcsupload/targets.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import type { Results } from '../components/results.ts';

/** The log pages' view of jobs: ProwJobs from the store, logs from where the pods run, and once those are gone from where the results are. */
export function logSource(store: ProwJobStore, pods: PodBackend, results: Results): LogSource {
  return {
    async list({ limit, after }) {
      const { items, next } = await store.list({}, { limit, ...(after && { after }) });
      return { jobs: items, ...(next && { next }) };
    },
    async get(job, buildId) {
      const { items } = await store.list({ job, buildId }, { limit: 1 });
      return items[0];
    },
    async log(job, { from, follow, signal, container = containerOf(job) }) {
      const { cluster = 'default' } = job.spec;
      const name = job.status.pod_name ?? job.metadata.name ?? '';
      try {
        const stream = await pods.log(cluster, name, container, { from, follow: follow && !isComplete(job) });
        signal.addEventListener('abort', () => stream.destroy(), { once: true });
        return stream;
      } catch (error) {
        if (hasCode(error, 'not-found')) return storedLog(job, container, from, results);
        throw error;
      }
    },
  };
}

/** What the sidecar uploaded, from byte `from` of the log on; undefined where there is nothing. */
async function storedLog(job: ProwJob, container: string, from: number, { storage, folder }: Results) {
  const run = folder(job);
  if (run === undefined) return undefined;
  const several = (job.spec.pod_spec?.containers.length ?? 0) > 1;
  const path = `${run}/${several ? `${container}-build-log.txt` : 'build-log.txt'}`;
  try {
    const { contentEncoding } = await storage.stat(path);
    if (contentEncoding !== 'gzip') return await storage.read(path, { start: from });
    return behind(piped(await storage.read(path), createGunzip()), from);
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}

async function* behind(bytes: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array> {
  let left = from;
  for await (const chunk of bytes) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** The job's own container: the only one is called `test`, of several the first is shown. */
function containerOf({ spec }: ProwJob): string {
  const [first, ...others] = spec.pod_spec?.containers ?? [];
  return others.length === 0 ? 'test' : (first?.name ?? 'test');
}
