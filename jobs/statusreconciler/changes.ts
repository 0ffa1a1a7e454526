import { intersect, runsOnBranch } from '../config/branches.ts';
import type { Presubmit } from '../config/job.ts';
import { isManual, isRequired } from '../select/presubmits.ts';

/** Presubmits by `org/repo`, as the configuration has them. */
export type PresubmitsByRepo = Readonly<Record<string, readonly Presubmit[]>>;

/** What a change of the configuration means for the statuses of open pull requests; by `org/repo`. */
export interface StatusChanges {
  /** Required presubmits that merges now wait for, and that have not run yet. */
  added: Map<string, Presubmit[]>;
  /** Presubmits whose context nothing sets any more. */
  removed: Map<string, Presubmit[]>;
  /** Presubmits whose context has another name now, on some branch at least. */
  renamed: Map<string, Renamed[]>;
}

/** A presubmit, and those that bear its name now: one for each set of branches. */
export interface Renamed {
  from: Presubmit;
  to: readonly Presubmit[];
}

/** The context that merges wait for on a branch now instead of that of `from`; `undefined` where there is none. */
export function renamedOn({ from, to }: Renamed, branch: string): string | undefined {
  const heir = to.find((job) => runsOnBranch(job, branch)) ?? to[0];
  return heir && isRequired(heir) && heir.context !== from.context ? heir.context : undefined;
}

/**
 * Compares two configurations. Repositories that are new have no statuses to care for (Prow: pkg/statusreconciler/controller.go). Several jobs of one
 * repository may bear one name, each for branches of its own; Prow compares each of them with all, and takes every reload for a change of theirs.
 */
export function statusChanges(before: PresubmitsByRepo, after: PresubmitsByRepo): StatusChanges {
  const changes: StatusChanges = { added: new Map(), removed: new Map(), renamed: new Map() };
  for (const [repo, old] of Object.entries(before)) {
    const now = after[repo] ?? [];
    collect(
      changes.added,
      repo,
      now.filter((job) => isNewlyRequired(job, old)),
    );
    collect(
      changes.removed,
      repo,
      old.filter((job) => !now.some((other) => other.name === job.name || standsFor(other, job))),
    );
    const renamed = old.map((from) => ({ from, to: now.filter(({ name }) => name === from.name) }));
    collect(
      changes.renamed,
      repo,
      renamed.filter(({ from, to }) => hasOtherContext(from, to)),
    );
  }
  return changes;
}

/** New, or silent until now, or running for other files than until now. One that was only optional has its context already. */
function isNewlyRequired(job: Presubmit, old: readonly Presubmit[]): boolean {
  if (!isRequired(job) || isManual(job)) return false;
  const known = earlierSelf(job, old);
  if (!known) return true;
  const speaks = Boolean(known.skip_report) && !job.skip_report;
  const matcher = ({ run_if_changed = '', skip_if_only_changed = '' }: Presubmit) =>
    `${run_if_changed}\n${skip_if_only_changed}`;
  return speaks || matcher(known) !== matcher(job);
}

/** The job as it was, by its branches where others bear its name too. */
function earlierSelf(job: Presubmit, old: readonly Presubmit[]): Presubmit | undefined {
  const namesakes = old.filter(({ name }) => name === job.name);
  return (
    namesakes.find((each) => branchesOf(each) === branchesOf(job)) ??
    namesakes.find((each) => intersect(each, job)) ??
    namesakes[0]
  );
}

/** Whether another job sets the context of one that is gone. */
function standsFor(job: Presubmit, gone: Presubmit): boolean {
  return isRequired(job) && job.context === gone.context && intersect(job, gone);
}

function hasOtherContext(from: Presubmit, to: readonly Presubmit[]): boolean {
  const same = to.find((job) => branchesOf(job) === branchesOf(from));
  return same
    ? isRequired(same) && same.context !== from.context
    : to.some((job) => isRequired(job) && job.context !== from.context);
}

function branchesOf({ branches = [], skip_branches = [] }: Presubmit): string {
  return JSON.stringify([branches, skip_branches]);
}

function collect<T>(into: Map<string, T[]>, repo: string, items: T[]): void {
  if (items.length > 0) into.set(repo, items);
}
