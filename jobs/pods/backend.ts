import type { Readable } from 'node:stream';
import type { V1ContainerStatus, V1PodCondition, V1PodSpec } from '@kubernetes/client-node';
import type { ObjectMeta } from '../api/prowjob.ts';

/** A v1.Pod as JSON: times are RFC 3339 strings. */
export interface Pod {
  apiVersion: 'v1';
  kind: 'Pod';
  metadata: ObjectMeta;
  spec: V1PodSpec;
  status?: PodStatus;
}

export interface PodStatus {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  reason?: string;
  message?: string;
  startTime?: string;
  conditions?: PodCondition[];
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
}

export type PodCondition = Omit<V1PodCondition, 'lastProbeTime' | 'lastTransitionTime'> & {
  lastTransitionTime?: string;
};

export type ContainerStatus = Pick<V1ContainerStatus, 'name' | 'ready' | 'restartCount' | 'image' | 'imageID'> & {
  state?: ContainerState;
  lastState?: ContainerState;
};

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: {
    exitCode: number;
    signal?: number;
    reason?: string;
    message?: string;
    startedAt?: string;
    finishedAt?: string;
  };
}

/** The alias of a backend that runs pods of every cluster in one place, as the local one does. */
export const ANY_CLUSTER = '*';

/** The finalizer of Prow's reporter for pods, which a pod would keep for ever where that reporter does not come. */
export const REPORTER_FINALIZER = 'prow.x-k8s.io/gcsk8sreporter';

export type PodEvent = { type: 'added' | 'modified' | 'deleted'; cluster: string; pod: Pod };

/** How a build cluster can be used; `No-Manager`: it never could (Prow: plank.ClusterStatus, for plank.build_cluster_status_file). */
type ClusterStatus = 'Reachable' | 'No-Manager' | 'Error' | 'MissingPermissions';

export interface BuildCluster {
  alias: string;
  /** Why it cannot be used at the moment. */
  problem?: string;
  status?: ClusterStatus;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  uid?: string;
}

export interface LogOptions {
  follow?: boolean;
  tailLines?: number;
  from?: number;
}

/**
 * Where pods run. `cluster` is the ProwJob's cluster alias; the local backend has one cluster that answers to every name.
 * Errors are CutwaterError: `not-found`, `conflict` (the name exists), `invalid` (refused for what it says; the message is the API server's),
 * `transient` (unreachable, overloaded), `forbidden`.
 */
export interface PodBackend {
  /** Aliases that pods can be sent to (ANY_CLUSTER: whatever the name), and why one cannot be reached at the moment. */
  clusters(): BuildCluster[];
  create(cluster: string, pod: Pod): Promise<Pod>;
  get(cluster: string, name: string): Promise<Pod | undefined>;
  list(cluster: string, labels?: Record<string, string>): Promise<Pod[]>;
  /**
   * Asks for the pod's end; it goes through its grace period and then is gone. Deleting what is gone is done, and so is deleting the pod of a `uid` where the
   * name is another's by now.
   */
  delete(cluster: string, name: string, options?: DeleteOptions): Promise<void>;
  /** Removes finalizers, as plank does for pods on lost nodes (Prow: pkg/plank/reconciler.go). */
  removeFinalizers(cluster: string, name: string, finalizers: string[]): Promise<void>;
  /** Pods of every cluster that Prow made: first those that exist, as `added`, then every change. Survives lost connections by listing again. */
  watch(signal: AbortSignal): AsyncIterable<PodEvent>;
  /** The container's log; with `follow` until it ends. What stands before byte `from` is left out. */
  log(cluster: string, name: string, container: string, options?: LogOptions): Promise<Readable>;
  /** Stops what the backend itself keeps running; pods go on where they outlive us. */
  close(): Promise<void>;
}
