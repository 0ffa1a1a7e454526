import { isComplete, type ProwJob, type ProwJobState, type ProwJobType } from '../api/prowjob.ts';
import type { ProwJobFilter } from '../api/store.ts';

/** What lists and filters look at: the columns of the embedded store, and what stands in memory about an active job. */
export interface JobFacts {
  name: string;
  /** Milliseconds; lists are ordered by it. A job that has not started counts from its creation. */
  start: number;
  state: ProwJobState | '';
  type: ProwJobType | '';
  job: string;
  org: string;
  repo: string;
  pulls: number[];
  /** Empty until the job has its pod. */
  buildId: string;
  labels: Record<string, string>;
  active: boolean;
}

/** The facts of one job. Jobs without refs belong to their first extra ref, as in Prow's labels (Prow: LabelsAndAnnotationsForSpec). */
export function factsOf(job: ProwJob): JobFacts {
  const refs = job.spec.refs ?? job.spec.extra_refs?.[0];
  return {
    name: job.metadata.name ?? '',
    start: Date.parse(job.status.startTime ?? job.metadata.creationTimestamp ?? '') || 0,
    state: job.status.state ?? '',
    type: job.spec.type ?? '',
    job: job.spec.job ?? '',
    org: refs?.org ?? '',
    repo: refs?.repo ?? '',
    pulls: (refs?.pulls ?? []).map((pull) => pull.number),
    buildId: job.status.build_id ?? '',
    labels: job.metadata.labels ?? {},
    active: !isComplete(job),
  };
}

/** Whether a job is one that the filter asks for. A batch belongs to every pull request in it. */
export function matches(facts: JobFacts, filter: ProwJobFilter | undefined): boolean {
  if (!filter) return true;
  const { labels, states, types, job, org, repo, pull, buildId, active } = filter;
  if (active && !facts.active) return false;
  if (states && !states.some((state) => state === facts.state)) return false;
  if (types && !types.some((type) => type === facts.type)) return false;
  if (job !== undefined && job !== facts.job) return false;
  if (org !== undefined && org !== facts.org) return false;
  if (repo !== undefined && repo !== facts.repo) return false;
  if (pull !== undefined && !facts.pulls.includes(pull)) return false;
  if (buildId !== undefined && buildId !== facts.buildId) return false;
  return Object.entries(labels ?? {}).every(([key, value]) => facts.labels[key] === value);
}

/** Newest first; names decide between jobs of the same millisecond. */
export function newestFirst(a: Pick<JobFacts, 'start' | 'name'>, b: Pick<JobFacts, 'start' | 'name'>): number {
  return b.start - a.start || (a.name < b.name ? 1 : -1);
}
