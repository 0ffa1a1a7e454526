/** What `cutwater` can do: a word, what it is for, and where its code is (loaded only when it is asked for). */
export interface CliCommand {
  summary: string;
  /** Resolves to the exit code. */
  load(): Promise<(argv: string[]) => Promise<number>>;
}

interface UtilityModule {
  run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number>;
}

function utility(summary: string, load: () => Promise<UtilityModule>): CliCommand {
  return {
    summary,
    async load() {
      const { run } = await load();
      return (argv) => run(argv, process.env);
    },
  };
}

export const commands: Readonly<Record<string, CliCommand>> = {
  start: {
    summary: 'runs everything in one process; without any configuration, on a small GitHub of its own',
    load: async () => (await import('./start/index.ts')).run,
  },
  hook: {
    summary: 'receives webhooks and runs plugins, alone',
    load: async () => (await import('./standalone/hook.ts')).run,
  },
  deck: {
    summary: 'shows jobs and their logs, alone',
    load: async () => (await import('./standalone/deck.ts')).run,
  },
  controller: {
    summary: 'runs the pod-runner controller alone, with ProwJobs and pods on Kubernetes',
    load: async () => (await import('./standalone/controller.ts')).run,
  },
  sinker: {
    summary: 'removes jobs and pods that have had their day, alone',
    load: async () => (await import('./standalone/sinker.ts')).run,
  },
  horologium: {
    summary: 'starts periodics, alone',
    load: async () => (await import('./standalone/horologium.ts')).run,
  },
  crier: {
    summary: 'reports jobs, alone',
    load: async () => (await import('./standalone/crier.ts')).run,
  },
  'status-reconciler': {
    summary: 'keeps the statuses of open pull requests in step with the presubmits, alone',
    load: async () => (await import('./standalone/status-reconciler.ts')).run,
  },
  tot: {
    summary: 'vends build numbers',
    load: async () => (await import('./standalone/tot.ts')).run,
  },
  budget: {
    summary: "says what is left of GitHub's API budget, who spends it, and until when it lasts",
    load: async () => (await import('./budget/index.ts')).run,
  },
  'create-plugin': {
    summary: 'makes a folder with a new plugin that is served over HTTP',
    load: async () => (await import('./create-plugin/index.ts')).run,
  },
  checkconfig: {
    summary: 'checks a configuration, and tells what is odd about it',
    load: async () => (await import('./config/checkconfig/index.ts')).run,
  },
  'config-bootstrapper': {
    summary: 'fills the ConfigMaps of config-updater from folders',
    load: async () => (await import('./config/config-bootstrapper.ts')).run,
  },
  doctor: {
    summary: 'looks at all that the program needs to work, and says what is wrong and how to mend it',
    load: async () => (await import('./doctor/index.ts')).run,
  },
  'diff-config': {
    summary: 'says which jobs, pods, policies and decisions a change of configuration changes',
    load: async () => (await import('./config/diff/index.ts')).run,
  },
  inbox: {
    summary: 'lists, shows, replays, drops and exports deliveries',
    load: async () => (await import('./inbox/index.ts')).run,
  },
  outbox: {
    summary: 'lists events that external plugins did not take, sends them again, and drops them',
    load: async () => (await import('./outbox/index.ts')).run,
  },
  jobs: {
    summary: 'lists every job with its ProwJob, pod, URL and next runs',
    load: async () => (await import('./config/jobs.ts')).run,
  },
  mkpj: {
    summary: 'prints the ProwJob of a job, or submits it',
    load: async () => (await import('./config/mkpj.ts')).run,
  },
  mkpod: {
    summary: 'prints the pod of a ProwJob',
    load: async () => (await import('./config/mkpod.ts')).run,
  },
  'plugin-check': {
    summary: "holds an external plugin against Prow's contract, and says what to mend",
    load: async () => (await import('./plugin-check/index.ts')).run,
  },
  policies: {
    summary: 'lists what tide and branch protection ask for, by repository and branch',
    load: async () => (await import('./config/policies.ts')).run,
  },
  'serve-plugin': {
    summary: 'serves one plugin as an external one, over HTTP',
    load: async () => (await import('./serve-plugin/index.ts')).run,
  },
  sandbox: {
    summary: 'runs the small GitHub alone, with its page, for a bot that runs somewhere else',
    load: async () => (await import('./sandbox/index.ts')).run,
  },
  'which-jobs': {
    summary: 'says which jobs of a repository run on a branch, for changed files and a comment, and why',
    load: async () => (await import('./config/which-jobs.ts')).run,
  },
};

/** What the containers of a decorated job's pod run; where pods are plain processes, from this very program. */
export const podUtilities: Readonly<Record<string, CliCommand>> = {
  clonerefs: utility('clones the code of a job', async () => import('../jobs/pod-utils/clonerefs/index.ts')),
  entrypoint: utility("wraps a job's process", async () => import('../jobs/pod-utils/entrypoint/index.ts')),
  'place-entrypoint': utility(
    'puts entrypoint where the job finds it',
    async () => import('../jobs/pod-utils/entrypoint/index.ts'),
  ),
  gcsupload: utility('uploads files to storage', async () => import('../jobs/pod-utils/gcsupload/index.ts')),
  initupload: utility('uploads that a job has started', async () => import('../jobs/pod-utils/initupload/index.ts')),
  sidecar: utility(
    "waits for a job's process and uploads what it left",
    async () => import('../jobs/pod-utils/sidecar/index.ts'),
  ),
};

/** What is run where no command is named. */
export const DEFAULT_COMMAND = 'start';
