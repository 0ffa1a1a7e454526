import { hasCode } from '../../core/errors.ts';
import type { LogSource } from '../../deck/logs/source.ts';
import { isComplete, type ProwJob } from '../../jobs/api/prowjob.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';

/** The log pages' view of jobs: ProwJobs from the store, logs from where the pods run. */
export function logSource(store: ProwJobStore, pods: PodBackend): LogSource {
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
        if (hasCode(error, 'not-found')) return undefined;
        throw error;
      }
    },
  };
}

/** The job's own container: the only one is called `test`, of several the first is shown. */
function containerOf({ spec }: ProwJob): string {
  const [first, ...others] = spec.pod_spec?.containers ?? [];
  return others.length === 0 ? 'test' : (first?.name ?? 'test');
}
