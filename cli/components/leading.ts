import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Gauge } from 'prom-client';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import { leadWhile } from '../../core/kube/lease.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { Running } from './context.ts';

/** Prow's Leases: ours and Prow's never work at the same time. */
export const CONTROLLER_LEASE = 'prow-controller-manager-leader-lock';
export const SINKER_LEASE = 'prow-sinker-leaderlock';
/** One status reconciler at a time acts; the others wait, and know the configuration before from --status-path. */
export const STATUS_RECONCILER_LEASE = 'prow-status-reconciler-leader-lock';

/** What is left of the time between a Lease that could not be renewed and the next holder's start. */
const GRACE_AFTER_LOSS_MS = 3_000;

export interface LeadingOptions {
  clusters: KubeClusters;
  /** prowjob_namespace */
  namespace: string;
  lease: string;
  log: Logger;
  registry: Metrics;
  /** Called where the Lease was lost: another replica works now, and this process is to end, as Prow's do. */
  lost(): void;
}

/** Begins once the Lease is ours. A stop ends the work first, and then gives the Lease to whoever waits for it. */
export function whileLeading(given: LeadingOptions, begin: () => Running): Running {
  const { clusters, lease, lost, registry, ...options } = given;
  const status = leaderStatus(registry);
  status.set({ name: lease }, 0);
  const stopping = new AbortController();
  let graceMs = 0;
  const client = clusters.client(SERVICE_CLUSTER);
  const identity = `${hostname()}_${randomUUID()}`;
  const leading = leadWhile({ ...options, client, name: lease, identity }, stopping.signal, async (signal) => {
    status.set({ name: lease }, 1);
    const running = begin();
    await aborted(signal);
    await running.stop(stopping.signal.aborted ? graceMs : GRACE_AFTER_LOSS_MS);
    status.set({ name: lease }, 0);
    if (!stopping.signal.aborted) lost();
  }).catch((error: unknown) => {
    options.log.error({ err: error, lease }, 'The Lease was lost, and work went on');
    lost();
  });
  return {
    async stop(grace) {
      graceMs = grace;
      stopping.abort();
      await leading;
    },
  };
}

/** With the name that it has in Kubernetes' own client, and so in Prow. */
function leaderStatus(registry: Metrics): Gauge<'name'> {
  const name = 'leader_election_master_status';
  const help =
    'Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master.';
  const known = registry.getSingleMetric(name) as Gauge<'name'> | undefined;
  return known ?? new Gauge({ name, help, labelNames: ['name'], registers: [registry] });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Several components as one: they begin and stop side by side. */
export function together(parts: readonly Running[]): Running {
  return {
    async stop(graceMs) {
      await Promise.all(parts.map((part) => part.stop(graceMs)));
    },
  };
}

/** Ends the process at once: nothing may work without its Lease. */
export function endProcess(): void {
  process.exit(1);
}
