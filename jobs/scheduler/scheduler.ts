import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ProwJobStore } from '../api/store.ts';
import { WorkQueue } from '../controller/queue.ts';
import { queueMetrics } from '../queue-metrics.ts';
import { follow } from '../store/follow.ts';
import { ClusterChoice, type SchedulerConfig } from './clusters.ts';

export interface SchedulerPorts {
  store: ProwJobStore;
  config: () => SchedulerConfig;
  log: Logger;
  metrics: Metrics;
}

const WORKERS = 10;

/** Gives jobs in state `scheduling` their cluster, and hands them on as `triggered` (Prow: pkg/scheduler). Does nothing where no job is in that state. */
export function startScheduler({ store, config, log, metrics }: SchedulerPorts): { stop(): Promise<void> } {
  const abort = new AbortController();
  const choice = new ClusterChoice(config, log);
  const observer = queueMetrics(metrics, 'scheduler');
  const queue = new WorkQueue({ work: (name) => schedule(name), workers: () => WORKERS, log, observer });

  async function schedule(name: string): Promise<undefined> {
    const job = await store.get(name);
    if (job?.status.state !== 'scheduling') return;
    const cluster = await choice.choose(job);
    await store.update(name, (current) => {
      if (current.status.state !== 'scheduling') return undefined;
      return {
        ...current,
        spec: { ...current.spec, ...(cluster !== undefined && { cluster }) },
        status: { ...current.status, state: 'triggered' },
      };
    });
    log.info({ name, job: job.spec.job, cluster }, 'cluster assigned');
  }

  const run = (async () => {
    for await (const event of follow({ store, signal: abort.signal, log, list: { states: ['scheduling'] } })) {
      const jobs = event.type === 'listed' ? event.jobs : [event.job];
      for (const { metadata, status } of jobs) if (status.state === 'scheduling') queue.add(metadata.name ?? '');
    }
  })();

  return {
    async stop() {
      abort.abort();
      await Promise.all([run, queue.stop()]);
    },
  };
}
