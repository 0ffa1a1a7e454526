import type { GitHub } from '../../core/github/github.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import type { ProwJobAgent } from '../../jobs/api/prowjob.ts';
import { podNamespace } from '../../jobs/config/general.ts';
import { plank } from '../../jobs/config/plank.ts';
import { githubReporter } from '../../jobs/report/github/reporter.ts';
import { pubsubPublisher } from '../../jobs/report/pubsub/client.ts';
import { pubsubReporter } from '../../jobs/report/pubsub/reporter.ts';
import type { Reporter } from '../../jobs/report/reporter.ts';
import { slackReporter } from '../../jobs/report/slack/reporter.ts';
import { slackReporterConfigs } from '../../jobs/report/slack/section.ts';
import { podReporter } from '../../jobs/report/storage/pod-reporter.ts';
import { storageReporter } from '../../jobs/report/storage/reporter.ts';
import { jobUrlPrefix } from '../../jobs/spec/url.ts';
import type { JobsContext } from './context.ts';
import { podInfoSource } from './pod-info.ts';
import type { ReportFlags } from './report-flags.ts';
import { githubReportConfig, reportGitHub } from './report-github.ts';
import { openResults } from './results.ts';
import { openSlack } from './slack.ts';

export type ReporterName = 'github' | 'slack' | 'storage' | 'pod' | 'pubsub';

export interface ReportersOptions extends Omit<JobsContext, 'registry'> {
  flags: ReportFlags;
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
  clusters: KubeClusters | undefined;
  /** Where jobs on this machine keep their results. */
  outputDir?: string | undefined;
}

export interface Reporters {
  all: readonly Reporter[];
  close(): Promise<void>;
}

const EVERY: readonly ReporterName[] = ['github', 'slack', 'storage', 'pod', 'pubsub'];

/** Those who tell of jobs; each has nothing to do where neither configuration nor job asks for it. A dry run writes to no storage and no topic. */
export function openReporters(options: ReportersOptions, names: readonly ReporterName[] = EVERY): Reporters {
  const { flags, store, dryRun, log } = options;
  const config = options.config;
  const agent = flags['report-agent'] as ProwJobAgent | undefined;
  const slack = openSlack(flags, dryRun, log);
  const pubsub = pubsubPublisher(flags['gcs-credentials-file']);
  const stored = { ...openResults(options), log };
  const make: Record<ReporterName, () => Reporter[]> = {
    github: () => [
      githubReporter({
        github: reportGitHub(options.github),
        store,
        config: () => githubReportConfig(config()),
        agent,
        log,
      }),
    ],
    slack: () =>
      slack.clients.size === 0
        ? []
        : [
            forAgent(
              slackReporter({ config: () => config().get(slackReporterConfigs), clients: slack.clients }),
              agent,
            ),
          ],
    storage: () => [storageReporter(stored)],
    pod: () => [
      podReporter({
        ...stored,
        source: podInfoSource(options.pods, options.clusters, () => config().get(podNamespace)),
        fraction: flags['kubernetes-report-fraction'],
      }),
    ],
    pubsub: () => [
      pubsubReporter({ publish: pubsub.publish, urlPrefix: (job) => jobUrlPrefix(config().get(plank), job) }),
    ],
  };
  const wanted = names.filter((name) => !dryRun || name === 'github' || name === 'slack');
  return {
    all: wanted.flatMap((name) => make[name]()),
    async close() {
      slack.close();
      await pubsub.close();
    },
  };
}

/** Only jobs of one agent, where one is named. */
function forAgent(reporter: Reporter, agent: ProwJobAgent | undefined): Reporter {
  if (!agent) return reporter;
  return { ...reporter, shouldReport: (job) => job.spec.agent === agent && reporter.shouldReport(job) };
}
