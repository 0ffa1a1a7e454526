import { LRUCache } from 'lru-cache';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { ProwJob } from '../api/prowjob.ts';

/** The `scheduler` section, durations in milliseconds (Prow: config.Scheduler). Failover goes before external. */
export interface SchedulerConfig {
  failover?: { mappings: Record<string, string> } | undefined;
  external?: { url: string; timeout: number } | undefined;
}

const LONGEST_CALL = 30_000;
const MOST_ANSWERS = 10_000;

/** Chooses the cluster of a job that is to be scheduled (Prow: pkg/scheduler/strategy). */
export class ClusterChoice {
  private readonly answers = new LRUCache<string, string>({ max: MOST_ANSWERS });
  private readonly config: () => SchedulerConfig;
  private readonly log: Logger;

  constructor(config: () => SchedulerConfig, log: Logger) {
    this.config = config;
    this.log = log;
  }

  async choose({ spec }: ProwJob): Promise<string | undefined> {
    const { failover, external } = this.config();
    // Other agents have no use for a cluster.
    if (spec.agent !== 'kubernetes' && spec.agent !== 'tekton-pipeline') return spec.cluster;
    if (failover) return mapped(failover.mappings, spec.cluster);
    return external ? this.ask(external, spec.job ?? '', spec.cluster) : spec.cluster;
  }

  /** Asks the service, whose answer holds for a while; where it can not answer the job goes where its configuration says. */
  private async ask({ url, timeout }: { url: string; timeout: number }, job: string, cluster: string | undefined) {
    const known = this.answers.get(job);
    if (known !== undefined) return known;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ job }),
        signal: AbortSignal.timeout(LONGEST_CALL),
      });
      if (response.status !== 200) throw new Error(`unexpected status code: ${response.status}`);
      const answer = (await response.json()) as { cluster?: unknown };
      if (typeof answer?.cluster !== 'string') throw new Error('the answer names no cluster');
      if (timeout > 0) this.answers.set(job, answer.cluster, { ttl: timeout });
      return answer.cluster;
    } catch (error) {
      this.log.warn({ job, cluster, error: messageOf(error) }, 'scheduling failed, using Spec.Cluster entry');
      return cluster;
    }
  }
}

function mapped(mappings: Record<string, string>, cluster = ''): string | undefined {
  return Object.hasOwn(mappings, cluster) ? mappings[cluster] : cluster || undefined;
}
