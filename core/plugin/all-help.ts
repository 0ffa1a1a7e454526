import { type Enabled, enabledPlugins } from './enablement.ts';
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
}

export async function allHelp({ plugins, config, reposOf, external }: HelpSources): Promise<AllHelp> {
  const enabled = config.get(enabledPlugins);
  const everywhere = [...plugins].sort((a, b) => a.name.localeCompare(b.name));
  const places = [...Object.keys(enabled), ...Object.keys(external?.byRepo ?? {})];
  const repos = await Promise.all(places.map((place) => (place.includes('/') ? [place] : reposOf(place))));
  return {
    AllRepos: [...new Set(repos.flat())].sort(),
    RepoPlugins: {
      '': everywhere.map(({ name }) => name),
      ...Object.fromEntries(Object.entries(enabled).map(([place, entry]) => [place, entry.plugins])),
    },
    RepoExternalPlugins: { '': [...new Set(Object.values(external?.byRepo ?? {}).flat())].sort(), ...external?.byRepo },
    PluginHelp: Object.fromEntries(
      everywhere.map((plugin) => [plugin.name, pluginHelp(plugin, settingsInWords(plugin, enabled, config))]),
    ),
    ExternalPluginHelp: external?.help ?? {},
  };
}

function settingsInWords(plugin: Plugin, enabled: Enabled, config: ConfigView): Record<string, string> {
  const { config: settings } = plugin;
  if (!settings?.describe) return {};
  const places = Object.keys(enabled).filter((place) => enabled[place]?.plugins.includes(plugin.name));
  const words = places.map((place) => {
    const [org = '', repo = ''] = place.split('/');
    return [place, settings.describe?.(settings.forRepo(config, org, repo)) ?? ''] as const;
  });
  return Object.fromEntries(words.filter(([, text]) => text !== ''));
}
