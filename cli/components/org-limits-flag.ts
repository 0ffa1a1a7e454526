import { CutwaterError } from '../../core/errors.ts';
import type { Flag } from '../../core/flags.ts';

/** An organization's own share of requests. */
export interface OrgLimits {
  org: string;
  hourlyTokens: number;
  burst: number;
}

/** `--github-throttle-org=ORG:HOURLY_TOKENS:BURST`, once an organization (Prow: pkg/flagutil/github.go). */
export const orgLimitsFlag: Flag<readonly OrgLimits[]> = {
  help: "an organization's own limit of requests an hour, and how many may come at once; may be repeated",
  value: 'ORG:HOURLY_TOKENS:BURST',
  initial: [],
  read(text, before) {
    const [, org, tokens, most] = /^([^:]+):(\d+):(\d+)$/.exec(text) ?? [];
    if (org === undefined) throw wrong(`${text} is not in org:hourlyTokens:burst format`);
    const [hourlyTokens, burst] = [Number(tokens), Number(most)];
    if (hourlyTokens < 1 || burst < 1) throw wrong('hourlyTokens and burst must be > 0');
    if (burst > hourlyTokens) throw wrong('burst must not be greater than hourlyTokens');
    if (before.some((one) => one.org === org)) throw wrong(`${org} has limits already`);
    return [...before, { org, hourlyTokens, burst }];
  },
};

function wrong(message: string): CutwaterError {
  return new CutwaterError('usage', message);
}
