import { own } from '../own.ts';
import { enabledPlugins } from './enablement.ts';
import { type PluginHelp, pluginHelp } from './help.ts';
import type { Plugin } from './plugin.ts';
import type { ConfigView } from './settings.ts';

/** What GET /plugin-help answers (Prow: pkg/pluginhelp/pluginhelp.go, Help). */
export interface AllHelp {
  /** Every org/repo that plugins are on for; organisations are resolved into their repositories. */
  AllRepos: string[];
  /** As configured, by org or org/repo; "" names every plugin there is. */
  RepoPlugins: Record<string, string[]>;
  RepoExternalPlugins: Record<string, string[]>;
  PluginHelp: Record<string, PluginHelp>;
  ExternalPluginHelp: Record<string, PluginHelp>;
}

export interface HelpSources {
  plugins: readonly Plugin[];
  config: ConfigView;
  /** The repositories of an organisation, as org/repo. */
  reposOf(org: string): Promise<string[]>;
  /** External plugins by org or org/repo, and what they said of themselves. */
  external?: { byRepo: Record<string, string[]>; help: Record<string, PluginHelp> };
  /** Plugins beside those of the key `plugins`, and where they are on. */
  beside?: { plugins: readonly Plugin[]; byRepo: Record<string, string[]> };
}

export async function allHelp({ plugins, config, reposOf, external, beside }: HelpSources): Promise<AllHelp> {
  const byRepo = namesByPlace(config, beside?.byRepo ?? {});
  const everywhere = [...plugins, ...(beside?.plugins ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  const places = [...Object.keys(byRepo), ...Object.keys(external?.byRepo ?? {})];
  const repos = new Map(
    await Promise.all(
      places.map(async (place) => [place, place.includes('/') ? [place] : await reposOf(place)] as const),
    ),
  );
  const reposWith = ({ name }: Plugin): string[] =>
    Object.keys(byRepo).flatMap((place) => (byRepo[place]?.includes(name) ? (repos.get(place) ?? []) : []));
  return {
    AllRepos: [...new Set([...repos.values()].flat())].sort(),
    RepoPlugins: { '': everywhere.map(({ name }) => name), ...byRepo },
    RepoExternalPlugins: { '': [...new Set(Object.values(external?.byRepo ?? {}).flat())].sort(), ...external?.byRepo },
    PluginHelp: Object.fromEntries(
      everywhere.map((plugin) => [plugin.name, pluginHelp(plugin, settingsInWords(plugin, reposWith(plugin), config))]),
    ),
    ExternalPluginHelp: external?.help ?? {},
  };
}

function namesByPlace(config: ConfigView, beside: Record<string, string[]>): Record<string, string[]> {
  const inside = Object.entries(config.get(enabledPlugins)).map(([place, { plugins }]) => [place, plugins] as const);
  const names: Record<string, string[]> = Object.fromEntries(inside);
  for (const [place, more] of Object.entries(beside)) names[place] = [...(own(names, place) ?? []), ...more];
  return names;
}

/** By org/repo, also of plugins that are on for an organization, as readers look them up by the repository (Prow: reversePluginMaps). */
function settingsInWords(
  { config: settings }: Plugin,
  repos: readonly string[],
  config: ConfigView,
): Record<string, string> {
  const words = (settings?.everywhere ? [''] : repos).map((place) => {
    const [org = '', repo = ''] = place.split('/');
    return [place, settings?.describe?.(settings.forRepo(config, org, repo), org) ?? ''] as const;
  });
  return Object.fromEntries(words.filter(([, text]) => text !== ''));
}
