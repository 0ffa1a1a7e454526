import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { GitHub } from '../../core/github/github.ts';
import { snowflakes } from '../../jobs/buildid/snowflake.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import type { JobsContext, Running } from '../components/context.ts';
import { runController } from '../components/controller.ts';
import { runCrier } from '../components/crier.ts';
import { runHorologium, runSinker } from '../components/periodics.ts';
import { openPods } from '../components/pods.ts';
import type { StartFlags } from './flags.ts';

export interface JobsOptions extends Pick<JobsContext, 'config' | 'log' | 'registry'> {
  flags: StartFlags;
  dataDir: string;
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
  /** Where people reach this program. */
  url(): string;
}

/** ProwJobs, the pods that run them, and the reports of what became of them. */
export interface Jobs extends Pick<JobsContext, 'store' | 'pods'>, Running {
  start(): void;
}

export async function openJobs({ flags, dataDir, github, url, ...shared }: JobsOptions): Promise<Jobs> {
  const store = new EmbeddedStore({ path: path.join(dataDir, 'prowjobs.db') });
  const pods = await openPods(flags, dataDir, shared.log);
  const context: JobsContext = { ...shared, store, pods, dryRun: flags['dry-run'] };
  const outputDir = path.join(dataDir, 'artifacts');
  mkdirSync(outputDir, { recursive: true });
  const nextBuildId = snowflakes();
  let running: Running[] = [];
  return {
    store,
    pods,
    start() {
      running = [
        runController({ ...context, buildId: async () => nextBuildId(), url, outputDir }),
        runCrier({ ...context, github }),
        runHorologium(context),
        runSinker(context),
      ];
    },
    async stop(graceMs) {
      await Promise.all(running.map((component) => component.stop(graceMs)));
      await pods.close();
      store.close();
    },
  };
}
