import type { Logger } from '../../core/log.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';

/** The store, read only: what would be written is logged, and answered as if it had been. */
export function readOnlyStore(store: ProwJobStore, log: Logger): ProwJobStore {
  return {
    get: (name) => store.get(name),
    list: (filter, page) => store.list(filter, page),
    watch: (resourceVersion, signal, filter) => store.watch(resourceVersion, signal, filter),
    async create(job) {
      log.info({ prowjob: job.metadata.name, job: job.spec.job }, 'Dry run: would create a ProwJob');
      return job;
    },
    async update(name, change) {
      const job = await store.get(name);
      const changed = job && change(structuredClone(job));
      if (!changed) return store.update(name, () => undefined);
      log.info({ prowjob: name, state: changed.status.state }, 'Dry run: would change a ProwJob');
      return changed;
    },
    async delete(name) {
      log.info({ prowjob: name }, 'Dry run: would delete a ProwJob');
    },
  };
}

/** The pods, read only. */
export function readOnlyPods(pods: PodBackend, log: Logger): PodBackend {
  return {
    clusters: () => pods.clusters(),
    get: (cluster, name) => pods.get(cluster, name),
    list: (cluster, labels) => pods.list(cluster, labels),
    watch: (signal) => pods.watch(signal),
    log: (...request) => pods.log(...request),
    close: () => pods.close(),
    async create(cluster, pod) {
      log.info({ cluster, pod: pod.metadata.name }, 'Dry run: would create a pod');
      return pod;
    },
    async delete(cluster, name) {
      log.info({ cluster, pod: name }, 'Dry run: would delete a pod');
    },
    async removeFinalizers(cluster, name, finalizers) {
      log.info({ cluster, pod: name, finalizers }, 'Dry run: would remove finalizers of a pod');
    },
  };
}
