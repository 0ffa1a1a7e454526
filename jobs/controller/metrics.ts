import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';
import { RETEST } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import type { FollowEvent } from '../store/follow.ts';
import { pagesOf } from '../store/pages.ts';

/** In the order in which Go's client writes labels. */
const LABELS = ['base_ref', 'cluster', 'job_name', 'job_namespace', 'org', 'repo', 'retest', 'state', 'type'] as const;
type JobLabels = Record<(typeof LABELS)[number], string>;

/**
 * `prowjobs` and `prowjob_state_transitions` of the jobs that run on Kubernetes, with Prow's labels (Prow: pkg/kube/metrics.go), kept by events instead of
 * listing all jobs every 30 s.
 */
export class JobMetrics {
  private readonly transitions: Counter<(typeof LABELS)[number]>;
  /** The labels of every job, as JSON: most jobs share theirs with others. */
  private readonly jobs = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  constructor(registry: Metrics) {
    const { counts } = this;
    new Gauge({
      name: 'prowjobs',
      help: 'Number of prowjobs in the system.',
      labelNames: LABELS,
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, count] of counts) this.set(JSON.parse(labels) as JobLabels, count);
      },
    });
    this.transitions = new Counter({
      name: 'prowjob_state_transitions',
      help: 'Number of prowjobs transitioning states.',
      labelNames: LABELS,
      registers: [registry],
    });
  }

  /** Counts afresh the jobs that are there already, page by page; they are no transitions. */
  async prime(store: ProwJobStore): Promise<void> {
    this.jobs.clear();
    this.counts.clear();
    for await (const { items } of pagesOf(store)) for (const job of items.filter(isCounted)) this.count(job);
  }

  observe(event: Exclude<FollowEvent, { type: 'listed' }>): void {
    if (event.type === 'deleted') this.forget(event.job.metadata.name ?? '');
    else if (isCounted(event.job)) this.take(event.job);
  }

  private take(job: ProwJob): void {
    const before = this.jobs.get(job.metadata.name ?? '');
    const labels = this.count(job);
    if (before === undefined || (JSON.parse(before) as JobLabels).state !== labels.state) this.transitions.inc(labels);
  }

  private count(job: ProwJob): JobLabels {
    const name = job.metadata.name ?? '';
    const labels = labelsOf(job);
    const key = JSON.stringify(labels);
    if (this.jobs.get(name) !== key) {
      this.forget(name);
      this.jobs.set(name, key);
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    }
    return labels;
  }

  private forget(name: string): void {
    const key = this.jobs.get(name);
    if (key === undefined) return;
    this.jobs.delete(name);
    const left = (this.counts.get(key) ?? 0) - 1;
    if (left > 0) this.counts.set(key, left);
    else this.counts.delete(key);
  }
}

function isCounted({ spec }: ProwJob): boolean {
  return spec.agent === 'kubernetes';
}

function labelsOf({ metadata, spec, status }: ProwJob): JobLabels {
  const refs = spec.refs ?? spec.extra_refs?.[0];
  return {
    base_ref: refs?.base_ref ?? '',
    cluster: spec.cluster ?? '',
    job_name: spec.job ?? '',
    job_namespace: metadata.namespace ?? '',
    org: refs?.org ?? '',
    repo: refs?.repo ?? '',
    retest: metadata.labels?.[RETEST] === 'true' ? 'true' : 'false',
    state: status.state ?? '',
    type: spec.type ?? '',
  };
}
