import { setTimeout as wait } from 'node:timers/promises';
import { CutwaterError, messageOf } from '../../core/errors.ts';

const ATTEMPTS = 10;

/** The next number of `job` from a tot server (`--tot-url`): GET <tot>/vend/<job>, tried ten times (Prow: pkg/pjutil/tot.go). Throws `transient`. */
export async function vend(
  totUrl: string,
  job: string,
  { fetch = globalThis.fetch, firstPause = 100 }: { fetch?: typeof globalThis.fetch; firstPause?: number } = {},
): Promise<string> {
  const url = new URL(totUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/vend/${encodeURIComponent(job)}`;
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await wait(firstPause * 2 ** (attempt - 1));
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      if (response.ok) return (await response.text()).trim();
      problem = `got unexpected response from tot: ${response.status}`;
    } catch (error) {
      problem = messageOf(error);
    }
  }
  throw new CutwaterError('transient', `error getting build ID: ${problem}`);
}
