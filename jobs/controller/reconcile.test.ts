import { describe, expect, it } from 'vitest';
import type { ProwJob, ProwJobSpec, ProwJobStatus } from '../api/prowjob.ts';
import type { Pod, PodStatus } from '../pods/backend.ts';
import { sampleJob } from '../store/suite.ts';
import type { Facts } from './facts.ts';
import { reconcile } from './reconcile.ts';

const NOW = Date.parse('2026-01-02T12:00:00Z');
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const MINUTE = 60_000;

const config: Facts['config'] = {
  pod_namespace: 'test-pods',
  pod_pending_timeout: 10 * MINUTE,
  pod_running_timeout: 48 * 60 * MINUTE,
  pod_unscheduled_timeout: 5 * MINUTE,
  max_revivals: 3,
  max_concurrency: 0,
  max_goroutines: 20,
  job_queue_capacities: { small: 2, none: 0, endless: -1 },
};

interface Given {
  spec?: ProwJobSpec;
  status?: ProwJobStatus;
  pod?: PodStatus & { metadata?: Pod['metadata'] };
  facts?: Partial<Facts>;
  config?: Partial<Facts['config']>;
}

function facts({ spec, status, pod, facts: more, config: settings }: Given): Facts {
  const job: ProwJob = sampleJob('j', {
    ...(spec && { spec }),
    status: { state: 'pending', build_id: '7', pod_name: 'j', ...status },
  });
  const none = { pending: 0, older: 0 };
  const made: Pod | undefined = pod && {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'j', labels: { 'prow.k8s.io/build-id': '7' }, creationTimestamp: ago(1), ...pod.metadata },
    spec: { containers: [{ name: 'test' }] },
    status: pod,
  };
  return {
    job,
    pod: made,
    cluster: { alias: 'default', known: true },
    now: NOW,
    pending: 0,
    sameJob: none,
    sameQueue: none,
    ...more,
    config: { ...config, ...settings },
  };
}

const terminated = (exitCode: number, reason = 'Completed') => ({
  name: 'test',
  ready: false,
  restartCount: 0,
  image: '',
  imageID: '',
  state: { terminated: { exitCode, reason, finishedAt: ago(0) } },
});
const far = { alias: 'far', known: true, problem: 'x' };
const triggered: ProwJobStatus = { state: 'triggered', build_id: undefined as never };
const deleting = {
  name: 'j',
  labels: { 'prow.k8s.io/build-id': '7' },
  creationTimestamp: ago(1),
  deletionTimestamp: ago(0),
};
const error = (description: string, deletePod = false) => ({ do: 'finish', state: 'error', description, deletePod });

describe('reconcile', () => {
  it.each<[string, Given, object]>([
    // Whose job it is
    ['another agent', { spec: { agent: 'jenkins' } }, { do: 'nothing' }],
    ['no agent', { spec: { agent: undefined as never } }, { do: 'nothing' }],
    ['complete', { status: { state: 'success', completionTime: ago(1) } }, { do: 'nothing' }],
    ['aborted and complete', { status: { state: 'aborted', completionTime: ago(1) } }, { do: 'nothing' }],
    ['not scheduled yet', { status: { state: 'scheduling' } }, { do: 'nothing' }],

    // Triggered
    ['triggered', { status: triggered }, { do: 'start' }],
    ['triggered, the pod is there', { status: triggered, pod: { phase: 'Pending' } }, { do: 'adopt' }],
    [
      'triggered, the pod is there and the limit reached',
      { status: triggered, pod: {}, facts: { pending: 9 }, config: { max_concurrency: 1 } },
      { do: 'adopt' },
    ],
    [
      'no pod_spec',
      { status: triggered, spec: { pod_spec: undefined as never } },
      error('Pod can not be created: prowjob "j" lacks a pod spec'),
    ],
    [
      'unknown cluster',
      { status: triggered, facts: { cluster: { alias: 'gone', known: false } } },
      error('Terminal error: nonretryable error: no build client found for cluster "gone".'),
    ],
    [
      'cluster not reachable',
      { status: triggered, facts: { cluster: far } },
      { do: 'wait', after: 10_000, description: 'Waiting for cluster "far": x' },
    ],
    ['a newer presubmit', { status: triggered, facts: { newer: 'k' } }, { do: 'abort' }],
    ['a newer presubmit, running', { pod: { phase: 'Running' }, facts: { newer: 'k' } }, { do: 'abort' }],

    // Limits
    [
      'below max_concurrency of all',
      { status: triggered, facts: { pending: 1 }, config: { max_concurrency: 2 } },
      { do: 'start' },
    ],
    [
      'at max_concurrency of all',
      { status: triggered, facts: { pending: 2 }, config: { max_concurrency: 2 } },
      { do: 'wait', limit: 'max_concurrency' },
    ],
    [
      'below its own limit',
      { status: triggered, spec: { max_concurrency: 2 }, facts: { sameJob: { pending: 1, older: 0 } } },
      { do: 'start' },
    ],
    [
      'at its own limit',
      { status: triggered, spec: { max_concurrency: 2 }, facts: { sameJob: { pending: 2, older: 0 } } },
      { do: 'wait', limit: 'job', after: 10_000 },
    ],
    [
      'an older one goes first',
      { status: triggered, spec: { max_concurrency: 2 }, facts: { sameJob: { pending: 1, older: 1 } } },
      { do: 'wait', limit: 'job' },
    ],
    ['no limit of its own', { status: triggered, facts: { sameJob: { pending: 99, older: 9 } } }, { do: 'start' }],
    [
      'room in the queue',
      { status: triggered, spec: { job_queue_name: 'small' }, facts: { sameQueue: { pending: 1, older: 0 } } },
      { do: 'start' },
    ],
    [
      'queue full',
      { status: triggered, spec: { job_queue_name: 'small' }, facts: { sameQueue: { pending: 1, older: 1 } } },
      { do: 'wait', limit: 'queue' },
    ],
    ['queue of capacity 0', { status: triggered, spec: { job_queue_name: 'none' } }, { do: 'wait', limit: 'queue' }],
    [
      'queue without limit',
      { status: triggered, spec: { job_queue_name: 'endless' }, facts: { sameQueue: { pending: 99, older: 9 } } },
      { do: 'start' },
    ],
    [
      'unknown queue',
      { status: triggered, spec: { job_queue_name: 'lost' } },
      { do: 'wait', description: 'Waiting: held back by an unknown queue: plank.job_queue_capacities has no lost.' },
    ],
    [
      'a queue named as what every object has',
      { status: triggered, spec: { job_queue_name: 'constructor' } },
      { do: 'wait', limit: 'queue' },
    ],

    // Pending
    ['pod missing', {}, { do: 'start', reason: 'the pod is missing' }],
    ['pod missing, cluster not reachable', { facts: { cluster: far } }, { do: 'wait', after: 10_000 }],
    [
      'succeeded',
      { pod: { phase: 'Succeeded', containerStatuses: [terminated(0)] } },
      { do: 'finish', state: 'success', description: 'Job succeeded.', deletePod: false },
    ],
    ['succeeded, no statuses', { pod: { phase: 'Succeeded' } }, { do: 'finish', state: 'success' }],
    [
      'succeeded, a container did not finish',
      { pod: { phase: 'Succeeded', containerStatuses: [{ ...terminated(0), state: { running: {} } }] } },
      error("Pod was in succeeded phase but some containers didn't finish"),
    ],
    [
      'succeeded, an init container failed',
      { pod: { phase: 'Succeeded', initContainerStatuses: [terminated(1)], containerStatuses: [terminated(0)] } },
      error("Pod was in succeeded phase but some containers didn't finish"),
    ],
    [
      'failed',
      { pod: { phase: 'Failed' } },
      { do: 'finish', state: 'failure', description: 'Job failed.', deletePod: false },
    ],
    ['node shut down', { pod: { phase: 'Failed', reason: 'Terminated' } }, { do: 'finish', state: 'failure' }],
    [
      'lost node, not being deleted',
      { pod: { phase: 'Running', reason: 'NodeLost', startTime: ago(1) } },
      { do: 'wait' },
    ],
    [
      'lost node, being deleted',
      { pod: { phase: 'Running', reason: 'NodeLost', metadata: deleting } },
      { do: 'revive' },
    ],
    ['evicted', { pod: { phase: 'Failed', reason: 'Evicted' } }, { do: 'revive' }],
    ['phase Unknown', { pod: { phase: 'Unknown' } }, { do: 'revive' }],
    [
      'evicted, error_on_eviction',
      { spec: { error_on_eviction: true }, pod: { phase: 'Failed', reason: 'Evicted' } },
      error('Job pod was evicted by the cluster.'),
    ],
    ['Unknown, error_on_eviction', { spec: { error_on_eviction: true }, pod: { phase: 'Unknown' } }, { do: 'revive' }],
    [
      'evicted too often',
      { status: { state: 'pending', pod_revival_count: 3 }, pod: { phase: 'Failed', reason: 'Evicted' } },
      error('Job pod reached max revivals (3) after being stopped unexpectedly (evicted)'),
    ],
    [
      'no revivals wanted',
      { pod: { phase: 'Failed', reason: 'Evicted' }, config: { max_revivals: 0 } },
      error('Job pod reached max revivals (0) after being stopped unexpectedly (evicted)'),
    ],
    [
      'what a revival left',
      { status: { state: 'pending', build_id: undefined as never }, pod: { phase: 'Failed', reason: 'Evicted' } },
      { do: 'discard' },
    ],
    [
      'what a revival left, going',
      { status: { state: 'pending', build_id: undefined as never }, pod: { phase: 'Running', metadata: deleting } },
      { do: 'discard' },
    ],
    [
      'a replacement the job does not know yet',
      { status: { state: 'pending', build_id: '6' }, pod: { phase: 'Running' } },
      { do: 'adopt' },
    ],
    [
      'found again after its cluster could not be reached',
      {
        status: { state: 'pending', build_id: '7', description: 'Waiting for cluster "far": x' },
        pod: { phase: 'Running' },
      },
      { do: 'adopt' },
    ],
    [
      'known from before, of a cluster that can not be reached',
      {
        status: { state: 'pending', build_id: '7', description: 'Waiting for cluster "far": x' },
        pod: { phase: 'Running' },
        facts: { cluster: far },
      },
      { do: 'nothing' },
    ],
    [
      'OOM while it runs',
      { pod: { phase: 'Running', containerStatuses: [terminated(137, 'OOMKilled')] } },
      error('Job pod was OOM killed by the cluster.'),
    ],
    [
      'OOM once it failed',
      { pod: { phase: 'Failed', containerStatuses: [terminated(137, 'OOMKilled')] } },
      { do: 'finish', state: 'failure' },
    ],

    // Deletion
    ['deleted while it runs', { pod: { phase: 'Running', metadata: deleting } }, error('Pod got deleted unexpectedly')],
    [
      'deleted before it runs',
      { pod: { phase: 'Pending', metadata: deleting } },
      error('Pod got deleted unexpectedly'),
    ],
    ['deleted after success', { pod: { phase: 'Succeeded', metadata: deleting } }, { do: 'finish', state: 'success' }],
    ['deleted without a phase', { pod: { metadata: deleting } }, error('Pod got deleted unexpectedly')],

    [
      'removed by force, not gone yet',
      { pod: { phase: 'Running', metadata: { ...deleting, deletionGracePeriodSeconds: 0 } } },
      { do: 'nothing' },
    ],
    [
      'removed by force, held by a finalizer',
      { pod: { phase: 'Running', metadata: { ...deleting, deletionGracePeriodSeconds: 0, finalizers: ['x/y'] } } },
      error('Pod got deleted unexpectedly'),
    ],
    // Time-outs
    [
      'not scheduled yet',
      { pod: { phase: 'Pending', metadata: { ...deleting, deletionTimestamp: undefined as never } } },
      { do: 'wait', after: 4 * MINUTE },
    ],
    [
      'never scheduled',
      { pod: { phase: 'Pending', metadata: { labels: deleting.labels, creationTimestamp: ago(5) } } },
      error('Pod scheduling timeout.', true),
    ],
    ['not running yet', { pod: { phase: 'Pending', startTime: ago(9) } }, { do: 'wait', after: MINUTE }],
    ['never running', { pod: { phase: 'Pending', startTime: ago(10) } }, error('Pod pending timeout.', true)],
    [
      'never running as far as is known of a cluster that can not be reached',
      { pod: { phase: 'Pending', startTime: ago(10) }, facts: { cluster: { ...far, status: 'Error' } } },
      { do: 'wait', after: 10_000 },
    ],
    [
      'running for too long as far as is known of a cluster that can not be reached',
      { pod: { phase: 'Running', startTime: ago(49 * 60) }, facts: { cluster: { ...far, status: 'Error' } } },
      { do: 'wait', after: 10_000 },
    ],
    [
      'never running in a cluster where a right is missing',
      { pod: { phase: 'Pending', startTime: ago(10) }, facts: { cluster: { ...far, status: 'MissingPermissions' } } },
      error('Pod pending timeout.', true),
    ],
    ['running', { pod: { phase: 'Running', startTime: ago(60) } }, { do: 'wait', after: 47 * 60 * MINUTE }],
    [
      'running for too long',
      { pod: { phase: 'Running', startTime: ago(48 * 60) } },
      { do: 'finish', state: 'aborted', description: 'Pod running timeout.', deletePod: true },
    ],
    [
      'its own scheduling time',
      { spec: { decoration_config: { pod_unscheduled_timeout: '30s' } }, pod: { phase: 'Pending' } },
      error('Pod scheduling timeout.', true),
    ],
    [
      'its own pending time',
      { spec: { decoration_config: { pod_pending_timeout: '1m' } }, pod: { phase: 'Pending', startTime: ago(2) } },
      error('Pod pending timeout.', true),
    ],
    [
      'its own running time',
      { spec: { decoration_config: { pod_running_timeout: '1h' } }, pod: { phase: 'Running', startTime: ago(61) } },
      { state: 'aborted' },
    ],

    // Abort
    ['aborted', { status: { state: 'aborted' }, pod: { phase: 'Running' } }, { do: 'clear' }],
    ['aborted, no pod', { status: { state: 'aborted' } }, { do: 'clear' }],
    [
      'aborted, no such cluster',
      { status: { state: 'aborted' }, facts: { cluster: { alias: 'gone', known: false } } },
      { do: 'clear' },
    ],
  ])('%s', (_, given, decision) => {
    expect(reconcile(facts(given))).toMatchObject(decision);
  });
});
