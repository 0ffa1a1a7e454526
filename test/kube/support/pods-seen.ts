import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface PodsSeen {
  /** How many different pods there were of each job, gone ones included. */
  perJob(): Record<string, number>;
  stop(): void;
}

/** Watches the pods of jobs from now on. */
export function watchPods(namespace: string): PodsSeen {
  const template = String.raw`{.metadata.labels.prow\.k8s\.io/job}{" "}{.metadata.uid}{"\n"}`;
  const args = ['--namespace', namespace, 'get', 'pods', '--watch', `--output=jsonpath=${template}`];
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const seen = new Map<string, Set<string>>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [job = '', uid = ''] = line.split(' ');
    seen.set(job, (seen.get(job) ?? new Set()).add(uid));
  });
  return {
    perJob: () => Object.fromEntries([...seen].map(([job, uids]) => [job, uids.size])),
    stop: () => void child.kill(),
  };
}
