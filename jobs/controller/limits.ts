import type { Facts, Limit } from './facts.ts';

interface Reached {
  limit: Limit;
  description: string;
  reason: string;
}

/** The first limit that keeps a job from starting, oldest jobs first (Prow: canExecuteConcurrently). A limit of one job or queue counts older ones that wait, too. */
export function limitReached({ job, config, pending, sameJob, sameQueue }: Facts): Reached | undefined {
  const { max_concurrency: total, job_queue_capacities: capacities } = config;
  if (total > 0 && pending >= total) return reached('max_concurrency', `plank.max_concurrency (${total})`);
  const { max_concurrency: own = 0, job_queue_name: queue = '', job: name = '' } = job.spec;
  if (own > 0 && sameJob.pending + sameJob.older >= own) return reached('job', `max_concurrency (${own}) of ${name}`);
  if (queue === '') return undefined;
  const capacity = Object.hasOwn(capacities, queue) ? capacities[queue] : undefined;
  if (capacity === undefined) return reached('queue', `an unknown queue: plank.job_queue_capacities has no ${queue}`);
  if (capacity < 0) return undefined;
  if (sameQueue.pending + sameQueue.older < capacity) return undefined;
  return reached('queue', `the capacity (${capacity}) of queue ${queue}`);
}

function reached(limit: Limit, what: string): Reached {
  return { limit, description: `Waiting: held back by ${what}.`, reason: `limit reached: ${what}` };
}

/** Whether a job's description is ours, of what it waits for (a limit, or a cluster that cannot be reached). */
export function saysWaiting(description = ''): boolean {
  return /^Waiting(?: for cluster |: held back by )/.test(description);
}
