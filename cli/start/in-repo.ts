import type { Config } from '../../core/config/config.ts';
import type { Mirrors } from '../../core/git/mirror.ts';
import type { Metrics } from '../../core/metrics.ts';
import { createInRepoJobs } from '../../jobs/inrepo/inrepo.ts';
import type { InRepoJobs } from '../../jobs/port/configured.ts';
import { tide } from '../../tide/policy/config.ts';
import { mergeMethodOf } from '../../tide/policy/merge-method.ts';

export interface InRepoSources {
  flags: { 'in-repo-config-cache-size': number | undefined };
  config(): Config;
  mirrors: Mirrors;
  registry: Metrics;
}

/** The jobs that repositories declare, merged as Tide would merge them; of the branch Prow takes no notice here. */
export function openInRepoJobs({ flags, config, mirrors, registry }: InRepoSources): InRepoJobs {
  return createInRepoJobs({
    config,
    mirrors,
    mergeMethod: (org, repo) => mergeMethodOf(config().get(tide).mergeMethods, org, repo, ''),
    cacheSize: flags['in-repo-config-cache-size'],
    registry,
  });
}
