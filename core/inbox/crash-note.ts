import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Remembers over the death of the process which delivery caused it, so that it is not tried for ever. */
export interface CrashNote {
  /** The delivery that the last death was traced to; asked once, at the start. */
  takeCulprit(): string | undefined;
  /** Runs what handles `delivery`; an exception that nobody catches in it, or an exit, is put down to it. */
  watch<T>(delivery: string, handle: () => T): T;
  close(): void;
}

/** A global function that gives the delivery in whose handling it is called. */
export const HANDLING = 'cutwaterHandling';

/** Keeps the note in a file, which is written while the process goes down: nothing asynchronous would still happen. */
export function createCrashNote(path: string): CrashNote {
  const handling = new AsyncLocalStorage<string>();
  let noted = false;
  // The watchdog asks from outside, in the middle of what blocks the event loop.
  Reflect.set(globalThis, HANDLING, () => handling.getStore());
  const note = (): void => {
    const delivery = handling.getStore();
    if (delivery === undefined || noted) return;
    noted = true;
    writeFileSync(path, delivery);
  };
  process.on('uncaughtExceptionMonitor', note);
  process.on('exit', note);
  return {
    takeCulprit() {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      } finally {
        rmSync(path, { force: true });
      }
    },
    watch: (delivery, handle) => handling.run(delivery, handle),
    close() {
      process.off('uncaughtExceptionMonitor', note);
      process.off('exit', note);
    },
  };
}
