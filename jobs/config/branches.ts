import { compilePattern } from '../../core/config/pattern.ts';
import type { Brancher } from './job.ts';

/** Whether jobs run on every branch: neither list is given. */
function runsOnEveryBranch({ branches, skip_branches }: Brancher): boolean {
  return !branches?.length && !skip_branches?.length;
}

/** Whether a job runs on `branch` (Prow: Brancher.ShouldRun); skip_branches wins. */
export function runsOnBranch(brancher: Brancher, branch: string): boolean {
  const { branches, skip_branches } = brancher;
  if (skip_branches?.length && compilePattern(skip_branches.join('|')).test(branch)) return false;
  return !branches?.length || compilePattern(branches.join('|')).test(branch);
}

/** Whether two jobs may run on one branch (Prow: Brancher.Intersects); branches are compared as text, against skip patterns as patterns. */
export function intersect(a: Brancher, b: Brancher): boolean {
  if (runsOnEveryBranch(a) || runsOnEveryBranch(b)) return true;
  if (a.branches?.length) {
    if (b.branches?.length) return a.branches.some((branch) => b.branches?.includes(branch));
    return a.branches.some((branch) => runsOnBranch(b, branch));
  }
  return b.branches?.length ? intersect(b, a) : true;
}
