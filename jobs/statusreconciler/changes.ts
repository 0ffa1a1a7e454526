import type { Presubmit } from '../config/job.ts';
import { isManual, isRequired } from '../select/presubmits.ts';

/** Presubmits by `org/repo`, as the configuration has them. */
export type PresubmitsByRepo = Readonly<Record<string, readonly Presubmit[]>>;

/** What a change of the configuration means for the statuses of open pull requests; by `org/repo`. */
export interface StatusChanges {
  /** Required presubmits that merges now wait for, and that have not run yet. */
  added: Map<string, Presubmit[]>;
  removed: Map<string, Presubmit[]>;
  /** Presubmits whose context has another name now. */
  renamed: Map<string, { from: Presubmit; to: Presubmit }[]>;
}

/** Compares two configurations. Repositories that are new have no statuses to care for (Prow: pkg/statusreconciler/controller.go). */
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
      old.filter(({ name }) => !now.some((job) => job.name === name)),
    );
    const renamed = now
      .filter(isRequired)
      .flatMap((to) =>
        old.filter(({ name, context }) => name === to.name && context !== to.context).map((from) => ({ from, to })),
      );
    collect(changes.renamed, repo, renamed);
  }
  return changes;
}

/** New, or silent until now, or running for other files than until now. One that was only optional has its context already. */
function isNewlyRequired(job: Presubmit, old: readonly Presubmit[]): boolean {
  if (!isRequired(job) || isManual(job)) return false;
  const known = old.find(({ name }) => name === job.name);
  if (!known) return true;
  const speaks = Boolean(known.skip_report) && !job.skip_report;
  const matcher = ({ run_if_changed = '', skip_if_only_changed = '' }: Presubmit) =>
    `${run_if_changed}\n${skip_if_only_changed}`;
  return speaks || matcher(known) !== matcher(job);
}

function collect<T>(into: Map<string, T[]>, repo: string, items: T[]): void {
  if (items.length > 0) into.set(repo, items);
}
