import type { Section } from '../core/config/section.ts';
import { ownersDirDenylist } from '../core/owners/denylist.ts';
import { enabledPlugins } from '../core/plugin/enablement.ts';
import {
  defaultJobTimeout,
  podNamespace,
  prowjobDefaults,
  prowjobNamespace,
  scheduler,
} from '../jobs/config/general.ts';
import { jobs } from '../jobs/config/jobs.ts';
import { plank } from '../jobs/config/plank.ts';
import { horologium } from '../jobs/horologium/config.ts';
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
    defaultJobTimeout,
    enabledPlugins,
    githubReporterConfig,
    horologium,
    jobs,
    ownersDirDenylist,
    plank,
    podNamespace,
    prowjobDefaults,
    prowjobNamespace,
    scheduler,
    sinker,
    slackReporterConfigs,
    tide,
    ...pluginSections,
  ]),
];
