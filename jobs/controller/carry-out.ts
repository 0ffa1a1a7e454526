import { hasCode, messageOf } from '../../core/errors.ts';
import { BUILD_ID, JOB_ID, PLANK_VERSION } from '../api/labels.ts';
import type { ProwJob, ProwJobStatus } from '../api/prowjob.ts';
import { ANY_CLUSTER, type Pod, REPORTER_FINALIZER } from '../pods/backend.ts';
import type { Decision } from './facts.ts';
import { saysWaiting } from './limits.ts';
import { buildIdOf } from './pod-outcome.ts';
import type { ControllerPorts } from './ports.ts';

const GITHUB_REPORTER = 'github-reporter';

/** `made` is told of the job's pod as soon as it is there, whatever becomes of the rest. */
type Ports = ControllerPorts & { cluster: string; made: (pod: Pod) => void };
/** The job as it is then, where it was looked at. */
type Done = ProwJob | undefined;

/** Does what was decided. Every write looks at the job as it is then: what somebody else (an abort, above all) wrote meanwhile is left as it is. */
export async function carryOut(ports: Ports, job: ProwJob, decision: Decision): Promise<Done> {
  switch (decision.do) {
    case 'nothing':
      return undefined;
    case 'wait':
      return decision.description === undefined ? undefined : explain(ports, job, decision.description);
    case 'start':
      return start(ports, job);
    case 'adopt':
      return changed(ports, job, (current) => runningStatus(ports, current, decision.pod));
    case 'finish':
      return finish(ports, job, decision);
    case 'revive':
      return revive(ports, job, decision.pod);
    case 'discard':
      await discard(ports, decision.pod);
      return undefined;
    case 'abort':
      return changed(ports, job, (current) => ({
        state: 'aborted',
        prev_report_states: { ...current.status.prev_report_states, [GITHUB_REPORTER]: 'aborted' },
      }));
    case 'clear':
      return clear(ports, job);
  }
}

/** Says on the job why it waits, once. */
async function explain(ports: Ports, job: ProwJob, description: string): Promise<Done> {
  if (job.status.description === description) return undefined;
  return changed(ports, job, () => ({ description }));
}

async function start(ports: Ports, job: ProwJob): Promise<Done> {
  const buildId = await ports.buildId(job.spec.job ?? '');
  const { pod_namespace: namespace } = ports.config();
  let pod: Pod;
  try {
    pod = ports.podFor({ ...job, status: { ...job.status, build_id: buildId } }, buildId);
  } catch (error) {
    return refused(ports, job, buildId, messageOf(error));
  }
  try {
    const labels = { ...pod.metadata.labels, [PLANK_VERSION]: ports.version };
    pod = await ports.pods.create(ports.cluster, { ...pod, metadata: { ...pod.metadata, namespace, labels } });
  } catch (error) {
    const created = hasCode(error, 'conflict')
      ? await ports.pods.get(ports.cluster, job.metadata.name ?? '')
      : undefined;
    const final = hasCode(error, 'invalid') || hasCode(error, 'forbidden') || hasCode(error, 'not-found');
    if (final) {
      const where = `create pod ${namespace}/${job.metadata.name} in cluster ${ports.cluster}`;
      return refused(ports, job, buildId, `${where}: ${messageOf(error)}`, startedLabels(job, buildId));
    }
    if (!created) throw error;
    pod = created;
  }
  ports.made(pod);
  return changed(ports, job, (current) => runningStatus(ports, current, pod), startedLabels(job, buildIdOf(pod)));
}

/** People and tools find the job of a build by them: what decoration puts on the pod stands on Prow's jobs as well. */
function startedLabels({ metadata: { name = '' } }: ProwJob, buildId: string): Labels {
  return buildId ? { [JOB_ID]: name, [BUILD_ID]: buildId } : {};
}

function refused(ports: Ports, job: ProwJob, buildId: string, problem: string, labels?: Labels): Promise<Done> {
  ports.log.warn({ name: job.metadata.name, job: job.spec.job, problem }, 'pod can not be created');
  const description = `Pod can not be created: ${problem}`;
  const change = (current: ProwJob) => ({
    ...ended(ports, withStatus(current, { build_id: buildId }), 'error', description),
    build_id: buildId,
  });
  return changed(ports, job, change, labels);
}

async function finish(ports: Ports, job: ProwJob, decision: Decision & { do: 'finish' }): Promise<Done> {
  // First the job, then the pod: the other way round, a controller that is killed in between would start the pod anew.
  const done = await changed(ports, job, (current) => ended(ports, current, decision.state, decision.description));
  if (decision.deletePod) await ports.pods.delete(ports.cluster, job.metadata.name ?? '');
  return done;
}

async function revive(ports: Ports, job: ProwJob, pod: Pod): Promise<Done> {
  const done = await changed(ports, job, ({ status }) =>
    status.build_id === buildIdOf(pod)
      ? { pod_revival_count: (status.pod_revival_count ?? 0) + 1, build_id: undefined }
      : undefined,
  );
  ports.log.info(
    { name: job.metadata.name, job: job.spec.job, revivals: done?.status.pod_revival_count },
    'pod stopped unexpectedly, replaced',
  );
  await discard(ports, pod);
  return done;
}

async function discard({ pods, cluster }: Ports, { metadata }: Pod): Promise<void> {
  const { name = '', uid, finalizers = [], deletionTimestamp } = metadata;
  if (finalizers.includes(REPORTER_FINALIZER)) await pods.removeFinalizers(cluster, name, [REPORTER_FINALIZER]);
  // By its uid: its successor has the same name.
  if (deletionTimestamp === undefined) await pods.delete(cluster, name, uid === undefined ? {} : { uid });
}

async function clear(ports: Ports, job: ProwJob): Promise<Done> {
  const known = ports.pods.clusters().some(({ alias }) => alias === ports.cluster || alias === ANY_CLUSTER);
  if (known) await ports.pods.delete(ports.cluster, job.metadata.name ?? '');
  return changed(ports, job, ({ status }) => ({
    // It waits no more, and reporters would tell of it.
    ...(saysWaiting(status.description) && { description: undefined }),
    completionTime: timestamp(ports),
  }));
}

function runningStatus(ports: Ports, job: ProwJob, pod: Pod): StatusChange {
  const first = job.status.state === 'triggered';
  const change: StatusChange = {
    build_id: buildIdOf(pod) || undefined,
    pod_name: pod.metadata.name ?? '',
    ...(first && { state: 'pending', pendingTime: timestamp(ports) }),
    ...((first || saysWaiting(job.status.description)) && { description: 'Job triggered.' }),
  };
  return { ...change, url: urlOf(ports, withStatus(job, change)) };
}

function urlOf({ jobUrl, log }: Ports, job: ProwJob): string | undefined {
  try {
    return jobUrl(job) || undefined;
  } catch (error) {
    log.warn({ err: error, name: job.metadata.name, job: job.spec.job }, 'job url not made');
    return job.status.url;
  }
}

/** A job that had a pod gets its address anew: the template may have changed, and may look at the outcome. */
function ended(
  ports: Ports,
  job: ProwJob,
  state: NonNullable<ProwJobStatus['state']>,
  description: string,
): StatusChange {
  const change: StatusChange = { state, description, completionTime: timestamp(ports) };
  return job.status.state === 'pending' ? { ...change, url: urlOf(ports, withStatus(job, change)) } : change;
}

type Labels = Record<string, string>;
type StatusChange = { [Key in keyof ProwJobStatus]: ProwJobStatus[Key] | undefined };

/** Writes a change of the status, and labels with it, unless the job has ended or is in another state than the one that was decided on. */
async function changed(
  { store, log }: Ports,
  { metadata: { name = '' }, status: { state } }: ProwJob,
  change: (job: ProwJob) => StatusChange | undefined,
  labels: Labels = {},
): Promise<Done> {
  let from = state;
  const job = await store.update(name, (current) => {
    from = current.status.state;
    if (current.status.completionTime !== undefined || from !== state) return undefined;
    const wanted = change(current);
    return wanted && withLabels(withStatus(current, wanted), labels);
  });
  if (job.status.state !== from) {
    const { description } = job.status;
    log.info(
      { name, job: job.spec.job, type: job.spec.type, from, to: job.status.state, description },
      'transitioning states',
    );
  }
  return job;
}

function withLabels(job: ProwJob, labels: Labels): ProwJob {
  return { ...job, metadata: { ...job.metadata, labels: { ...job.metadata.labels, ...labels } } };
}

/** The job with its status changed; what is undefined in the change is taken away. */
function withStatus(job: ProwJob, change: StatusChange): ProwJob {
  const entries = Object.entries({ ...job.status, ...change }).filter(([, value]) => value !== undefined);
  return { ...job, status: Object.fromEntries(entries) as ProwJobStatus };
}

/** Whole seconds, as Prow writes times. */
function timestamp({ now }: Ports): string {
  return new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z');
}
