import { parseDuration } from '../../core/config/duration.ts';
import { compilePattern } from '../../core/config/pattern.ts';
import { messageOf } from '../../core/errors.ts';
import { intersect } from './branches.ts';
import { parseCron } from './cron.ts';
import { defaultTrigger } from './finish.ts';
import type { Brancher, ChangeMatcher, JobBase, Periodic, Postsubmit, Presubmit, Reporting } from './job.ts';
import { type JobRules, validateBase } from './validate-base.ts';

/** Says what is wrong with a job. */
export type Refuse = (job: JobBase, message: string) => void;

const GERRIT_REPORT_LABEL = 'prow.k8s.io/gerrit-report-label';

/** Checks the presubmits of one repository, static and in-repo ones together (Prow: validatePresubmits). */
export function validatePresubmits(jobs: readonly Presubmit[], rules: JobRules, refuse: Refuse): void {
  refuseTwins(jobs, 'presubmit', refuse);
  for (const job of jobs) for (const message of presubmitProblems(job, rules)) refuse(job, message);
}

/** Checks the postsubmits of one repository (Prow: validatePostsubmits). */
export function validatePostsubmits(jobs: readonly Postsubmit[], rules: JobRules, refuse: Refuse): void {
  refuseTwins(jobs, 'postsubmit', refuse);
  for (const job of jobs) for (const message of postsubmitProblems(job, rules)) refuse(job, message);
}

export function validatePeriodics(jobs: readonly Periodic[], rules: JobRules, refuse: Refuse): void {
  const names = new Set<string>();
  for (const job of jobs) {
    if (names.has(job.name)) refuse(job, `duplicated periodic job: ${job.name}`);
    names.add(job.name);
    for (const message of periodicProblems(job, rules)) refuse(job, message);
  }
}

type BranchedJob = JobBase & Brancher & Reporting;

/** Two jobs of one name, or of one context, may not run on one branch. */
function refuseTwins(jobs: readonly BranchedJob[], kind: string, refuse: Refuse): void {
  const byName = Map.groupBy(jobs, ({ name }) => name);
  for (const [name, same] of byName) {
    const twin = same.find((job, index) => same.slice(0, index).some((other) => intersect(other, job)));
    if (twin) refuse(twin, `duplicated ${kind} jobs (consider both inrepo and central config): [${name}]`);
  }
  for (const [context, same] of Map.groupBy(jobs, (job) => job.context)) {
    for (const [index, job] of same.entries()) {
      const other = same.slice(0, index).find(({ name, ...rest }) => name !== job.name && intersect(rest, job));
      if (other) refuse(job, `jobs ${other.name} and ${job.name} report to the same GitHub context "${context}"`);
    }
  }
}

const checked = new WeakMap<JobBase, readonly string[]>();

/** A finished job never changes, so it is checked once. */
function once(job: JobBase, check: () => string[]): readonly string[] {
  const problems = checked.get(job) ?? check();
  checked.set(job, problems);
  return problems;
}

function presubmitProblems(job: Presubmit, rules: JobRules): readonly string[] {
  return once(job, () => [
    ...patternProblems(job),
    ...triggerProblems(job),
    ...validateBase(job, 'presubmit', rules).map((text) => `invalid presubmit job ${job.name}: ${text}`),
    ...changeProblems(job, job.always_run === true),
    ...reportProblems(job).map((text) => `invalid presubmit job ${job.name}: ${text}`),
  ]);
}

function postsubmitProblems(job: Postsubmit, rules: JobRules): readonly string[] {
  return once(job, () => [
    ...patternProblems(job),
    ...validateBase(job, 'postsubmit', rules).map((text) => `invalid postsubmit job ${job.name}: ${text}`),
    ...changeProblems(job, job.always_run === true),
    ...reportProblems(job).map((text) => `invalid postsubmit job ${job.name}: ${text}`),
  ]);
}

function periodicProblems(job: Periodic, rules: JobRules): readonly string[] {
  return once(job, () => [
    ...validateBase(job, 'periodic', rules).map((text) => `invalid periodic job ${job.name}: ${text}`),
    ...timeProblems(job),
  ]);
}

function patternProblems(job: BranchedJob & ChangeMatcher): string[] {
  return [
    patternProblem(
      job.branches?.join('|'),
      `could not set branch regexes for ${job.name}: could not compile positive branch regex`,
    ),
    patternProblem(
      job.skip_branches?.join('|'),
      `could not set branch regexes for ${job.name}: could not compile negative branch regex`,
    ),
    patternProblem(
      job.run_if_changed,
      `could not set change regexes for ${job.name}: could not compile run_if_changed regex`,
    ),
    patternProblem(
      job.skip_if_only_changed,
      `could not set change regexes for ${job.name}: could not compile skip_if_only_changed regex`,
    ),
  ].filter((text) => text !== undefined);
}

function patternProblem(source: string | undefined, what: string): string | undefined {
  if (!source) return undefined;
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    return `${what}: ${messageOf(error)}`;
  }
}

function triggerProblems({ name, trigger, rerun_command }: Presubmit): string[] {
  // The default fits by construction; compiling it for thousands of jobs would cost more than the rest of the load.
  if (trigger === defaultTrigger(name) && rerun_command === `/test ${name}` && /^[\w.-]+$/.test(name)) return [];
  const wrong = patternProblem(trigger, `could not compile trigger regex for ${name}`);
  if (wrong) return [wrong];
  if (!trigger || !rerun_command)
    return [`either both of job.Trigger and job.RerunCommand must be set, wasnt the case for job "${name}"`];
  if (compilePattern(trigger).test(rerun_command)) return [];
  return [`for job ${name}, rerun command "${rerun_command}" does not match trigger "${trigger}"`];
}

function changeProblems(
  { name, run_if_changed, skip_if_only_changed }: JobBase & ChangeMatcher,
  always: boolean,
): string[] {
  const problems: string[] = [];
  const exclusive = (key: string) =>
    `job ${name} is set to always run but also declares ${key} targets, which are mutually exclusive`;
  if (always && run_if_changed) problems.push(exclusive('run_if_changed'));
  else if (always && skip_if_only_changed) problems.push(exclusive('skip_if_only_changed'));
  else if (run_if_changed && skip_if_only_changed)
    problems.push(`job ${name} declares run_if_changed and skip_if_only_changed, which are mutually exclusive`);
  return problems;
}

function reportProblems({ skip_report, context, labels }: BranchedJob): string[] {
  if (!skip_report) return context ? [] : ['job is set to report but has no context configured'];
  if (!labels?.[GERRIT_REPORT_LABEL]) return [];
  return [
    `gerrit report label ${GERRIT_REPORT_LABEL} set to non-empty string but job is configured to skip reporting.`,
  ];
}

function timeProblems({ name, cron, interval, minimum_interval, retry }: Periodic): string[] {
  const given = [cron, interval, minimum_interval].filter(Boolean).length;
  if (given > 1) return [`cron, interval, and minimum_interval are mutually exclusive in periodic ${name}`];
  if (given === 0) return [`at least one of cron, interval, or minimum_interval must be set in periodic ${name}`];
  return [
    ...failure(`invalid cron string ${cron} in periodic ${name}`, () => cron && parseCron(cron)),
    ...failure(`cannot parse duration for ${name}`, () => interval && parseDuration(interval)),
    ...failure(`cannot parse Retry duration for ${name}`, () => retry && parseDuration(retry.interval ?? '')),
    ...failure(`cannot parse duration for ${name}`, () => minimum_interval && parseDuration(minimum_interval)),
  ];
}

function failure(what: string, attempt: () => unknown): string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    return [`${what}: ${messageOf(error)}`];
  }
}
