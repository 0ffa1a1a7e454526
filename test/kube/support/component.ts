import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { KubeTarget } from '../../../core/kube/kubeconfig.ts';
import { kubeconfigText, temporaryFolder } from './files.ts';

/** The configuration of components that run as programs of their own, and the programs. */
export interface Components {
  /** Writes config.yaml and the job configuration; running components reload. */
  configure(config: object, jobs?: object): Promise<void>;
  /** `cutwater NAME FLAGS…` with the rights of `target`. */
  start(name: string, target: KubeTarget, flags?: string[]): Promise<ChildProcess>;
  close(): Promise<void>;
}

const LAUNCHER = new URL('../../../cli/launch.mjs', import.meta.url).pathname;

export async function openComponents(): Promise<Components> {
  const files = await temporaryFolder();
  const running = new Set<ChildProcess>();
  return {
    async configure(config, jobs = {}) {
      await files.write('config.yaml', JSON.stringify(config));
      await files.write('jobs.yaml', JSON.stringify(jobs));
    },
    async start(name, target, flags = []) {
      const kubeconfig = await files.write(`kubeconfig-${running.size}`, kubeconfigText({ build: target }));
      const given = [
        `--config-path=${files.path}/config.yaml`,
        `--job-config-path=${files.path}/jobs.yaml`,
        `--kubeconfig=${kubeconfig}`,
        '--dry-run=false',
      ];
      const child = spawn(process.execPath, [LAUNCHER, name, ...given, ...flags], { stdio: 'ignore' });
      running.add(child);
      return child;
    },
    async close() {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill();
        await once(child, 'exit');
      }
      await files.remove();
    },
  };
}
