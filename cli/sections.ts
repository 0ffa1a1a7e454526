import type { Section } from '../core/config/section.ts';
import { externalPlugins } from '../core/config/sections/external-plugins.ts';
import { gangway } from '../core/config/sections/gangway.ts';
import { gerrit } from '../core/config/sections/gerrit.ts';
import { managedWebhooks } from '../core/config/sections/managed-webhooks.ts';
import { orgs } from '../core/config/sections/orgs.ts';
import { probotApps } from '../core/config/sections/probot-apps.ts';
import {
  configVersionSha,
  logLevel,
  moonraker,
  pushGateway,
  statusErrorLink,
} from '../core/config/sections/process.ts';
import { ownersDirDenylist } from '../core/owners/denylist.ts';
import { enabledPlugins } from '../core/plugin/enablement.ts';
import { deck } from '../deck/config.ts';
import {
  defaultJobTimeout,
  disabledClusters,
  podNamespace,
  prowjobDefaults,
  prowjobNamespace,
  scheduler,
} from '../jobs/config/general.ts';
import { jobs } from '../jobs/config/jobs.ts';
import { jenkinsOperators, pipeline } from '../jobs/config/other-agents.ts';
import { plank } from '../jobs/config/plank.ts';
import { pubsubSubscriptions, pubsubTriggers } from '../jobs/config/pubsub.ts';
import { horologium } from '../jobs/horologium/config.ts';
import { inRepoConfig } from '../jobs/inrepo/config.ts';
import { githubReporterConfig } from '../jobs/report/github/section.ts';
import { slackReporterConfigs } from '../jobs/report/slack/section.ts';
import { sinker } from '../jobs/sinker/config.ts';
import { plugins } from '../plugins/index.ts';
import { tide } from '../tide/policy/config.ts';
import { branchProtection } from '../tide/policy/protection/config.ts';

const pluginSections = plugins.flatMap(({ config }) => config?.sections ?? []);

/** The configuration is the union of these, each owned by the component that uses it. */
export const sections: readonly Section<unknown>[] = [
  ...new Set([
    branchProtection,
    configVersionSha,
    deck,
    defaultJobTimeout,
    disabledClusters,
    enabledPlugins,
    externalPlugins,
    gangway,
    gerrit,
    githubReporterConfig,
    horologium,
    inRepoConfig,
    jenkinsOperators,
    jobs,
    logLevel,
    managedWebhooks,
    moonraker,
    orgs,
    ownersDirDenylist,
    pipeline,
    plank,
    podNamespace,
    probotApps,
    prowjobDefaults,
    prowjobNamespace,
    pubsubSubscriptions,
    pubsubTriggers,
    pushGateway,
    scheduler,
    sinker,
    slackReporterConfigs,
    statusErrorLink,
    tide,
    ...pluginSections,
  ]),
];
