import type { ProwJob } from '../api/prowjob.ts';
import type { Pod } from '../pods/backend.ts';
import { type Decision, type Facts, RECHECK } from './facts.ts';
import { limitReached, saysWaiting } from './limits.ts';
import { decideOnPod } from './pod-outcome.ts';

/** Whether the pod-runner controller looks after a job (Prow: prowJobPredicate). */
export function isOurs(job: ProwJob): boolean {
  return (
    job.spec.agent === 'kubernetes' && job.status.completionTime === undefined && job.status.state !== 'scheduling'
  );
}

/** What to do about one job: no input or output, the same facts always give the same decision (Prow: pkg/plank/reconciler.go). */
export function reconcile(facts: Facts): Decision {
  const { job, newer } = facts;
  if (!isOurs(job)) return { do: 'nothing', reason: 'not a job of this controller' };
  if (job.status.state === 'aborted') return { do: 'clear', reason: 'aborted' };
  if (newer !== undefined) return { do: 'abort', reason: `a newer run of the same presubmit: ${newer}` };
  if (job.status.state === 'triggered') return reconcileTriggered(facts);
  if (job.status.state === 'pending') return reconcilePending(facts);
  return { do: 'nothing', reason: `state ${job.status.state}` };
}

function reconcileTriggered(facts: Facts): Decision {
  if (facts.pod) return { do: 'adopt', pod: facts.pod, reason: 'the pod is there, the job does not say so yet' };
  const obstacle = clusterObstacle(facts) ?? noPodSpec(facts);
  if (obstacle) return obstacle;
  const limit = limitReached(facts);
  if (limit) return { do: 'wait', after: RECHECK, ...limit };
  return { do: 'start', reason: 'nothing holds it back' };
}

function reconcilePending(facts: Facts): Decision {
  const { pod } = facts;
  if (pod) return unlessFoundAgain(facts, pod, decideOnPod(facts, pod));
  const obstacle = clusterObstacle(facts) ?? noPodSpec(facts);
  return obstacle ?? { do: 'start', reason: 'the pod is missing' };
}

/** A job that goes on no longer says that it waits for its cluster. */
function unlessFoundAgain({ job, cluster }: Facts, pod: Pod, decision: Decision): Decision {
  const goesOn = decision.do === 'nothing' || decision.do === 'wait';
  if (!goesOn || cluster.problem !== undefined || !saysWaiting(job.status.description)) return decision;
  return { do: 'adopt', pod, reason: 'the pod is heard of again, the job does not say so yet' };
}

function clusterObstacle({ cluster }: Facts): Decision | undefined {
  const { alias, known, problem } = cluster;
  if (known && problem === undefined) return undefined;
  if (known) {
    const description = `Waiting for cluster ${JSON.stringify(alias)}: ${problem}`;
    return { do: 'wait', after: RECHECK, description, reason: 'the cluster can not be reached' };
  }
  const description = `Terminal error: nonretryable error: no build client found for cluster ${JSON.stringify(alias)}.`;
  return { do: 'finish', state: 'error', description, deletePod: false, reason: 'no such cluster' };
}

function noPodSpec({ job }: Facts): Decision | undefined {
  if (job.spec.pod_spec) return undefined;
  const description = `Pod can not be created: prowjob ${JSON.stringify(job.metadata.name)} lacks a pod spec`;
  return { do: 'finish', state: 'error', description, deletePod: false, reason: 'no pod_spec' };
}
