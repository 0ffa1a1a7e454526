import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';

const ATTEMPTS = 10;
const PAUSE_MS = 2000;

/** The number that stands at `url`, a job's latest-build.txt; 0 where there is none, or nobody answers (Prow: cmd/tot, fallbackHandler). */
export async function lastBuildAt(
  url: string,
  { log, fetch = globalThis.fetch, pauseMs = PAUSE_MS }: FallbackOptions,
): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await wait(pauseMs);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      if (response.status === 404) return 0;
      const text = (await response.text()).trim();
      if (response.ok) return /^\d+$/.test(text) ? Number(text) : 0;
      log.error({ url, status: response.status }, 'the last build is not told');
    } catch (error) {
      log.error({ url, error: messageOf(error) }, 'the last build is not told');
    }
  }
  return 0;
}

export interface FallbackOptions {
  log: Logger;
  fetch?: typeof globalThis.fetch;
  pauseMs?: number;
}
