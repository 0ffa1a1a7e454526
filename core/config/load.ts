import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config, UnknownKey } from './config.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { signatureOf } from './files.ts';
import { ParseCache } from './parse-cache.ts';
import type { Part, Section } from './section.ts';
import { type ConfigPaths, FileReader, type ReadFile, sourcesOf } from './source.ts';

export interface LoadOptions extends ConfigPaths {
  /** The configuration is the union of these. */
  sections: readonly Section<unknown>[];
  /** Where parsed files are kept between runs; nowhere unless given. */
  cacheFile?: string | undefined;
  /** Unknown keys are errors. */
  strict?: boolean | undefined;
  /** Milliseconds since 1970; for rules that look at the time. */
  now?: (() => number) | undefined;
}

/** Loads again and again, and reads only what has changed. */
export class Loader {
  readonly #options: LoadOptions;
  readonly #parsed: ParseCache;
  readonly #reader: FileReader;
  #combined: ReadonlyMap<Section<unknown>, Combined> = new Map();
  /** The folders that the last load looked into. */
  directories: readonly string[] = [];
  /** What the last load saw of the files: another one means that something was written. */
  fingerprint = '';

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#parsed = new ParseCache(options.cacheFile);
    this.#reader = new FileReader(options.sections, this.#parsed);
  }

  /** The new configuration, or undefined where no file has changed since `fingerprint`. Throws ConfigError. */
  loadIfChanged(fingerprint: string): Config | undefined {
    return fingerprintOf(sourcesOf(this.#options)) === fingerprint ? undefined : this.load();
  }

  /** Throws ConfigError with every problem of every file. */
  load(): Config {
    const found = sourcesOf(this.#options);
    const { sources, directories, problems } = found;
    this.directories = directories;
    this.fingerprint = fingerprintOf(found);
    const files = this.#reader.readAll(sources);
    const assembly = new Assembly(files, this.#options, problems, this.#combined);
    const config = assembly.build();
    if (problems.length > 0) throw new ConfigError(problems);
    this.#combined = assembly.combined;
    return config;
  }

  /** Keeps what was parsed for the next run; apart from `load` because it takes as long as a parse. */
  keep(): void {
    this.#parsed.flush();
  }
}

/** Loads once. Throws ConfigError. */
export function loadConfig(options: LoadOptions): Config {
  const loader = new Loader(options);
  const config = loader.load();
  loader.keep();
  return config;
}

function fingerprintOf({ sources, problems }: ReturnType<typeof sourcesOf>): string {
  const files = sources.map(({ file, kind }) => `${kind} ${file} ${signatureOf(file)}`);
  return [...files, ...problems.map(({ message }) => message)].join('\n');
}

/** What a section's value was put together from; as long as that is the same, so is the value. */
interface Combined {
  parts: readonly Part<unknown>[];
  others: ReadonlyMap<Section<unknown>, unknown>;
  warnings: readonly string[];
  value: unknown;
}

class Assembly {
  /** The sections' values, for the next load to build on. */
  readonly combined = new Map<Section<unknown>, Combined>();
  readonly #files: readonly ReadFile[];
  readonly #options: LoadOptions;
  readonly #problems: ConfigProblem[];
  readonly #before: ReadonlyMap<Section<unknown>, Combined>;
  readonly #underway = new Set<Section<unknown>>();
  readonly #loadedAt: number;

  constructor(
    files: readonly ReadFile[],
    options: LoadOptions,
    problems: ConfigProblem[],
    before: ReadonlyMap<Section<unknown>, Combined>,
  ) {
    this.#files = files;
    this.#options = options;
    this.#problems = problems;
    this.#before = before;
    this.#loadedAt = (options.now ?? Date.now)();
  }

  build(): Config {
    for (const { file, reading } of this.#files)
      this.#problems.push(...reading.problems.map((problem) => ({ file, ...problem })));
    const unknownKeys = this.#files.flatMap(({ file, reading }) => reading.unknown.map((path) => ({ file, path })));
    if (this.#options.strict) this.#problems.push(...unknownKeys.map(asProblem));
    // Defaults and cross-checks on values that could not be read would only repeat the same complaint.
    if (this.#problems.length === 0) for (const section of this.#options.sections) this.#get(section);
    return {
      get: (section) => this.#get(section),
      files: this.#files.map(({ file }) => file),
      unknownKeys,
      warnings: [...this.combined.values()].flatMap(({ warnings }) => warnings),
      versionSha: versionBeside(this.#options.configPath),
      loadedAt: this.#loadedAt,
    };
  }

  #get<T>(section: Section<T>): T {
    const known = this.combined.get(section);
    if (known) return known.value as T;
    if (this.#underway.has(section)) throw new Error(`configuration section ${section.name} needs itself`);
    this.#underway.add(section);
    const before = this.#before.get(section);
    const parts = this.#partsOf(section);
    const combined = before && this.#stillHolds(before, parts) ? before : this.#combine(section, parts);
    this.#underway.delete(section);
    this.combined.set(section, combined);
    return combined.value as T;
  }

  #combine(section: Section<unknown>, parts: readonly Part<unknown>[]): Combined {
    const others = new Map<Section<unknown>, unknown>();
    const warnings: string[] = [];
    const value = section.combine(parts, {
      get: (other) => {
        const needed = this.#get(other);
        others.set(other, needed);
        return needed;
      },
      problem: (file, path, message) => void this.#problems.push({ file, path, message }),
      warn: (message) => void warnings.push(message),
      loadedAt: this.#loadedAt,
    });
    return { parts, others, warnings, value };
  }

  #stillHolds({ parts, others }: Combined, now: readonly Part<unknown>[]): boolean {
    const sameParts =
      parts.length === now.length &&
      parts.every(({ file, value }, index) => file === now[index]?.file && value === now[index]?.value);
    return sameParts && [...others].every(([other, value]) => this.#get(other) === value);
  }

  #partsOf(section: Section<unknown>): Part<unknown>[] {
    return this.#files.flatMap(({ file, kind, parts }) =>
      parts.has(section) ? [{ file, kind, value: parts.get(section) }] : [],
    );
  }
}

function asProblem({ file, path }: UnknownKey): ConfigProblem {
  return { file, path, message: 'unknown key' };
}

function versionBeside(configPath: string | undefined): string {
  if (configPath === undefined) return '';
  const file = path.join(path.dirname(configPath), 'VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
