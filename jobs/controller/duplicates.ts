import type { ProwJob } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';

/**
 * What makes two presubmits the same run of the same thing: job, base branches and pull request numbers, whatever the commits
 * (Prow: pkg/pjutil/abort.go). Undefined for jobs that nothing newer aborts.
 */
export function presubmitIdentity(job: ProwJob): string | undefined {
  const { type, refs, extra_refs = [] } = job.spec;
  const { state } = job.status;
  if (type !== 'presubmit' || (state !== 'triggered' && state !== 'pending')) return undefined;
  const digests = [...(refs ? [refs] : []), ...extra_refs].map(digest);
  return JSON.stringify([job.spec.job, ...digests.sort()]);
}

function digest({ org, repo, base_ref = '', pulls = [] }: Refs): string {
  const numbers = pulls.map((pull) => pull.number).sort((a, b) => a - b);
  return `${org}/${repo}@${base_ref} ${numbers.join(' ')}`;
}

/** Whether `other` was started after `job`; where both start in the same moment creation decides, then the name, so that exactly one stays. */
export function isNewer(other: ProwJob, job: ProwJob): boolean {
  const started = millis(other.status.startTime) - millis(job.status.startTime);
  const created = millis(other.metadata.creationTimestamp) - millis(job.metadata.creationTimestamp);
  const decisive = started || created;
  return decisive === 0 ? (other.metadata.name ?? '') > (job.metadata.name ?? '') : decisive > 0;
}

function millis(time: string | undefined): number {
  return Date.parse(time ?? '') || 0;
}
