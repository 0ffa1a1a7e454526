import { setTimeout as wait } from 'node:timers/promises';

/** Waits so many milliseconds; throws when the plugin's time is over. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { signal });
}
