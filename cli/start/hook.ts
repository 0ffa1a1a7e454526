import type { FlagValues } from '../../core/flags.ts';
import { gitPort } from '../../core/git/port.ts';
import type { GitHub } from '../../core/github/github.ts';
import { parseHmacSecrets, signatureOf } from '../../core/hook/hmac.ts';
import { createHook } from '../../core/hook/hook.ts';
import type { Route } from '../../core/hook/router.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import type { Logger } from '../../core/log.ts';
import { ownersPort } from '../../core/owners/port.ts';
import { configMapsPort } from '../../core/ports/config-maps.ts';
import { corePorts } from '../../core/ports/index.ts';
import { type SlackWriter, slackPort } from '../../core/ports/slack.ts';
import { apiPort } from '../../core/probot/api.ts';
import { fixedSecret, type Secret, secretFile } from '../../core/secrets/secret.ts';
import { bugzillaPort } from '../../core/trackers/bugzilla-port.ts';
import { jiraPort } from '../../core/trackers/jira.ts';
import { jobsPort } from '../../jobs/port/port.ts';
import { DEFAULT_HOST } from '../../jobs/report/slack/config.ts';
import { configMapAccess } from '../components/config-maps.ts';
import type { JobsContext, Running } from '../components/context.ts';
import { enablement } from '../components/enablement.ts';
import { openNeedsRebase } from '../components/needs-rebase.ts';
import { openSlack } from '../components/slack.ts';
import { openTrackers } from '../components/trackers.ts';
import { watchCoverage } from '../coverage/watch.ts';
import type { AppCredentials } from '../github-app/app.ts';
import { budgetRoutes } from './budget.ts';
import { openEvents } from './events.ts';
import type { githubFlags, hookFlags } from './flags.ts';
import { helpRoutes } from './help.ts';
import { openInRepoJobs } from './in-repo.ts';
import { openMirrors } from './mirrors.ts';

export interface HookOptions extends Pick<JobsContext, 'config' | 'store' | 'log' | 'registry'> {
  flags: FlagValues<typeof githubFlags> & FlagValues<typeof hookFlags>;
  dataDir: string;
  github: GitHub;
  /** The App that the set-up made, for its webhook secret. */
  app?: AppCredentials | undefined;
  /** Clusters that plugins may write ConfigMaps to. */
  clusters: KubeClusters | undefined;
}

/** Webhooks in, plugins run: hook with all that plugins work with. */
export interface Hook extends Running {
  /** Where webhooks arrive, and `/plugin-help`. */
  routes: readonly Route[];
  jobs: ReturnType<typeof jobsPort>;
  start(): void;
  /** False once deliveries can no longer be kept. */
  isAlive(): boolean;
}

export async function openHook({
  flags,
  dataDir,
  config,
  store,
  github,
  app,
  clusters,
  log,
  registry,
}: HookOptions): Promise<Hook> {
  const mirrors = openMirrors(flags['github-host'], dataDir, github, log);
  const needsRebase = openNeedsRebase({ config, github, updatePeriodMs: flags['needs-rebase-update-period'], log });
  const slack = openSlack(flags, flags['dry-run'], log);
  const trackers = openTrackers(flags, flags['dry-run'], log);
  const installations = watchCoverage({ config, github, log, registry });
  const ports = {
    ...corePorts,
    api: apiPort,
    owners: ownersPort({ config, log }),
    git: gitPort(mirrors),
    jobs: jobsPort({ config, store, inRepo: openInRepoJobs({ flags, config, mirrors, registry }), log }),
    mergeability: needsRebase.port,
    slack: slackPort(slackWriter(slack, log)),
    jira: jiraPort(trackers.jira),
    bugzilla: bugzillaPort(trackers.bugzilla),
    configMaps: configMapsPort(configMapAccess({ config, clusters, dryRun: flags['dry-run'], registry })),
  };
  const hmac = webhookSecret(flags['hmac-secret-file'], app, log);
  const events = await openEvents({
    dataDir,
    databaseUrl: flags['database-url'],
    config,
    ports,
    github,
    onInstallations: installations.changed,
    tunnel: Boolean(flags['webhook-proxy-url'] ?? process.env.WEBHOOK_PROXY_URL ?? app?.webhookProxy),
    retentionMs: flags['inbox-retention'],
    isOurs: enablement(flags),
    sign: signsWith(hmac),
    log,
    registry,
  });
  return {
    jobs: ports.jobs,
    routes: [
      ...createHook({ hmac, accept: events.accept, registry, log, webhookPath: flags['webhook-path'] }),
      ...helpRoutes({ config, github, probotApps: events.probotApps, log }),
      ...budgetRoutes(github),
      ...installations.routes,
    ],
    start() {
      events.start();
      needsRebase.start();
      installations.start();
    },
    isAlive: events.isAlive,
    async stop(graceMs) {
      installations.stop();
      await events.close(graceMs);
      await needsRebase.stop(graceMs);
      await mirrors.close();
      hmac.close();
      slack.close();
      trackers.close();
    },
  };
}

/** From the file, else the environment as Probot has it, else of the App that the set-up made. */
function webhookSecret(file: string | undefined, app: AppCredentials | undefined, log: Logger): Secret {
  return file ? secretFile(file, log) : fixedSecret(process.env.WEBHOOK_SECRET ?? app?.webhookSecret ?? '');
}

/** Signs as GitHub does, with the secret of the repository. */
function signsWith(hmac: Secret): (repo: string, payload: Buffer) => string {
  return (repo, payload) => signatureOf(payload, parseHmacSecrets(hmac.current()).of(repo)?.[0] ?? '');
}

/** Plugins write to the workspace of --slack-token-file. */
function slackWriter({ clients }: ReturnType<typeof openSlack>, log: Logger): SlackWriter {
  return (
    clients.get(DEFAULT_HOST) ?? {
      async write(channel) {
        log.warn({ channel }, 'A plugin has something to say on Slack, but --slack-token-file is not given');
      },
    }
  );
}
