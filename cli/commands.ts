/** What `cutwater` can do: a word, what it is for, and where its code is (loaded only when it is asked for). */
export interface CliCommand {
  summary: string;
  /** Resolves to the exit code. */
  load(): Promise<(argv: string[]) => Promise<number>>;
}

export const commands: Readonly<Record<string, CliCommand>> = {
  start: {
    summary: 'runs everything in one process; without any configuration, on a small GitHub of its own',
    load: async () => (await import('./start/index.ts')).run,
  },
  jobs: {
    summary: 'lists every job with its ProwJob, pod, URL and next runs',
    load: async () => (await import('./config/jobs.ts')).run,
  },
  'which-jobs': {
    summary: 'says which jobs of a repository run on a branch, for changed files and a comment, and why',
    load: async () => (await import('./config/which-jobs.ts')).run,
  },
};

/** What is run where no command is named. */
export const DEFAULT_COMMAND = 'start';
