import { readFileSync } from 'node:fs';
import type { Config } from '../../core/config/config.ts';
import { parseDuration } from '../../core/config/duration.ts';
import type { LabelSelector } from '../../core/kube/label-selector.ts';
import { builtAs } from '../../core/version.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import { podNamespace } from '../../jobs/config/general.ts';
import { plank } from '../../jobs/config/plank.ts';
import type { PlankConfig } from '../../jobs/controller/facts.ts';
import { startController } from '../../jobs/controller/runtime.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { assertConfined, type Confinement } from '../../jobs/pods/local/confined.ts';
import { podOf } from '../../jobs/spec/pod.ts';
import { withRoles } from '../../jobs/spec/roles.ts';
import { jobUrl } from '../../jobs/spec/url.ts';
import { registerClusterMetrics } from './cluster-metrics.ts';
import type { JobsContext, Running } from './context.ts';
import { withFolderMounted, withLocalStorage } from './local-artifacts.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export interface ControllerOptions extends JobsContext {
  /** A fresh build id for a job name. */
  buildId(job: string): Promise<string>;
  /** Pods without these labels are left alone: what happens to them is not followed. */
  podSelector?: LabelSelector;
  /** Where people reach this program: links to logs begin with it where no template says otherwise. */
  url?: (() => string) | undefined;
  /** Where jobs on this machine keep their results, unless they name a bucket with its provider. */
  outputDir?: string | undefined;
  /** How far jobs in containers of this machine are kept from it. */
  confinement?: Confinement | undefined;
}

/** The pod-runner controller: one pod a job. */
export function runController({ config, registry, url, outputDir, confinement, ...rest }: ControllerOptions): Running {
  registerClusterMetrics(registry, rest.pods);
  return startController({
    ...rest,
    config: () => plankConfig(config()),
    podFor: (job, buildId) =>
      podFor({ ...job, status: { ...job.status, build_id: buildId } }, { outputDir, confinement }),
    jobUrl: (job) => jobUrl(config().get(plank), job) || (url ? logPage(url(), job) : ''),
    version: builtAs() ?? `v${version}`,
    now: Date.now,
    metrics: registry,
  });
}

function podFor(job: ProwJob, { outputDir, confinement }: Pick<ControllerOptions, 'outputDir' | 'confinement'>): Pod {
  if (!outputDir) return podOf(job);
  if (confinement) assertConfined(job, confinement);
  const pod = withRoles(podOf(withLocalStorage(job, outputDir)), job);
  return job.spec.decoration_config ? withFolderMounted(pod, outputDir) : pod;
}

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
