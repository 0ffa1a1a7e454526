import type { Config } from '../../core/config/config.ts';
import { externalPlugins } from '../../core/config/sections/external-plugins.ts';
import { enabledPlugins } from '../../core/plugin/enablement.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { tide } from '../../tide/policy/config.ts';

/** Every `org` and `org/name` that the configuration has plugins, external plugins, jobs or merge rules for. */
export function configuredPlaces(config: Pick<Config, 'get'>): Set<string> {
  const { presubmits, postsubmits } = config.get(jobs);
  const queries = config.get(tide).queries;
  const all = [
    ...Object.keys(config.get(enabledPlugins)),
    ...Object.keys(config.get(externalPlugins)),
    ...presubmits.keys(),
    ...postsubmits.keys(),
    ...queries.flatMap(({ orgs = [], repos = [] }) => [...orgs, ...repos]),
  ];
  // Gerrit's are addresses.
  return new Set(all.filter((place) => /^[\w.-]+(\/[\w.-]+)?$/.test(place)));
}
