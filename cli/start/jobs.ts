import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { GitHub } from '../../core/github/github.ts';
import { prowjobNamespace } from '../../jobs/config/general.ts';
import { buildIds } from '../components/build-id.ts';
import { runClusterStatus } from '../components/cluster-status.ts';
import type { JobsContext, Running } from '../components/context.ts';
import { runController } from '../components/controller.ts';
import { runCrier } from '../components/crier.ts';
import { readOnlyPods, readOnlyStore } from '../components/dry-run.ts';
import { CONTROLLER_LEASE, endProcess, SINKER_LEASE, together, whileLeading } from '../components/leading.ts';
import { runHorologium, runSinker } from '../components/periodics.ts';
import { openPlaces, type Places } from '../components/places.ts';
import { confinementOf } from '../components/pods.ts';
import { openReporters } from '../components/reporters.ts';
import { openResults, type Results } from '../components/results.ts';
import { runScheduler } from '../components/scheduler.ts';
import { openStorage } from '../components/storage.ts';
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
  clusters: Places['clusters'];
  results: Results;
  /** `others` work beside those that look after jobs, one process at a time. */
  start(others: () => Running): void;
}

export async function openJobs({ flags, dataDir, github, url, ...shared }: JobsOptions): Promise<Jobs> {
  const { log } = shared;
  const dryRun = flags['dry-run'];
  const places = await openPlaces(flags, { config: shared.config(), dataDir, log });
  const store = dryRun ? readOnlyStore(places.store, log) : places.store;
  const pods = dryRun ? readOnlyPods(places.pods, log) : places.pods;
  const context: JobsContext = { ...shared, store, pods, dryRun };
  const outputDir = places.kind.pods === 'local' ? path.join(dataDir, 'artifacts') : undefined;
  const confinement = outputDir ? confinementOf(flags) : undefined;
  if (outputDir) mkdirSync(outputDir, { recursive: true });
  const reporters = openReporters({ ...context, flags, github, outputDir, clusters: places.clusters });
  const leading = leadingBy(places, context);
  let running: Running[] = [];
  return {
    store,
    pods,
    clusters: places.clusters,
    results: openResults({ flags, config: shared.config, outputDir }),
    start(others) {
      running = [
        leading(CONTROLLER_LEASE, () =>
          together([
            runScheduler(context),
            runController({ ...context, buildId: buildIds(flags['tot-url']), url, outputDir, confinement }),
            runCrier({ ...context, reporters: reporters.all }),
            runHorologium(context),
            runClusterStatus({ ...context, storage: openStorage(flags) }),
            others(),
          ]),
        ),
        leading(SINKER_LEASE, () => runSinker(context)),
      ];
    },
    async stop(graceMs) {
      await together(running).stop(graceMs);
      await reporters.close();
      await places.close();
    },
  };
}

/** Who shares ProwJobs with others takes turns with them; who has them alone begins at once. */
function leadingBy(
  { kind, clusters }: Places,
  { config, log, registry }: Pick<JobsContext, 'config' | 'log' | 'registry'>,
) {
  if (kind.prowjobs === 'embedded' || !clusters) return (_lease: string, begin: () => Running): Running => begin();
  const namespace = config().get(prowjobNamespace);
  return (lease: string, begin: () => Running): Running =>
    whileLeading({ clusters, namespace, lease, log, registry, lost: endProcess }, begin);
}
