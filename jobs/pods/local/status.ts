import type { V1Container } from '@kubernetes/client-node';
import type { ContainerState, ContainerStatus, Pod, PodCondition, PodStatus } from '../backend.ts';

export type Terminated = NonNullable<ContainerState['terminated']>;

/** What is known of the containers, by name; those that are not in it wait. */
export type States = ReadonlyMap<string, ContainerState>;

/** Why a pod ended otherwise than by its containers (`DeadlineExceeded`), or what became of it while nobody looked (`NodeLost`). */
export interface Verdict {
  phase: 'Failed' | 'Unknown';
  reason: string;
  message: string;
}

/** The pod's status as kubelet would report it (k8s.io/kubernetes/pkg/kubelet/status). `at` is now, RFC 3339; `over` where nothing of it runs any more. */
export function podStatus(
  pod: Pod,
  states: States,
  at: string,
  over: false | { verdict: Verdict | undefined },
): PodStatus {
  const verdict = over ? over.verdict : undefined;
  const init = pod.spec.initContainers ?? [];
  const { containers } = pod.spec;
  const initialized = init.every(({ name }) => states.get(name)?.terminated?.exitCode === 0);
  const phase = verdict?.phase ?? (over ? finalPhase(pod, states) : runningPhase(containers, states));
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const ready = phase === 'Running' && containers.every(({ name }) => states.get(name)?.running);
  const condition = (type: string, holds: boolean, reason?: string): PodCondition => {
    const before = pod.status?.conditions?.find((other) => other.type === type);
    const status = holds ? 'True' : 'False';
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : at;
    return { type, status, lastTransitionTime: lastTransitionTime ?? at, ...(reason !== undefined && { reason }) };
  };
  const notReady = ended ? 'PodCompleted' : 'ContainersNotReady';
  return {
    phase,
    ...(verdict && { reason: verdict.reason, message: verdict.message }),
    startTime: pod.status?.startTime ?? at,
    conditions: [
      condition(
        'Initialized',
        initialized,
        initialized ? (ended ? 'PodCompleted' : undefined) : 'ContainersNotInitialized',
      ),
      condition('Ready', ready, ready ? undefined : notReady),
      condition('ContainersReady', ready, ready ? undefined : notReady),
      condition('PodScheduled', true),
    ],
    ...(init.length > 0 && { initContainerStatuses: init.map((container) => containerStatus(container, states)) }),
    containerStatuses: containers.map((container) => containerStatus(container, states)),
  };
}

function runningPhase(containers: V1Container[], states: States): 'Pending' | 'Running' {
  const begun = containers.some(({ name }) => states.get(name)?.running ?? states.get(name)?.terminated);
  return begun ? 'Running' : 'Pending';
}

function finalPhase({ spec }: Pod, states: States): 'Succeeded' | 'Failed' {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  return all.every(({ name }) => states.get(name)?.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
}

function containerStatus({ name, image = '' }: V1Container, states: States): ContainerStatus {
  const state = states.get(name) ?? { waiting: { reason: 'PodInitializing' } };
  return {
    name,
    image,
    imageID: '',
    restartCount: 0,
    ready: state.running !== undefined || state.terminated?.exitCode === 0,
    state,
  };
}

/** How a container ended, in the words of kubelet and containerd. */
export function terminated(exitCode: number, startedAt: string, finishedAt: string, message?: string): Terminated {
  return {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt,
    finishedAt,
    ...(message !== undefined && message !== '' && { message }),
  };
}

/** A container whose program is not there: nothing of it ever ran. */
export function startError(problem: string, at: string): Terminated {
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${problem}: unknown`;
  return { exitCode: 128, reason: 'StartError', message, startedAt: '1970-01-01T00:00:00Z', finishedAt: at };
}
