import { url } from 'node:inspector';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface WatchdogOptions {
  /** Where the delivery is noted that blocks the event loop. */
  note: string;
  /** How long the event loop may be blocked, in milliseconds. */
  limitMs: number;
}

/** What the thread is given. */
export interface Watch extends WatchdogOptions {
  /** One Int32 that is counted up while the event loop turns. */
  beats: SharedArrayBuffer;
}

const BEATS_PER_LIMIT = 20;

/**
 * Ends the process where its event loop is blocked for too long, as by a plugin that loops for ever: it is then started again by whatever runs it, and the
 * delivery is known that it was blocked in. A debugger may hold the process as long as it likes.
 */
export function startWatchdog(options: WatchdogOptions): { stop(): void } {
  if (url() !== undefined) return { stop() {} };
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const timer = setInterval(() => Atomics.add(count, 0, 1), options.limitMs / BEATS_PER_LIMIT).unref();
  const script = new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url);
  const thread = new Worker(script, {
    workerData: { ...options, beats } satisfies Watch,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  return {
    stop() {
      clearInterval(timer);
      void thread.terminate();
    },
  };
}
