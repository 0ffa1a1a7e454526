import type { Octokit } from '../../../core/github/octokit.ts';
import { type Finding, failure, ok, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const CHECK = 'rate limit';
const FIX = '"cutwater budget" says who spends it; another program may use the same credentials';
const LOW = 0.1;

/** What is left of GitHub's hour, for each installation or for the token. */
export const rate: Check = {
  name: CHECK,
  fix: 'mend the identity first',
  needsIdentity: true,
  async look({ github }) {
    if (!github.installations) return [await left('the token', await github.asApp())];
    const active = (await github.installations.list()).filter(({ suspended }) => !suspended);
    return Promise.all(active.map(async ({ id, account }) => left(account, await github.forInstallation(id))));
  },
};

async function left(who: string, octokit: Octokit): Promise<Finding> {
  const { data } = await octokit.request('GET /rate_limit');
  return judgeRate(who, data.resources, Date.now());
}

interface Limit {
  limit: number;
  remaining: number;
  reset: number;
}

export function judgeRate(
  who: string,
  { core, graphql }: { core: Limit; graphql?: Limit | undefined },
  now: number,
): Finding {
  const all: [string, Limit][] = [['REST', core], ...(graphql ? [['GraphQL', graphql] as [string, Limit]] : [])];
  const text = all.map(([name, { remaining, limit }]) => `${name} ${remaining} of ${limit}`).join(', ');
  const least = all.reduce((worst, one) => (share(one[1]) < share(worst[1]) ? one : worst));
  const minutes = Math.max(0, Math.ceil((least[1].reset * 1000 - now) / 60_000));
  if (least[1].remaining === 0) return failure(CHECK, `${who}: ${text}; more in ${minutes} min`, FIX);
  return share(least[1]) < LOW
    ? warning(CHECK, `${who}: ${text}; more in ${minutes} min`, FIX)
    : ok(CHECK, `${who}: ${text}`);
}

const share = ({ limit, remaining }: Limit): number => (limit > 0 ? remaining / limit : 1);
