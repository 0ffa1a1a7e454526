import { homedir } from 'node:os';
import path from 'node:path';
import type { Config } from '../../core/config/config.ts';
import { loadConfig } from '../../core/config/load.ts';
import { hashOf } from '../../core/config/parse-cache.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import { sections } from '../sections.ts';
import type { configFlags } from '../start/flags.ts';

/** Loads what the flags name; what was parsed is kept in the user's cache folder, and reading it again takes a fraction of the time. */
export function loadFromFlags(flags: FlagValues<typeof configFlags>): Config {
  const configPath = flags['config-path'];
  if (!configPath) throw new CutwaterError('usage', '--config-path is needed');
  return loadConfig({
    sections,
    configPath,
    jobConfigPath: flags['job-config-path'],
    pluginConfigPath: flags['plugin-config'],
    supplementalConfigDirs: flags['supplemental-prow-config-dir'],
    supplementalConfigSuffix: flags['supplemental-prow-configs-filename-suffix'],
    supplementalPluginDirs: flags['supplemental-plugin-config-dir'],
    supplementalPluginSuffix: flags['supplemental-plugin-configs-filename-suffix'],
    strict: flags.strict,
    cacheFile: cacheFileFor(configPath),
  });
}

/** One cache a configuration. */
function cacheFileFor(configPath: string): string {
  const name = hashOf(Buffer.from(path.resolve(configPath))).replaceAll(/[^A-Za-z0-9]/g, '');
  return path.join(cacheFolder(), `config-${name}`);
}

/** What commands keep between runs, and can do without. */
export function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'cutwater');
}
