import type { PresubmitWish } from './comment.ts';
import type { ProwJob } from './prowjob.ts';
import type { Refs } from './refs.ts';

/** What plugins see of a presubmit; the rest of its configuration is the job's own affair. */
export interface PresubmitView {
  name: string;
  context: string;
  optional: boolean;
  /** Whether a merge waits for it: it is neither optional nor silent (Prow: ContextRequired). */
  required: boolean;
  /** Nothing but a person starts it (Prow: NeedsExplicitTrigger). */
  manual: boolean;
  rerunCommand: string;
}

/** Facts for a selection; what costs a request is asked for only where a job depends on it. */
export interface PullFacts {
  /** The base branch. */
  branch: string;
  files(): Promise<readonly string[]>;
  /** The contexts that stand on the head commit, and those of them that failed. */
  contexts(): Promise<{ all: ReadonlySet<string>; failed: ReadonlySet<string> }>;
}

export interface Decision<J> {
  job: J;
  runs: boolean;
  /** In words, for people: why it runs, or why it does not. */
  reason: string;
}

/** The presubmits of a repository as a pull request has them, in the order of the configuration. */
export interface Presubmits {
  readonly jobs: readonly PresubmitView[];
  /** Why the repository's own configuration is left out: then `jobs` are those of the operator's alone. */
  readonly inRepoProblem?: string;
  /** Whether the text starts any of them by its own pattern. */
  triggeredBy(text: string): boolean;
  /** Whether the job is for this branch at all (Prow: CouldRun). */
  couldRun(job: PresubmitView, branch: string): boolean;
  /** One decision a job, in order. */
  select(wish: PresubmitWish, facts: PullFacts): Promise<Decision<PresubmitView>[]>;
  /** The commands that the jobs of this branch are started by. */
  available(facts: PullFacts): Promise<AvailablePresubmits>;
}

/** What `/test ?` lists (Prow: AvailablePresubmits); all sorted, each once. */
export interface AvailablePresubmits {
  /** Names of what `/test all` runs. */
  all: string[];
  requiredCommands: string[];
  optionalCommands: string[];
}

export interface PostsubmitView {
  name: string;
  context: string;
}

export interface Postsubmits {
  readonly jobs: readonly PostsubmitView[];
  readonly inRepoProblem?: string;
  select(branch: string, files: readonly string[]): Decision<PostsubmitView>[];
}

/** What a ProwJob needs to know of its pull request. */
export interface PullToTest {
  number: number;
  title: string;
  author: string;
  url: string;
  headSha: string;
  headRef: string;
  baseRef: string;
  baseSha: string;
}

export interface NewPresubmits {
  /** Names; a name stands for the one job of that name that could run on the base branch. */
  jobs: string[];
  pull: PullToTest;
  /** The delivery that asks for them: ProwJobs are named after it, so that the same delivery creates none twice. */
  delivery: string;
  labels?: Record<string, string>;
  /** For jobs that need not run any more: they are recorded as ended. */
  ended?: { state: 'success'; description: string; url: string };
}

export interface NewPostsubmits {
  jobs: string[];
  /** The pushed commit. */
  refs: Refs & { base_ref: string; base_sha: string };
  delivery: string;
}

/** What plugins may ask about jobs, and do with them. Bound to the event's repository and pull request. */
export interface JobsPort {
  /** Whether the repository may declare jobs of its own: only then do commits matter to the calls below. */
  usesInRepoConfig(): Promise<boolean>;
  /** With `commits`, the repository's own configuration as merged from them counts as well. */
  presubmits(commits?: { baseSha: string; headSha: string }): Promise<Presubmits>;
  /** The same for a pushed commit. */
  postsubmits(commit?: { sha: string }): Promise<Postsubmits>;
  /** Creates what is not there yet, and gives the names of all. A failure of one job does not keep the others from being created. */
  startPresubmits(wanted: NewPresubmits): Promise<string[]>;
  startPostsubmits(wanted: NewPostsubmits): Promise<string[]>;
  /** The ProwJobs of this pull request's presubmits, newest first. */
  ofPull(): Promise<ProwJob[]>;
  /** Aborts this pull request's presubmits that have not ended, but for those that `delivery` itself created. Gives their names. */
  abortPresubmits(delivery: string): Promise<string[]>;
}

declare module '../../core/ports/index.ts' {
  interface PortMap {
    jobs: JobsPort;
  }
}
