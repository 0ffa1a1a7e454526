import { stat } from 'node:fs/promises';
import { messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import type { Storage } from '../../../core/storage/index.ts';
import { ownFile } from '../../artifacts/artifacts.ts';
import type { Censor } from './censor.ts';
import { censoredFile } from './sources.ts';

const TEXT = { contentType: 'text/plain; charset=utf-8' };
/** When the log is first uploaded, and how often at most. */
const INTERVAL_MS = 15_000;
/** An object can not be appended to, so the whole log is written again: a long one only when it has grown by a quarter, or after this time. */
const LONGEST_PAUSE_MS = 300_000;
const SMALL_BYTES = 1024 * 1024;

/** A log, and the object that it becomes. */
export interface LiveLogFile {
  file: string;
  path: string;
}

/** Uploads the logs while the job runs, so that they are there also when the machine goes away under it. Ends when `signal` aborts. */
export async function uploadLiveLogs(
  logs: readonly LiveLogFile[],
  { storage, censor, log, signal, intervalMs = INTERVAL_MS }: LiveLogSetting,
): Promise<void> {
  const uploaded = new Map<string, { size: number; at: number }>();
  while (await pause(intervalMs, signal)) {
    for (const { file, path } of logs) {
      const size = await stat(file).then(
        (found) => found.size,
        () => 0,
      );
      if (signal.aborted) return;
      if (!isDue(size, uploaded.get(path), Date.now())) continue;
      try {
        await storage.write(path, censoredFile(await ownFile(file), censor, size), TEXT);
        uploaded.set(path, { size, at: Date.now() });
      } catch (error) {
        log.warn({ path, error: messageOf(error) }, 'could not upload the log of the running job');
      }
    }
  }
}

export interface LiveLogSetting {
  storage: Storage;
  censor: Censor;
  log: Logger;
  signal: AbortSignal;
  intervalMs?: number | undefined;
}

/** Whether a log of `size` bytes is worth another upload. */
export function isDue(size: number, last: { size: number; at: number } | undefined, now: number): boolean {
  if (size === 0 || size === last?.size) return false;
  return !last || size < SMALL_BYTES || size >= last.size * 1.25 || now - last.at >= LONGEST_PAUSE_MS;
}

/** False as soon as `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve(false);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
