import { messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import type { Storage } from '../../../core/storage/index.ts';
import { isComplete, type ProwJob } from '../../api/prowjob.ts';
import type { Pod } from '../../pods/backend.ts';
import { type Reporter, type ReportOutcome, repositoryShard } from '../reporter.ts';
import { crc32c } from './crc32c.ts';

/** Keeps a pod until we have written down what became of it (Prow: kubernetesreporterapi.FinalizerName). */
export const POD_REPORT_FINALIZER = 'prow.x-k8s.io/gcsk8sreporter';
const ABORTED_NOT_COMPLETE_PAUSE_MS = 10_000;

/** Where pods, their events and their nodes are looked up; undefined for what is not there, or what a backend does not have. */
export interface PodInfoSource {
  pod(cluster: string, name: string): Promise<Pod | undefined>;
  events(cluster: string, pod: Pod): Promise<object[]>;
  node(cluster: string, name: string): Promise<object | undefined>;
  /** Does nothing where the pod is gone, or going. */
  addFinalizer(cluster: string, name: string, finalizer: string): Promise<void>;
  removeFinalizer(cluster: string, name: string, finalizer: string): Promise<void>;
}

export interface PodReporterDependencies {
  storage: Storage;
  /** The folder of the job's run in storage, where it has one. */
  folder(job: ProwJob): string | undefined;
  source: PodInfoSource;
  /** How many of the jobs are reported, 0 to 1 (Prow: --kubernetes-report-fraction). */
  fraction: number;
  log: Logger;
}

/** Writes podinfo.json: the pod as it ended, its events, and its node. Prow: pkg/crier/reporters/gcs/kubernetes. */
export function podReporter(deps: PodReporterDependencies): Reporter {
  return {
    name: 'gcsk8sreporter',
    shardOf: repositoryShard,
    shouldReport: (job) => hadPod(job) && isSampled(job, deps.fraction),
    async report(job): Promise<ReportOutcome> {
      const folder = deps.folder(job);
      const done = { reported: [job] };
      // Without a destination no finalizer either: nobody would take it off again.
      if (folder === undefined) return done;
      if (isComplete(job)) {
        await writePodInfo(job, folder, deps);
        return done;
      }
      if (job.status.state === 'aborted') return { again: { afterMs: ABORTED_NOT_COMPLETE_PAUSE_MS } };
      await deps.source.addFinalizer(clusterOf(job), podName(job), POD_REPORT_FINALIZER);
      return done;
    },
  };
}

function hadPod({ spec, status }: ProwJob): boolean {
  return spec.agent === 'kubernetes' && status.pendingTime !== undefined && Boolean(status.build_id);
}

function isSampled({ metadata }: ProwJob, fraction: number): boolean {
  return fraction >= 1 || crc32c(metadata.name ?? '') <= Math.trunc(0xffffffff * fraction);
}

async function writePodInfo(
  job: ProwJob,
  folder: string,
  { source, storage, log }: PodReporterDependencies,
): Promise<void> {
  const cluster = clusterOf(job);
  // What can not be fetched will not come back (pods are collected): the report goes without it.
  const orNothing = (what: string) => (error: unknown) => {
    log.info({ prowjob: job.metadata.name, what, error: messageOf(error) }, 'could not fetch for podinfo.json');
    return undefined;
  };
  const pod = await source.pod(cluster, podName(job)).catch(orNothing('pod'));
  if (!pod) return;
  const events = (await source.events(cluster, pod).catch(orNothing('events'))) ?? [];
  const { nodeName } = pod.spec;
  const node = nodeName ? await source.node(cluster, nodeName).catch(orNothing('node')) : undefined;
  const report = { pod, ...(events.length > 0 && { events }), ...(node && { node }) };
  await storage.write(`${folder}/podinfo.json`, JSON.stringify(report, null, '\t'), {
    contentType: 'application/json',
  });
  if (pod.metadata.finalizers?.includes(POD_REPORT_FINALIZER)) {
    await source.removeFinalizer(cluster, podName(job), POD_REPORT_FINALIZER);
  }
}

function clusterOf({ spec }: ProwJob): string {
  return spec.cluster || 'default';
}

function podName({ metadata, status }: ProwJob): string {
  return status.pod_name || (metadata.name ?? '');
}
