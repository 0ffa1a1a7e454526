import type { ProwJobState } from '../../jobs/api/prowjob.ts';
import type { Segment } from './log/ansi.ts';
import type { Finding } from './log/index-of-log.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Chrome {
  /** ISO time of this view. */
  now: string;
  theme: Theme;
  title: string;
}

/** What a job's page and its row in the list tell of it. */
export interface JobFacts {
  name: string;
  job: string;
  build: string;
  state: ProwJobState;
  type: string;
  description: string;
  href: string;
  rawHref: string;
  /** "acme/widgets", or empty for a periodic without refs. */
  repo: string;
  repoLink: string | null;
  pulls: { number: number; title: string; author: string; sha: string; link: string | null }[];
  base: { ref: string; sha: string } | null;
  cluster: string;
  started: string;
  ended: string | null;
}

export interface LogFacts {
  lines: number;
  bytes: number;
  /** The job has ended and its whole log is known. */
  whole: boolean;
  /** Why no line is shown; null where there is a log. */
  missing: string | null;
  findings: Finding[];
  /** Why the log could not be read; what is known stays. */
  problem: string | null;
}

export interface LogWindow {
  /** Number of the first line of `lines`, counted from 1. */
  first: number;
  lines: Segment[][];
}

export interface JobView {
  kind: 'job';
  chrome: Chrome;
  job: JobFacts;
  log: LogFacts;
  window: LogWindow;
}

export interface JobsView {
  kind: 'jobs';
  chrome: Chrome;
  jobs: JobFacts[];
  olderHref: string | null;
}

interface MessageView {
  kind: 'message';
  chrome: Chrome;
  heading: string;
  words: string;
}

export type View = JobView | JobsView | MessageView;

/** One message of a job's event stream. */
export interface JobNews {
  job: JobFacts;
  log: LogFacts;
}
