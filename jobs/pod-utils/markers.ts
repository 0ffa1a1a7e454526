import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../core/errors.ts';

/** What a marker file says: the exit code, or why it can not be read (then the code is -1). */
export interface MarkerResult {
  code: number;
  error?: string;
}

const POLL_MS = 1000;

/**
 * Waits until every marker file is there and reads them (Prow: wrapper.WaitForMarkers). Where `signal` aborts first, those that
 * are missing get an error. Watches the folders, and looks every second as well, since not every file system tells of changes.
 */
export async function waitForMarkers(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, MarkerResult>> {
  const results = new Map<string, MarkerResult>();
  const wake = new Waker([...new Set(paths.map(dirname))], signal);
  try {
    for (;;) {
      for (const path of paths) if (!results.has(path)) await readMarker(path, results);
      if (results.size === new Set(paths).size) return results;
      if (signal?.aborted) break;
      await wake.next();
    }
  } finally {
    wake.close();
  }
  for (const path of paths)
    if (!results.has(path)) results.set(path, { code: -1, error: 'cancelled: context canceled' });
  return results;
}

async function readMarker(path: string, results: Map<string, MarkerResult>): Promise<void> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^[+-]?\d+$/.test(text)) results.set(path, { code: Number(text) });
    else results.set(path, { code: -1, error: `invalid return code: ${JSON.stringify(text)}` });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    results.set(path, { code: -1, error: `bad read: ${messageOf(error)}` });
  }
}

/** Says when to look again: on a change in one of the folders, after the poll interval, or on abort. A change between two calls is not lost. */
class Waker {
  #watchers: FSWatcher[] = [];
  #changed = false;
  #wake: () => void = () => {};
  readonly #notice = () => {
    this.#changed = true;
    this.#wake();
  };
  readonly #signal: AbortSignal | undefined;

  constructor(folders: string[], signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#notice);
    for (const folder of folders) this.#watch(folder);
  }

  async next(): Promise<void> {
    if (!this.#changed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#changed = false;
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#notice);
    for (const watcher of this.#watchers) watcher.close();
  }

  /** A folder that can not be watched (inotify's limits, some network file systems) is only polled. */
  #watch(folder: string): void {
    try {
      const watcher = watch(folder, this.#notice);
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher);
    } catch {
      // Polling finds the marker.
    }
  }
}
