import { ConfigAgent } from '../../core/config/agent.ts';
import type { ConfigPaths } from '../../core/config/source.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import type { Logger } from '../../core/log.ts';
import { enabledPlugins } from '../../core/plugin/enablement.ts';
import { plugins } from '../../plugins/index.ts';
import { sections } from '../sections.ts';
import type { configFlags } from './flags.ts';

type ConfigFlags = FlagValues<typeof configFlags>;

/** Where the flags say that the configuration is. Throws `usage` where they do not. */
function configPaths(flags: ConfigFlags): ConfigPaths {
  const configPath = flags['config-path'];
  if (configPath === undefined) throw new CutwaterError('usage', '--config-path is needed: the configuration file');
  return {
    configPath,
    jobConfigPath: flags['job-config-path'],
    pluginConfigPath: flags['plugin-config'],
    supplementalConfigDirs: flags['supplemental-prow-config-dir'],
    supplementalConfigSuffix:
      flags['supplemental-prow-configs-filename-suffix'] ?? flags['supplemental-prow-configs-filename'],
    supplementalPluginDirs: flags['supplemental-plugin-config-dir'],
    supplementalPluginSuffix: flags['supplemental-plugin-configs-filename-suffix'],
  };
}

/** Loads the configuration and keeps it current. What is odd but usable is a warning, at the start and at each reload. */
export function openConfig(flags: ConfigFlags, log: Logger, cacheFile?: string): ConfigAgent {
  const agent = new ConfigAgent({ ...configPaths(flags), sections, strict: flags.strict, cacheFile, log });
  tellOddities(agent, log);
  agent.subscribe(() => tellOddities(agent, log));
  return agent;
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
