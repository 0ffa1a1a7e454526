import type { LabelSelector } from '../../core/kube/label-selector.ts';
import type { Logger } from '../../core/log.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import type { Pod, PodBackend } from '../pods/backend.ts';
import type { QueueObserver } from '../queue-metrics.ts';
import type { PlankConfig } from './facts.ts';

/** What the controller works with; everything that touches the world is handed in. */
export interface ControllerPorts {
  store: ProwJobStore;
  pods: PodBackend;
  /** Asked for every decision, so that a reload counts at once. */
  config: () => PlankConfig;
  /** The pod of a job under a build id (`jobs/spec`). What it throws ends the job in error: it would throw again. */
  podFor: (job: ProwJob, buildId: string) => Pod;
  /** The job's `status.url`; the job has its build id already. */
  jobUrl: (job: ProwJob) => string;
  /** A fresh build id for a job name. */
  buildId: (job: string) => Promise<string>;
  /** Of this program: it stands in the pods' label `prow.k8s.io/plank-version`. */
  version: string;
  /** Events of pods that it does not choose wake no job (Prow: --label-selector). */
  podSelector?: LabelSelector;
  /** Who counts what waits and is worked on. */
  observer?: QueueObserver;
  now: () => number;
  log: Logger;
}
