import { parseDuration } from '../../core/config/duration.ts';
import { BUILD_ID } from '../api/labels.ts';
import type { Pod } from '../pods/backend.ts';
import { type Decision, type Facts, RECHECK } from './facts.ts';

/** Why a pod stopped without its job having a say; the words stand in descriptions (Prow: PodUnexpectedStopCause). */
type StopCause = 'evicted' | 'unreachable' | 'oomkilled' | 'unknown';

/** Prow: getPodUnexpectedStopCause. A lost node counts only once the pod is being deleted, an OOM kill only while the pod runs. */
function stopCause(pod: Pod): StopCause | undefined {
  const { reason, phase, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  if (reason === 'Evicted') return 'evicted';
  if (reason === 'NodeLost' && pod.metadata.deletionTimestamp !== undefined) return 'unreachable';
  const killed = [...containerStatuses, ...initContainerStatuses].some(
    ({ state }) => state?.terminated?.reason === 'OOMKilled',
  );
  if (phase === 'Running' && killed) return 'oomkilled';
  return phase === 'Unknown' ? 'unknown' : undefined;
}

/** The build id of a pod; pods of old Prow versions have it in their environment alone (Prow: getPodBuildID). */
export function buildIdOf(pod: Pod): string {
  const label = pod.metadata.labels?.[BUILD_ID];
  if (label) return label;
  return pod.spec.containers[0]?.env?.find(({ name }) => name === 'BUILD_ID')?.value ?? '';
}

/** What becomes of a pending job whose pod is there (Prow: syncPendingJob). */
export function decideOnPod(facts: Facts, pod: Pod): Decision {
  const { job } = facts;
  const cause = stopCause(pod);
  // A revival takes the build id off the job: a pod with another one is either what the revival left, or its replacement.
  const other = buildIdOf(pod) !== '' && job.status.build_id !== buildIdOf(pod);
  if (other && (cause !== undefined || pod.metadata.deletionTimestamp !== undefined)) {
    return { do: 'discard', pod, reason: 'the pod is one that is being replaced' };
  }
  if (other) return { do: 'adopt', pod, reason: 'the pod replaces one, the job does not say so yet' };
  if (cause) return decideOnStop(facts, pod, cause);
  if (isForcedAway(pod)) return { do: 'nothing', reason: 'the pod is removed by force, and replaced once it is gone' };
  return decideOnPhase(facts, pod);
}

/** The API server tells of a forced deletion in two steps, of which only the second, that the pod is gone, counts. */
function isForcedAway({ metadata, status }: Pod): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = metadata;
  const stopped = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0 && !stopped;
}

function decideOnStop({ job, config }: Facts, pod: Pod, cause: StopCause): Decision {
  const error = (description: string): Decision => ({
    do: 'finish',
    state: 'error',
    description,
    deletePod: false,
    reason: `the pod was stopped: ${cause}`,
  });
  if (cause === 'oomkilled') return error('Job pod was OOM killed by the cluster.');
  if (cause === 'evicted' && job.spec.error_on_eviction) return error('Job pod was evicted by the cluster.');
  const revived = job.status.pod_revival_count ?? 0;
  if (revived >= config.max_revivals) {
    return error(`Job pod reached max revivals (${revived}) after being stopped unexpectedly (${cause})`);
  }
  return { do: 'revive', pod, reason: `the pod was stopped: ${cause}` };
}

function decideOnPhase(facts: Facts, pod: Pod): Decision {
  switch (pod.status?.phase) {
    case 'Succeeded':
      return everyContainerFinished(pod)
        ? finish('success', 'Job succeeded.')
        : finish('error', "Pod was in succeeded phase but some containers didn't finish");
    case 'Failed':
      return finish('failure', 'Job failed.');
    case 'Running':
      return decideOnRunning(facts, pod);
    default:
      return decideOnWaiting(facts, pod);
  }
}

function finish(state: 'success' | 'failure' | 'error' | 'aborted', description: string, deletePod = false): Decision {
  return { do: 'finish', state, description, deletePod, reason: description };
}

const DELETED: Decision = finish('error', 'Pod got deleted unexpectedly');

/** Paranoid on purpose: there were kubelets that reported success too early (Prow: didPodSucceed, kubernetes/kubernetes#58711). */
function everyContainerFinished({ status }: Pod): boolean {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].every(
    ({ state }) => state?.terminated?.exitCode === 0 && state.terminated.finishedAt !== undefined,
  );
}

/** What a pod did while its cluster could not be reached is not known: no time is up before it is. */
function unlessUnheard({ cluster }: Facts, decision: Decision): Decision {
  if (cluster.problem === undefined || cluster.status === 'MissingPermissions') return decision;
  return { do: 'wait', after: RECHECK, reason: 'the cluster can not be reached, its pods may have gone on' };
}

function decideOnRunning(facts: Facts, pod: Pod): Decision {
  const { job, config, now } = facts;
  if (pod.metadata.deletionTimestamp !== undefined) return DELETED;
  const started = pod.status?.startTime;
  if (started === undefined) return { do: 'nothing', reason: 'running' };
  const limit = timeout(job.spec.decoration_config?.pod_running_timeout, config.pod_running_timeout);
  const left = Date.parse(started) + limit - now;
  if (left <= 0) return unlessUnheard(facts, finish('aborted', 'Pod running timeout.', true));
  return { do: 'wait', after: left, reason: 'running' };
}

function decideOnWaiting(facts: Facts, pod: Pod): Decision {
  const { job, config, now } = facts;
  const deleted = pod.metadata.deletionTimestamp !== undefined;
  if (pod.status?.phase !== undefined && pod.status.phase !== 'Pending') {
    return deleted ? DELETED : { do: 'nothing', reason: `phase ${pod.status.phase}` };
  }
  const started = pod.status?.startTime;
  const since = Date.parse(started ?? pod.metadata.creationTimestamp ?? '') || now;
  const own = job.spec.decoration_config;
  const limit =
    started === undefined
      ? timeout(own?.pod_unscheduled_timeout, config.pod_unscheduled_timeout)
      : timeout(own?.pod_pending_timeout, config.pod_pending_timeout);
  const left = since + limit - now;
  if (left <= 0) {
    const description = started === undefined ? 'Pod scheduling timeout.' : 'Pod pending timeout.';
    return unlessUnheard(facts, finish('error', description, true));
  }
  return deleted
    ? DELETED
    : { do: 'wait', after: left, reason: started === undefined ? 'not scheduled yet' : 'not running yet' };
}

function timeout(own: string | undefined, general: number): number {
  return own === undefined ? general : parseDuration(own);
}
