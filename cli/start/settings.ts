import { ConfigAgent } from '../../core/config/agent.ts';
import type { ConfigPaths } from '../../core/config/source.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import type { Logger } from '../../core/log.ts';
import { enabledPlugins } from '../../core/plugin/enablement.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import { plugins } from '../../plugins/index.ts';
import { sections } from '../sections.ts';
import type { configFlags } from './flags.ts';

type ConfigFlags = FlagValues<typeof configFlags>;

/** Where the flags say that the configuration is. */
function configPaths(flags: ConfigFlags): ConfigPaths {
  return {
    configPath: flags['config-path'],
    jobConfigPath: flags['job-config-path'],
    pluginConfigPath: flags['plugin-config'],
    supplementalConfigDirs: flags['supplemental-prow-config-dir'],
    supplementalConfigSuffix:
      flags['supplemental-prow-configs-filename-suffix'] ?? flags['supplemental-prow-configs-filename'],
    supplementalPluginDirs: flags['supplemental-plugin-config-dir'],
    supplementalPluginSuffix: flags['supplemental-plugin-configs-filename-suffix'],
  };
}

/**
 * Loads the configuration and keeps it current. What is odd but usable is a warning, at the start and at each reload. Throws `usage` where the flags do not
 * say where it is.
 */
export function openConfig(flags: ConfigFlags, log: Logger, cacheFile?: string): ConfigAgent {
  if (flags['config-path'] === undefined)
    throw new CutwaterError('usage', '--config-path is needed: the configuration file');
  const agent = new ConfigAgent({ ...configPaths(flags), sections, strict: flags.strict, cacheFile, log });
  tellOddities(agent, log);
  agent.subscribe(() => tellOddities(agent, log));
  return agent;
}

/** For a plugin that is a service of its own: it needs no configuration at all, and may have sections that hook does not know. */
export function openPluginConfig(flags: ConfigFlags, { config }: Plugin, log: Logger): ConfigAgent {
  const own = config?.sections ?? [];
  const keys = new Set(own.flatMap((section) => section.keys));
  const others = sections.filter((section) => !section.keys.some((key) => keys.has(key)));
  return new ConfigAgent({ ...configPaths(flags), sections: [...others, ...own], strict: flags.strict, log });
}

/** For `/healthz`: the files as they stand now cannot be used, and an earlier version serves. */
export function refusedConfig({ problem }: Pick<ConfigAgent, 'problem'>): string | undefined {
  return problem && `configuration refused, the previous one serves on: ${problem}`;
}

function tellOddities({ current }: ConfigAgent, log: Logger): void {
  for (const warning of current.warnings) log.warn({ warning }, 'The configuration is odd');
  for (const { file, path } of current.unknownKeys)
    log.warn({ file, key: path.join('.') }, 'The configuration has a key that nobody knows');
  const known = new Set(plugins.map(({ name }) => name));
  const enabled = Object.values(current.get(enabledPlugins)).flatMap((place) => place.plugins);
  const missing = [...new Set(enabled)].filter((name) => !known.has(name));
  if (missing.length > 0)
    log.warn({ plugins: missing }, 'The configuration enables plugins that do not exist here; they are left out');
}
