import type { ProwJob } from '../../jobs/api/prowjob.ts';

/** A pull request at one commit. */
export interface Head {
  org: string;
  repo: string;
  number: number;
  sha: string;
}

/** The presubmits that report on this commit of the pull request. */
export function jobsOf(all: readonly ProwJob[], head: Head): ProwJob[] {
  return all.filter(({ spec }) => {
    const { org, repo, pulls = [] } = spec.refs ?? {};
    const [pull] = pulls;
    return (
      spec.type === 'presubmit' &&
      spec.report === true &&
      org === head.org &&
      repo === head.repo &&
      pull?.number === head.number &&
      pull.sha === head.sha
    );
  });
}

/** The run of each job that began last (Prow: pkg/pjutil, GetLatestProwJobs). */
export function latestOf(jobs: readonly ProwJob[]): ProwJob[] {
  const latest = new Map<string, ProwJob>();
  for (const job of jobs) {
    const name = job.spec.job ?? '';
    const known = latest.get(name);
    if (!known || startOf(job) > startOf(known)) latest.set(name, job);
  }
  return [...latest.values()];
}

function startOf({ status }: ProwJob): number {
  return Date.parse(status.startTime ?? '') || 0;
}
