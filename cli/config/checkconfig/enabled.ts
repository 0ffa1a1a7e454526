import type { Config } from '../../../core/config/config.ts';
import { externalPlugins } from '../../../core/config/sections/external-plugins.ts';
import { enabledPlugins } from '../../../core/plugin/enablement.ts';
import type { Places } from './places.ts';

/** Where a plugin is on (Prow: EnabledReposForPlugin). */
export function enabledPlaces(config: Config, plugin: string): Places {
  const orgs = new Map<string, Set<string>>();
  const repos = new Set<string>();
  for (const [place, { plugins, excluded_repos }] of Object.entries(config.get(enabledPlugins))) {
    if (!plugins.includes(plugin)) continue;
    if (place.includes('/')) repos.add(place);
    else orgs.set(place, new Set(excluded_repos.map((repo) => `${place}/${repo}`)));
  }
  // A repository that the organisation leaves out may have the plugin for itself.
  for (const except of orgs.values()) for (const repo of repos) except.delete(repo);
  return { orgs, repos };
}

/** Where a plugin is on as an external one, or here as one of our own, which it is in Prow not. */
export function enabledExternally(config: Config, plugin: string): Places {
  const inside = enabledPlaces(config, plugin);
  const orgs = new Map(inside.orgs);
  const repos = new Set(inside.repos);
  for (const [place, list] of Object.entries(config.get(externalPlugins))) {
    if (!list.some(({ name }) => name === plugin)) continue;
    if (place.includes('/')) repos.add(place);
    else orgs.set(place, new Set());
  }
  return { orgs, repos };
}
