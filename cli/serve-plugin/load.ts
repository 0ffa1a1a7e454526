import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import { type Servable, shipped } from './shipped.ts';

/** The plugin of that name, or the one that the file exports. Throws `usage` where there is none, `config` where the file cannot be used. */
export async function servableOf(named: string): Promise<Servable> {
  const known = shipped(named);
  if (known) return known;
  const file = path.resolve(named);
  if (!existsSync(file))
    throw new CutwaterError('usage', `${JSON.stringify(named)} is neither a plugin of Cutwater's nor a file`);
  return { plugin: await pluginIn(file), flags: {} };
}

async function pluginIn(file: string): Promise<Plugin> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new CutwaterError('config', `${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  const found = [...new Set(Object.values(module).filter(isPlugin))];
  const [plugin] = found;
  if (plugin && found.length === 1) return plugin;
  throw new CutwaterError('config', `${file} has to export one plugin, and exports ${found.length}`);
}

function isPlugin(value: unknown): value is Plugin {
  const { name, commands, handlers } = (value ?? {}) as Partial<Plugin>;
  return typeof name === 'string' && Array.isArray(commands) && Array.isArray(handlers);
}
