import { compilePattern } from '../../core/config/pattern.ts';
import type { PresubmitWish } from '../api/comment.ts';
import type { Decision } from '../api/jobs-port.ts';
import { runsOnBranch } from '../config/branches.ts';
import { defaultTrigger } from '../config/finish.ts';
import type { Brancher, Presubmit } from '../config/job.ts';
import { Changes, decideByChanges, hasChangeMatcher } from './changes.ts';

/** Nothing but a person starts the job (Prow: NeedsExplicitTrigger). */
export function isManual(job: Presubmit): boolean {
  return !job.always_run && !hasChangeMatcher(job);
}

/** Whether a merge waits for the job (Prow: ContextRequired). */
export function isRequired(job: Presubmit): boolean {
  return !job.optional && !job.skip_report;
}

/** Whether the job's own pattern takes the comment. */
export function triggerMatches({ name, trigger }: Presubmit, text: string): boolean {
  if (!trigger) return false;
  // The default pattern spells the name out. Thousands of jobs have one of their own each: most need not be compiled.
  if (trigger === defaultTrigger(name) && /^[\w-]+$/.test(name) && !text.includes(name)) return false;
  return compilePattern(trigger).test(text);
}

/** What a selection looks at. */
export interface SelectionFacts {
  /** The base branch. */
  branch: string;
  files: readonly string[];
  /** Contexts on the head commit, for /retest. */
  contexts?: { all: ReadonlySet<string>; failed: ReadonlySet<string> } | undefined;
}

/** One decision a presubmit, in order (Prow: PresubmitFilter and FilterPresubmits in pkg/pjutil/filter.go). */
export function selectPresubmits(
  jobs: readonly Presubmit[],
  wish: PresubmitWish,
  facts: SelectionFacts,
): Decision<Presubmit>[] {
  const changes = new Changes(facts.files);
  return jobs.map((job) => decide(job, claim(job, wish, facts), facts.branch, changes));
}

/** Whether the answer for any of the jobs depends on the changed files: asking GitHub for them costs requests. */
export function needsFiles(
  jobs: readonly Presubmit[],
  wish: PresubmitWish,
  facts: Omit<SelectionFacts, 'files'>,
): boolean {
  return jobs.some((job) => {
    const claimed = claim(job, wish, facts);
    return claimed && !job.always_run && !claimed.forced && hasChangeMatcher(job) && runsOnBranch(job, facts.branch);
  });
}

/** Why a wish takes a job, and how strongly. */
interface Claim {
  why: string;
  /** It runs whatever has changed. */
  forced: boolean;
  /** It runs where its change matcher does not say yes. */
  byDefault: boolean;
}

/** The first part of the wish that takes the job, in Prow's order: the more specific comes first. */
function claim(job: Presubmit, wish: PresubmitWish, { contexts }: Pick<SelectionFacts, 'contexts'>): Claim | undefined {
  if (wish.text !== undefined && triggerMatches(job, wish.text))
    return { why: 'the comment asks for it', forced: true, byDefault: true };
  if (wish.retest || (wish.retestRequired && !job.optional)) {
    const again = claimAgain(job, contexts);
    if (again) return again;
  }
  if (wish.manualRequired && !job.optional && isManual(job))
    return { why: 'it is required and nothing else starts it', forced: true, byDefault: false };
  if (wish.automatic && !isManual(job)) return { why: 'it runs by itself', forced: false, byDefault: false };
  return undefined;
}

function claimAgain(job: Presubmit, contexts: SelectionFacts['contexts']): Claim | undefined {
  if (contexts?.failed.has(job.context)) return { why: `${job.context} failed`, forced: false, byDefault: true };
  if (isManual(job) || contexts?.all.has(job.context)) return undefined;
  return { why: `${job.context} has not reported yet`, forced: false, byDefault: false };
}

function decide(job: Presubmit, claimed: Claim | undefined, branch: string, changes: Changes): Decision<Presubmit> {
  if (!claimed) return { job, runs: false, reason: unclaimed(job) };
  if (!runsOnBranch(job, branch)) return { job, runs: false, reason: branchReason(job, branch) };
  if (job.always_run) return { job, runs: true, reason: `${claimed.why}, and it always runs` };
  if (claimed.forced) return { job, runs: true, reason: claimed.why };
  if (!hasChangeMatcher(job)) return { job, runs: claimed.byDefault, reason: claimed.why };
  const { runs, reason } = decideByChanges(job, changes);
  return { job, runs: runs || claimed.byDefault, reason: runs ? reason : claimed.byDefault ? claimed.why : reason };
}

function unclaimed(job: Presubmit): string {
  return isManual(job) ? `it only runs when asked for: ${job.rerun_command}` : 'nothing asks for it';
}

/** Why a job is not for a branch. */
export function branchReason({ branches, skip_branches }: Brancher, branch: string): string {
  const skipped = skip_branches?.length ? skip_branches.join('|') : undefined;
  if (skipped !== undefined && compilePattern(skipped).test(branch))
    return `branch ${branch} matches skip_branches ${skipped}`;
  return `branch ${branch} does not match branches ${(branches ?? []).join('|')}`;
}
