import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode, messageOf } from '../../core/errors.ts';
import { whileWanted } from '../../core/github/api-request.ts';
import type { Logger } from '../../core/log.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import type { QueueObserver } from '../queue-metrics.ts';
import { pagesOf } from '../store/pages.ts';
import type { CrierMetrics } from './metrics.ts';
import { ShardedQueue } from './queue.ts';
import type { Reporter } from './reporter.ts';

/** No report may take longer; what hangs is given up and tried again (Prow: 5 minutes for GitHub, 30 for the others). */
const REPORT_LIMIT_MS = 5 * 60_000;
/** How long reports that are under way may go on when we are told to stop. */
const SHUTDOWN_GRACE_MS = 5000;
const PAUSE_AFTER_LOST_WATCH_MS = 1000;

export interface CrierDependencies {
  store: ProwJobStore;
  reporters: readonly Reporter[];
  /** How many jobs of one shard a reporter tells of side by side. */
  workersPerShard(reporter: Reporter): number;
  /** Whether this instance looks after the repository (Prow: --github-enabled-org and the like). */
  enabled(org: string, repo: string): boolean;
  /** How long a report may take, in milliseconds (300,000). */
  limitMs?: number;
  log: Logger;
  metrics: CrierMetrics;
  /** Who counts what waits for a reporter and is reported. */
  observer?(reporter: Reporter): QueueObserver;
}

/**
 * Watches ProwJobs and has every reporter tell of every state once: what was reported stands in prev_report_states, so a restart
 * repeats and skips nothing. Prow: pkg/crier/controller.go.
 */
export class Crier {
  readonly #deps: CrierDependencies;
  readonly #queues: { reporter: Reporter; queue: ShardedQueue }[];

  constructor(deps: CrierDependencies) {
    this.#deps = deps;
    this.#queues = deps.reporters.map((reporter) => ({
      reporter,
      queue: new ShardedQueue(
        (name, signal) => this.#report(reporter, name, signal),
        deps.workersPerShard(reporter),
        deps.observer?.(reporter),
      ),
    }));
  }

  /** Reports until `signal` aborts, then waits for the reports that are under way. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(await this.#listAll(), signal);
      } catch (error) {
        if (signal.aborted) break;
        if (!hasCode(error, 'gone')) this.#deps.log.warn({ error: messageOf(error) }, 'lost the watch on ProwJobs');
        await sleep(PAUSE_AFTER_LOST_WATCH_MS, undefined, { signal }).catch(() => {});
      }
    }
    await Promise.all(this.#queues.map(({ queue }) => queue.close(SHUTDOWN_GRACE_MS)));
  }

  async #listAll(): Promise<string> {
    let first = '';
    for await (const { items, resourceVersion } of pagesOf(this.#deps.store)) {
      first ||= resourceVersion;
      for (const job of items) this.#offer(job);
    }
    return first;
  }

  async #follow(resourceVersion: string, signal: AbortSignal): Promise<void> {
    for await (const event of this.#deps.store.watch(resourceVersion, signal)) {
      if (event.type === 'added' || event.type === 'modified') this.#offer(event.job);
    }
  }

  #offer(job: ProwJob): void {
    if (!this.#handles(job)) return;
    for (const { reporter, queue } of this.#queues) {
      if (isDue(reporter, job)) queue.add(reporter.shardOf(job), job.metadata.name ?? '');
    }
  }

  #handles(job: ProwJob): boolean {
    const refs = [...(job.spec.refs ? [job.spec.refs] : []), ...(job.spec.extra_refs ?? [])];
    return refs.length === 0 || refs.some(({ org, repo }) => this.#deps.enabled(org, repo));
  }

  async #report(reporter: Reporter, name: string, signal: AbortSignal): Promise<{ againAfterMs?: number }> {
    const job = await this.#deps.store.get(name);
    if (!job || !isDue(reporter, job)) return {};
    const log = this.#deps.log.child({
      reporter: reporter.name,
      prowjob: name,
      job: job.spec.job,
      state: job.status.state,
    });
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#deps.limitMs ?? REPORT_LIMIT_MS)]);
      const outcome = await orAborted(
        whileWanted(limited, () => reporter.report(job, limited)),
        limited,
      );
      if ('again' in outcome) return { againAfterMs: outcome.again.afterMs };
      for (const reported of outcome.reported) await this.#record(reporter, reported);
      this.#deps.metrics.results.inc({ reporter: reporter.name, result: 'SUCCESS' });
      this.#observeLatency(reporter, job);
      log.info('reported job');
      return {};
    } catch (error) {
      this.#deps.metrics.results.inc({ reporter: reporter.name, result: 'ERROR' });
      // What a user wrote wrong (a template, a channel) is not our failure; a token that Slack refuses looks the same, and nobody else would hear of it.
      if (hasCode(error, 'user')) log.warn({ error: messageOf(error) }, 'failed to report job');
      else log.error({ error: messageOf(error) }, 'failed to report job');
      throw error;
    }
  }

  async #record(reporter: Reporter, reported: ProwJob): Promise<void> {
    const { state } = reported.status;
    if (!state) return;
    try {
      await this.#deps.store.update(reported.metadata.name ?? '', (job) => ({
        ...job,
        status: { ...job.status, prev_report_states: { ...job.status.prev_report_states, [reporter.name]: state } },
      }));
    } catch (error) {
      if (!hasCode(error, 'not-found')) throw error;
    }
  }

  #observeLatency(reporter: Reporter, job: ProwJob): void {
    if (!job.status.completionTime) return;
    const seconds = (Date.now() - Date.parse(job.status.completionTime)) / 1000;
    this.#deps.metrics.latency.observe({ reporter: reporter.name }, seconds);
  }
}

/** The result of `work`, or `timeout` as soon as `signal` aborts: not everything that a reporter calls can be interrupted. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new CutwaterError('timeout', 'the report was given up'));
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** Whether the reporter wants this job and has not yet told of the state it is in. */
function isDue(reporter: Reporter, job: ProwJob): boolean {
  return reporter.shouldReport(job) && job.status.prev_report_states?.[reporter.name] !== job.status.state;
}
