import { mkdtemp, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';

/**
 * Writes who holds how much memory to a file of its own every so often, until closed (Prow: --profile-memory-usage). A `.heapprofile` is opened by Chromium's
 * developer tools; its sampling costs little, so that it can go on for days.
 */
export function writeMemoryProfiles(intervalMs: number, log: Logger): { close(): Promise<void> } {
  const closing = new AbortController();
  const writing = write(intervalMs, log, closing.signal).catch((error: unknown) =>
    log.warn({ err: error }, 'Memory profiles could not be written'),
  );
  return {
    close() {
      closing.abort();
      return writing;
    },
  };
}

async function write(intervalMs: number, log: Logger, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'heap-profiles-'));
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.startSampling');
    for (let count = 1; !signal.aborted; count += 1) {
      const { profile } = await session.post('HeapProfiler.getSamplingProfile');
      const file = join(folder, `heap-profile-${count}.heapprofile`);
      await writeFile(file, JSON.stringify(profile));
      log.info({ file }, 'Wrote a memory profile');
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    session.disconnect();
  }
}
