import { z } from 'zod';
import { section } from '../config/section.ts';
import { own } from '../own.ts';
import type { Plugin } from './plugin.ts';
import type { ConfigView } from './settings.ts';

const OrgPlugins = z.object({
  plugins: z.array(z.string()).default([]),
  excluded_repos: z.array(z.string()).default([]),
});

/** Which plugins are on where: by org or org/repo, as a bare list or as an object (Prow: pkg/plugins/config.go, Plugins). */
const Enabled = z.record(
  z.string(),
  z.union([z.array(z.string()).transform((plugins) => ({ plugins, excluded_repos: [] as string[] })), OrgPlugins]),
);
export type Enabled = z.output<typeof Enabled>;

/** The key `plugins` of plugins.yaml. */
export const enabledPlugins = section({
  key: 'plugins',
  schema: Enabled,
  file: 'plugins',
  merge: (base, additional) => {
    const both = Object.keys(additional).find((place) => Object.hasOwn(base, place));
    if (both) throw new Error(`plugins for ${both} are set in another file already`);
    return { ...base, ...additional };
  },
  finish(enabled, view, file) {
    for (const { place, plugin } of twice(enabled))
      view.problem(file, ['plugins', place], `${plugin} is enabled for the whole organization already`);
    for (const { place, others } of excluding(enabled))
      view.problem(file, ['plugins', place], `${others.join(' and ')} plugins are mutually exclusive`);
    return enabled;
  },
});

/** Plugins of the organisation, unless it leaves this repository out, then those of the repository itself. */
export function pluginsFor(enabled: Enabled, org: string, repo: string): string[] {
  const whole = own(enabled, org);
  const left = whole?.excluded_repos.includes(repo) ? [] : (whole?.plugins ?? []);
  return [...new Set([...left, ...(own(enabled, `${org}/${repo}`)?.plugins ?? [])])];
}

/** Plugins that do the same in different ways, of which a repository has one at most (Prow: validateMutuallyExclusivePlugins). */
export const EXCLUSIVE: readonly (readonly string[])[] = [['blunderbuss', 'rifle']];

function excluding(enabled: Enabled): { place: string; others: readonly string[] }[] {
  return Object.keys(enabled).flatMap((place) => {
    const [org = '', repo] = place.split('/');
    const on = repo === undefined ? (own(enabled, org)?.plugins ?? []) : pluginsFor(enabled, org, repo);
    return EXCLUSIVE.filter((others) => others.every((name) => on.includes(name))).map((others) => ({ place, others }));
  });
}

/** Finds those of `plugins` that the configuration enables for a repository. */
export function whereEnabled(plugins: readonly Plugin[]) {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  return (config: ConfigView, org: string, repo: string): Plugin[] =>
    pluginsFor(config.get(enabledPlugins), org, repo).flatMap((name) => byName.get(name) ?? []);
}

/** Prow refuses a plugin that is on for an organisation and once more for one of its repositories, which would run it twice there. */
function twice(enabled: Enabled): { place: string; plugin: string }[] {
  return Object.entries(enabled).flatMap(([place, { plugins }]) => {
    const [org = '', repo] = place.split('/');
    const whole = own(enabled, org);
    if (repo === undefined || !whole || whole.excluded_repos.includes(repo)) return [];
    return plugins.filter((plugin) => whole.plugins.includes(plugin)).map((plugin) => ({ place, plugin }));
  });
}
