import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { PUBLIC_API } from '../../../core/github/endpoints.ts';
import { failure, ok, skipped, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

/** GitHub takes an App's JWT that is at most a minute from the future, and ten minutes old. */
const ODD_MS = 20_000;
const WRONG_MS = 60_000;
const FIX = 'let the clock be set by the network: timedatectl set-ntp true, or chrony';

/** Our clock against GitHub's: an App's requests are signed with the time. */
export const clock: Check = {
  name: 'clock',
  fix: 'check that this machine reaches GitHub: DNS, proxy, firewall',
  async look({ hosts }) {
    const began = Date.now();
    const address = hosts.endpoints[0] || PUBLIC_API;
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
      // fetch hides what went wrong in the cause.
      throw new CutwaterError('transient', `${address}: ${messageOf((error as { cause?: unknown }).cause ?? error)}`);
    });
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return [skipped('clock', 'GitHub does not tell its time')];
    const ours = (began + Date.now()) / 2;
    return [judgeClock(ours - theirs)];
  },
};

/** `ahead`: milliseconds that we are before GitHub, whose header is cut to the second. */
export function judgeClock(ahead: number) {
  const off = Math.max(0, Math.abs(ahead) - 1000);
  const text = `the clock of this machine is ${Math.round(off / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} GitHub's`;
  if (off > WRONG_MS) return failure('clock', `${text}; GitHub refuses what an App signs with it`, FIX);
  return off > ODD_MS ? warning('clock', text, FIX) : ok('clock', `within ${Math.ceil(off / 1000) || 1} s of GitHub's`);
}
