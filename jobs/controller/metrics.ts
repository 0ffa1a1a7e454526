import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';
import { RETEST } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import type { FollowEvent } from '../store/follow.ts';

const LABELS = ['job_namespace', 'job_name', 'type', 'state', 'org', 'repo', 'base_ref', 'cluster', 'retest'] as const;
type JobLabels = Record<(typeof LABELS)[number], string>;

const PAGE = 500;

/** `prowjobs` and `prowjob_state_transitions` with Prow's labels (Prow: pkg/kube/metrics.go), kept by events instead of listing all jobs every 30 s. */
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
    let after: string | undefined;
    do {
      const page = await store.list({}, { limit: PAGE, ...(after !== undefined && { after }) });
      for (const job of page.items) this.count(job);
      after = page.next;
    } while (after !== undefined);
  }

  observe(event: Exclude<FollowEvent, { type: 'listed' }>): void {
    if (event.type === 'deleted') this.forget(event.job.metadata.name ?? '');
    else this.take(event.job);
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

function labelsOf({ metadata, spec, status }: ProwJob): JobLabels {
  const refs = spec.refs ?? spec.extra_refs?.[0];
  return {
    job_namespace: metadata.namespace ?? '',
    job_name: spec.job ?? '',
    type: spec.type ?? '',
    state: status.state ?? '',
    org: refs?.org ?? '',
    repo: refs?.repo ?? '',
    base_ref: refs?.base_ref ?? '',
    cluster: spec.cluster ?? '',
    retest: metadata.labels?.[RETEST] === 'true' ? 'true' : 'false',
  };
}
