import { hasCode } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { CREATED_BY_PROW, JOB_ID } from '../api/labels.ts';
import type { ProwJobStore } from '../api/store.ts';
import { pause } from '../pause.ts';
import { type Pod, type PodBackend, REPORTER_FINALIZER } from '../pods/backend.ts';
import { pagesOf } from '../store/pages.ts';
import { count, emptyTally, reasonOf, sinkerMetrics, type Tally } from './metrics.ts';
import { agedJobs, type JobTrace, judgePod, type SinkerConfig, traceOf } from './rules.ts';

export interface SinkerPorts {
  store: ProwJobStore;
  pods: PodBackend;
  config: () => SinkerConfig;
  /** Names of the periodics that are configured. */
  periodics: () => ReadonlySet<string>;
  /** Looks, and changes nothing: neither pods nor jobs (Prow's spares pods alone). */
  dryRun: boolean;
  now: () => number;
  log: Logger;
}

/**
 * One pass over all jobs and pods (Prow: cmd/sinker). What can not be removed is logged, counted and left to the next pass; so is what is left when `signal`
 * aborts, since by then another replica may clean.
 */
export async function clean(ports: SinkerPorts, signal?: AbortSignal): Promise<Tally> {
  const { store, config, periodics, now } = ports;
  const tally = emptyTally();
  const begin = now();
  const traces = await traceAll(store);
  tally.jobs = traces.length;
  for (const { name, reason } of agedJobs(traces, periodics(), config().max_prowjob_age, now())) {
    if (signal?.aborted) break;
    await attempt(ports, { removed: tally.jobsRemoved, errors: tally.jobErrors }, reason, { prowjob: name }, () =>
      store.delete(name),
    );
  }
  const jobs = new Map(traces.map((trace) => [trace.name, trace]));
  for (const { alias, problem } of ports.pods.clusters()) {
    if (signal?.aborted) break;
    if (config().exclude_clusters.includes(alias)) continue;
    if (problem === undefined) await cleanCluster(ports, alias, jobs, tally, signal);
    else ports.log.warn({ cluster: alias, problem }, 'cluster left out: it can not be reached');
  }
  tally.seconds = (now() - begin) / 1000;
  ports.log.info({ jobs: tally.jobs, pods: tally.pods, seconds: tally.seconds }, 'sinker reconciliation complete');
  return tally;
}

async function traceAll(store: ProwJobStore): Promise<JobTrace[]> {
  const traces: JobTrace[] = [];
  for await (const { items } of pagesOf(store)) traces.push(...items.map(traceOf));
  return traces;
}

async function cleanCluster(
  ports: SinkerPorts,
  cluster: string,
  jobs: ReadonlyMap<string, JobTrace>,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<void> {
  let pods: Pod[];
  try {
    pods = await ports.pods.list(cluster, { [CREATED_BY_PROW]: 'true' });
  } catch (error) {
    ports.log.error({ err: error, cluster }, 'error listing pods');
    return;
  }
  tally.pods += pods.length;
  for (const pod of pods) {
    if (signal?.aborted) return;
    await cleanPod(ports, cluster, pod, jobs, tally);
  }
}

async function cleanPod(
  ports: SinkerPorts,
  cluster: string,
  pod: Pod,
  jobs: ReadonlyMap<string, JobTrace>,
  tally: Tally,
): Promise<void> {
  const { pods, config, now, dryRun, log } = ports;
  const { name = '', labels } = pod.metadata;
  const job = labels?.[JOB_ID] ?? name;
  const trace = jobs.get(job) ?? (await lateTrace(ports, job));
  if (trace === 'not known') return;
  const { remove, releaseFinalizer } = judgePod(pod, trace, config(), now());
  if (releaseFinalizer && !dryRun) {
    await pods.removeFinalizers(cluster, name, [REPORTER_FINALIZER]).catch((error: unknown) => {
      log.error({ err: error, cluster, pod: name }, 'failed to remove kubernetesreporter finalizer');
    });
  }
  if (remove === undefined) return;
  const counts = { removed: tally.podsRemoved, errors: tally.podErrors };
  await attempt(ports, counts, remove, { cluster, pod: name, pj: job }, () => pods.delete(cluster, name));
}

/** The list may be older than the pod: a job that is not in it is asked for before its pod counts as orphaned. */
async function lateTrace({ store, log }: SinkerPorts, name: string): Promise<JobTrace | undefined | 'not known'> {
  try {
    const job = await store.get(name);
    return job && traceOf(job);
  } catch (error) {
    log.error({ err: error, prowjob: name }, 'failed to get prowjob');
    return 'not known';
  }
}

async function attempt(
  { dryRun, log }: SinkerPorts,
  { removed, errors }: { removed: Map<string, number>; errors: Map<string, number> },
  reason: string,
  fields: Record<string, string>,
  remove: () => Promise<void>,
): Promise<void> {
  if (dryRun) {
    log.info({ ...fields, reason }, 'would be deleted');
    return;
  }
  try {
    await remove();
    count(removed, reason);
    log.info({ ...fields, reason }, 'deleted');
  } catch (error) {
    count(errors, reasonOf(error));
    if (hasCode(error, 'not-found')) log.info({ ...fields, reason }, 'was gone already');
    else log.error({ err: error, ...fields, reason }, 'error deleting');
  }
}

/** Cleans now and then every `resync_period`, which may change, until stopped. `stop` waits for the removal that is under way. */
export function startSinker({ metrics, ...ports }: SinkerPorts & { metrics: Metrics }): { stop(): Promise<void> } {
  const report = sinkerMetrics(metrics);
  const abort = new AbortController();
  const run = (async () => {
    while (!abort.signal.aborted) {
      await clean(ports, abort.signal).then(report, (error: unknown) =>
        ports.log.error({ err: error }, 'error listing prow jobs'),
      );
      await pause(ports.config().resync_period, abort.signal);
    }
  })();
  return {
    async stop() {
      abort.abort();
      await run;
    },
  };
}
