import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import type { enablementFlags } from './flags.ts';

export type EnablementFlags = FlagValues<typeof enablementFlags>;

/** Whether a repository is looked after, by Prow's four flags. Throws `usage` where they contradict each other (Prow: pkg/flagutil/github_enablement.go). */
export function enablement(flags: EnablementFlags): (org: string, repo: string) => boolean {
  const [orgs, notOrgs] = [flags['github-enabled-org'], flags['github-disabled-org']];
  const [repos, notRepos] = [flags['github-enabled-repo'], flags['github-disabled-repo']];
  for (const name of [...repos, ...notRepos])
    if (!/^[^/]+\/[^/]+$/.test(name))
      throw new CutwaterError('usage', `${JSON.stringify(name)} is not in org/repo format`);
  refuseBoth('org', orgs, notOrgs);
  refuseBoth('repo', repos, notRepos);
  const all = orgs.length === 0 && repos.length === 0;
  return (org, repo) => {
    const name = `${org}/${repo}`;
    return (all || orgs.includes(org) || repos.includes(name)) && !notOrgs.includes(org) && !notRepos.includes(name);
  };
}

function refuseBoth(what: 'org' | 'repo', enabled: readonly string[], disabled: readonly string[]): void {
  const both = enabled.filter((name) => disabled.includes(name));
  if (both.length > 0)
    throw new CutwaterError(
      'usage',
      `${both.join(', ')} is in both --github-enabled-${what} and --github-disabled-${what}`,
    );
}
