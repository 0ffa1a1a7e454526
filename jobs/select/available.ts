import type { AvailablePresubmits } from '../api/jobs-port.ts';
import { runsOnBranch } from '../config/branches.ts';
import type { Presubmit } from '../config/job.ts';
import { type SelectionFacts, selectPresubmits, triggerMatches } from './presubmits.ts';

/** What `/test ?` lists for a branch and its changes (Prow: AvailablePresubmits in pkg/pjutil/filter.go). */
export function availablePresubmits(jobs: readonly Presubmit[], facts: SelectionFacts): AvailablePresubmits {
  const automatic = selectPresubmits(jobs, { automatic: true }, facts).filter(({ runs }) => runs);
  const commands = new Set(jobs.map(({ rerun_command }) => rerun_command));
  const started = jobs.filter((job) => runsOnBranch(job, facts.branch) && startedByAny(job, commands));
  return {
    all: sorted(automatic.map(({ job }) => job.name)),
    requiredCommands: sorted(started.filter(({ optional }) => !optional).map((job) => job.rerun_command)),
    optionalCommands: sorted(started.filter(({ optional }) => optional).map((job) => job.rerun_command)),
  };
}

/** Its own command starts a job, as the configuration's check made sure; another's may as well. */
function startedByAny(job: Presubmit, commands: ReadonlySet<string>): boolean {
  return triggerMatches(job, job.rerun_command) || [...commands].some((command) => triggerMatches(job, command));
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
