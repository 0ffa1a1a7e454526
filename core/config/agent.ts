import { type FSWatcher, watch } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Config } from './config.ts';
import { Loader, type LoadOptions } from './load.ts';

export type ConfigListener = (after: Config, before: Config) => void;

export interface AgentOptions extends LoadOptions {
  log: Logger;
  /** How often files are looked at even where the system told of no change (network mounts). Milliseconds. */
  pollInterval?: number | undefined;
}

const POLL_INTERVAL = 10_000;
/** An editor or a ConfigMap swap touches several files within a moment. */
const SETTLE = 100;

/**
 * Holds the current configuration and reloads it when its files change. A version that cannot be used is refused: `problem` says why, and
 * the old one serves on.
 */
export class ConfigAgent {
  /** Why the files as they stand now are not what is served; undefined where they are. */
  problem: string | undefined;
  readonly #loader: Loader;
  readonly #log: Logger;
  readonly #listeners = new Set<ConfigListener>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #poll: NodeJS.Timeout;
  #settling: NodeJS.Timeout | undefined;
  #current: Config;
  #fingerprint: string;

  /** Loads at once; throws ConfigError where the first version is unusable. */
  constructor({ log, pollInterval, ...options }: AgentOptions) {
    this.#loader = new Loader(options);
    this.#log = log;
    this.#current = this.#loader.load();
    this.#fingerprint = this.#loader.fingerprint;
    setImmediate(() => this.#loader.keep());
    this.#poll = setInterval(() => this.reload(), pollInterval ?? POLL_INTERVAL);
    this.#poll.unref();
    this.#watch();
  }

  get current(): Config {
    return this.#current;
  }

  /** Calls `listener` after every change; returns how to stop that. */
  subscribe(listener: ConfigListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Looks at the files now. Returns whether a new version is served. */
  reload(): boolean {
    const before = this.#current;
    try {
      const next = this.#loader.loadIfChanged(this.#fingerprint);
      if (!next) return false;
      this.#fingerprint = this.#loader.fingerprint;
      this.#current = next;
      this.problem = undefined;
    } catch (error) {
      this.#refuse(error);
      return false;
    }
    this.#log.info({ files: this.#current.files.length, version: this.#current.versionSha }, 'configuration reloaded');
    this.#watch();
    setImmediate(() => this.#loader.keep());
    for (const listener of this.#listeners) this.#tell(listener, before);
    return true;
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#listeners.clear();
  }

  #refuse(error: unknown): void {
    // What is wrong stays so until a file changes again: it is told once.
    this.#fingerprint = this.#loader.fingerprint;
    this.problem = messageOf(error);
    this.#log.error({ problem: this.problem }, 'configuration refused, the previous one stays');
  }

  #tell(listener: ConfigListener, before: Config): void {
    try {
      listener(this.#current, before);
    } catch (error) {
      this.#log.error({ err: error }, 'a listener failed on the new configuration');
    }
  }

  #watch(): void {
    const wanted = new Set(this.#loader.directories);
    for (const [directory, watcher] of this.#watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      this.#watchers.delete(directory);
    }
    for (const directory of wanted) if (!this.#watchers.has(directory)) this.#watchOne(directory);
  }

  #watchOne(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#soon());
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(directory);
      });
      this.#watchers.set(directory, watcher);
    } catch (error) {
      this.#log.warn({ directory, err: error }, 'folder cannot be watched, it is polled');
    }
  }

  #soon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.reload(), SETTLE);
    this.#settling.unref();
  }
}
