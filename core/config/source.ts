import { statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../errors.ts';
import { newReading, type Reading } from './decode.ts';
import type { ConfigProblem } from './errors.ts';
import { isYaml, readMaybeGzip, signatureOf, type Tree, walk } from './files.ts';
import { hashOf, type ParseCache } from './parse-cache.ts';
import { type FileKind, type Section, topLevel } from './section.ts';
import { parseYaml } from './yaml.ts';

/** Where the configuration stands; the names are Prow's flags'. */
export interface ConfigPaths {
  configPath?: string | undefined;
  /** A file, or a folder that is read whole. */
  jobConfigPath?: string | undefined;
  pluginConfigPath?: string | undefined;
  supplementalConfigDirs?: readonly string[] | undefined;
  supplementalConfigSuffix?: string | undefined;
  supplementalPluginDirs?: readonly string[] | undefined;
  supplementalPluginSuffix?: string | undefined;
}

const DEFAULT_CONFIG_SUFFIX = '_prowconfig.yaml';
const DEFAULT_PLUGIN_SUFFIX = '_pluginconfig.yaml';

export interface Source {
  file: string;
  kind: FileKind;
}

/** What one file says, section by section. */
export interface ReadFile extends Source {
  parts: ReadonlyMap<Section<unknown>, unknown>;
  reading: Reading;
}

/** Every file of the configuration in the order in which they are joined, and the folders that new ones may appear in. */
export function sourcesOf(paths: ConfigPaths): { sources: Source[]; directories: string[]; problems: ConfigProblem[] } {
  const { configPath } = paths;
  const sources: Source[] = configPath ? [{ file: configPath, kind: 'config' }] : [];
  const directories = configPath ? [path.dirname(configPath)] : [];
  const problems: ConfigProblem[] = [];
  const add = (root: string | undefined, kind: FileKind, accepts: (file: string) => boolean) => {
    if (!root) return;
    try {
      const tree = walk(root, accepts);
      if (kind === 'jobs') problems.push(...duplicateNames(tree));
      directories.push(...tree.directories, path.dirname(root));
      sources.push(...tree.files.map((file) => ({ file, kind })));
    } catch (error) {
      problems.push({ file: root, path: [], message: `${root}: ${messageOf(error)}` });
    }
  };
  const suffix = paths.supplementalConfigSuffix ?? DEFAULT_CONFIG_SUFFIX;
  for (const root of paths.supplementalConfigDirs ?? [])
    add(root, 'supplemental-config', (file) => file.endsWith(suffix));
  add(paths.jobConfigPath, 'jobs', isYaml);
  add(paths.pluginConfigPath, 'plugins', () => true);
  const pluginSuffix = paths.supplementalPluginSuffix ?? DEFAULT_PLUGIN_SUFFIX;
  for (const root of paths.supplementalPluginDirs ?? [])
    add(root, 'supplemental-plugins', (file) => file.endsWith(pluginSuffix));
  return { sources, directories: [...new Set(directories)], problems };
}

/** config-updater writes job files into one ConfigMap by their base names, so Prow refuses two of one name. */
function duplicateNames({ files }: Tree): ConfigProblem[] {
  const seen = new Set<string>();
  return files.flatMap((file) => {
    const name = path.basename(file);
    if (seen.has(name)) return [{ file, path: [], message: `${file}: duplicated basename is not allowed: ${name}` }];
    seen.add(name);
    return [];
  });
}

/** Reads files, and reads again only what has changed since. */
export class FileReader {
  readonly #sections: readonly Section<unknown>[];
  readonly #parsed: ParseCache;
  #kept = new Map<string, { signature: string; hash: string; read: ReadFile }>();

  constructor(sections: readonly Section<unknown>[], parsed: ParseCache) {
    this.#sections = sections;
    this.#parsed = parsed;
  }

  /** Reads `sources`; problems with a file stand in its reading. */
  readAll(sources: readonly Source[]): ReadFile[] {
    const kept = new Map<string, { signature: string; hash: string; read: ReadFile }>();
    const files = sources.map((source) => {
      const key = `${source.kind}:${source.file}`;
      const entry = this.#read(source, this.#kept.get(key));
      if (entry.hash) kept.set(key, entry);
      return entry.read;
    });
    this.#kept = kept;
    return files;
  }

  #read(source: Source, before: { signature: string; hash: string; read: ReadFile } | undefined) {
    try {
      const signature = signatureOf(source.file);
      if (before?.signature === signature) return before;
      if (statSync(source.file).isDirectory()) throw new Error(`${source.file}: is a folder, and a file is needed`);
      const content = readMaybeGzip(source.file);
      const hash = hashOf(content);
      if (before?.hash === hash) return { ...before, signature };
      return { signature, hash, read: this.#decode(source, this.#parse(source.file, hash, content)) };
    } catch (error) {
      const reading = newReading();
      reading.problems.push({ path: [], message: messageOf(error) });
      return { signature: '', hash: '', read: { ...source, parts: new Map(), reading } };
    }
  }

  #parse(file: string, hash: string, content: Buffer): unknown {
    const known = this.#parsed.get(hash);
    if (known !== undefined) return known;
    const raw = parseYaml(content.toString('utf8'), file) ?? {};
    this.#parsed.set(hash, raw);
    return raw;
  }

  #decode(source: Source, raw: unknown): ReadFile {
    const reading = newReading();
    const top = topLevel(raw, reading);
    const parts = new Map<Section<unknown>, unknown>();
    const rest = new Set(Object.keys(top));
    for (const section of this.#sections) {
      const keys = section.keys.filter((key) => rest.has(key));
      if (keys.length === 0) continue;
      if (!mayStandIn(section, source.kind)) {
        if (source.kind.startsWith('supplemental')) refuse(reading, keys, source.kind);
        else continue;
      }
      for (const key of keys) rest.delete(key);
      parts.set(section, section.decode(Object.fromEntries(keys.map((key) => [key, top[key]])), reading));
    }
    for (const key of rest) reading.unknown.push([key]);
    return { ...source, parts, reading };
  }
}

/** One file may hold both Prow's configuration and the plugins' part. */
function mayStandIn(section: Section<unknown>, kind: FileKind): boolean {
  return section.files.includes(kind) || (kind === 'config' && section.files.includes('plugins'));
}

function refuse(reading: Reading, keys: readonly string[], kind: FileKind): void {
  for (const key of keys) reading.problems.push({ path: [key], message: `may not be set in a ${kind} file` });
}
