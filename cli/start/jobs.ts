import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../core/config/config.ts';
import { parseDuration } from '../../core/config/duration.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { GitHub } from '../../core/github/github.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import { snowflakes } from '../../jobs/buildid/snowflake.ts';
import { podNamespace } from '../../jobs/config/general.ts';
import { plank } from '../../jobs/config/plank.ts';
import type { PlankConfig } from '../../jobs/controller/facts.ts';
import { startController } from '../../jobs/controller/runtime.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';
import { LocalPods } from '../../jobs/pods/local/index.ts';
import { processRuntime } from '../../jobs/pods/local/runtime-process.ts';
import { Crier } from '../../jobs/report/crier.ts';
import { githubReporter } from '../../jobs/report/github/reporter.ts';
import { crierMetrics } from '../../jobs/report/metrics.ts';
import { podOf } from '../../jobs/spec/pod.ts';
import { jobUrl } from '../../jobs/spec/url.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import type { StartFlags } from './flags.ts';
import { githubReportConfig, reportGitHub } from './report-github.ts';

export interface JobsOptions {
  flags: StartFlags;
  dataDir: string;
  config(): Config;
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
  /** Where people reach this program; links to logs begin with it. */
  url(): string;
  log: Logger;
  registry: Metrics;
}

/** ProwJobs, the pods that run them, and the reports of what became of them. */
export interface Jobs {
  store: ProwJobStore;
  pods: PodBackend;
  start(): void;
  stop(graceMs: number): Promise<void>;
}

const LAUNCHER = fileURLToPath(new URL('../launch.mjs', import.meta.url));
const REPORTS_SIDE_BY_SIDE = 4;

export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const { dataDir, config, log } = options;
  const store = new EmbeddedStore({ path: path.join(dataDir, 'prowjobs.db') });
  const pods = await openPods(options);
  const artifacts = path.join(dataDir, 'artifacts');
  mkdirSync(artifacts, { recursive: true });
  const nextBuildId = snowflakes();
  const stopping = new AbortController();
  let stop = async (_graceMs: number): Promise<void> => {};
  return {
    store,
    pods,
    start() {
      const controller = startController({
        store,
        pods,
        config: () => plankConfig(config()),
        podFor: (job, buildId) => podOf({ ...job, status: { ...job.status, build_id: buildId } }, artifacts),
        jobUrl: (job) => jobUrl(config().get(plank), job) || logPage(options.url(), job),
        buildId: async () => nextBuildId(),
        now: Date.now,
        log,
        metrics: options.registry,
      });
      const reporting = openCrier(options, store).run(stopping.signal);
      stop = async (graceMs) => {
        stopping.abort();
        await Promise.all([controller.stop(graceMs), reporting]);
      };
    },
    async stop(graceMs) {
      await stop(graceMs);
      await pods.close();
      store.close();
    },
  };
}

async function openPods({ flags, dataDir, log }: JobsOptions): Promise<PodBackend> {
  const runtime = flags['local-runtime'];
  if (runtime !== 'process') throw new CutwaterError('usage', `--local-runtime=${runtime} cannot be had here`);
  const secretsFolder = flags['local-secrets-dir'];
  return LocalPods.open({
    folder: path.join(dataDir, 'pods'),
    runtime: processRuntime({ utilities: { command: [process.execPath, LAUNCHER] } }),
    secretsFolder,
    configMapsFolder: secretsFolder,
    log,
  });
}

function openCrier({ config, github, log, registry }: JobsOptions, store: ProwJobStore): Crier {
  const reporter = githubReporter({
    github: reportGitHub(github),
    store,
    config: () => githubReportConfig(config()),
    log,
  });
  return new Crier({
    store,
    reporters: [reporter],
    workersPerShard: REPORTS_SIDE_BY_SIDE,
    enabled: () => true,
    log,
    metrics: crierMetrics(registry),
  });
}

/** Where no template says otherwise, a job's link leads to our own page. */
function logPage(url: string, { spec, status }: ProwJob): string {
  return `${url}/view/prowjob/${encodeURIComponent(spec.job ?? '')}/${status.build_id ?? ''}`;
}

function plankConfig(config: Config): PlankConfig {
  const { pod_pending_timeout, pod_running_timeout, pod_unscheduled_timeout, ...rest } = config.get(plank);
  return {
    ...rest,
    pod_namespace: config.get(podNamespace),
    pod_pending_timeout: parseDuration(pod_pending_timeout),
    pod_running_timeout: parseDuration(pod_running_timeout),
    pod_unscheduled_timeout: parseDuration(pod_unscheduled_timeout),
  };
}
