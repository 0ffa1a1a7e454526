import type { Decision } from '../api/jobs-port.ts';
import { runsOnBranch } from '../config/branches.ts';
import type { Postsubmit } from '../config/job.ts';
import { Changes, decideByChanges, hasChangeMatcher } from './changes.ts';
import { branchReason } from './presubmits.ts';

/** One decision a postsubmit for a push to `branch` that touched `files` (Prow: Postsubmit.ShouldRun). */
export function selectPostsubmits(
  jobs: readonly Postsubmit[],
  branch: string,
  files: readonly string[],
): Decision<Postsubmit>[] {
  const changes = new Changes(files);
  return jobs.map((job) => {
    if (!runsOnBranch(job, branch)) return { job, runs: false, reason: branchReason(job, branch) };
    if (hasChangeMatcher(job)) return { job, ...decideByChanges(job, changes) };
    if (job.always_run === false) return { job, runs: false, reason: 'always_run is false' };
    return { job, runs: true, reason: 'it runs on every push' };
  });
}
