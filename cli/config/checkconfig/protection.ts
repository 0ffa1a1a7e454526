import { branchProtection } from '../../../tide/policy/protection/config.ts';
import type {
  BranchProtection,
  OrgProtection,
  Policy,
  RepoProtection,
} from '../../../tide/policy/protection/schema.ts';
import type { Check, Finding } from './check.ts';

const isManaged = (policy: Policy) => policy.unmanaged === false;
const entries = <T>(map: Readonly<Record<string, T>> | undefined): [string, T][] => Object.entries(map ?? {});

function hasManagedBranches({ branches }: RepoProtection): boolean {
  return entries(branches).some(([, branch]) => isManaged(branch));
}

function managesBelow({ repos }: OrgProtection): boolean {
  return entries(repos).some(([, repo]) => isManaged(repo) || hasManagedBranches(repo));
}

/** Whether a place says anything but that it is unmanaged; what stands below it does not count. */
function hasSettings(place: Policy): boolean {
  const below = new Set<string>(['unmanaged', 'orgs', 'repos', 'branches', ...GENERAL]);
  return entries(place as Record<string, unknown>).some(([key, value]) => !below.has(key) && value !== undefined);
}

const GENERAL = [
  'protect-tested-repos',
  'allow_disabled_policies',
  'allow_disabled_job_policies',
  'protect_repos_with_optional_jobs',
];

/** Settings below something that branch protection leaves alone have no effect (Prow: validateUnmanagedBranchprotectionConfigDoesntHaveSubconfig). */
function unmanagedProblems(protection: BranchProtection): string[] {
  const orgs = entries(protection.orgs);
  return [
    ...(protection.unmanaged ? globallyUnmanaged(protection) : []),
    ...orgs.flatMap(([name, org]) => (org.unmanaged ? unmanagedOrg(name, org) : [])),
    ...orgs.flatMap(([name, org]) => entries(org.repos).flatMap(([repo, own]) => repoProblems(`${name}/${repo}`, own))),
  ];
}

function globallyUnmanaged(protection: BranchProtection): string[] {
  const orgs = entries(protection.orgs);
  const overridden = orgs.some(([, org]) => isManaged(org) || managesBelow(org));
  return [
    ...(hasSettings(protection) && !overridden
      ? ['branch protection is globally set to unmanaged, but has configuration']
      : []),
    ...orgs
      .filter(([, org]) => !entries(org.repos).some(([, repo]) => isManaged(repo)))
      .map(
        ([name]) =>
          `branch protection config is globally set to unmanaged but has configuration for org ${name} without setting the org to unmanaged: false`,
      ),
  ];
}

function unmanagedOrg(name: string, org: OrgProtection): string[] {
  return [
    ...(hasSettings(org) && !managesBelow(org)
      ? [`branch protection config for org ${name} is set to unmanaged, but it defines settings`]
      : []),
    ...entries(org.repos)
      .filter(([, repo]) => !hasManagedBranches(repo))
      .map(
        ([repo]) =>
          `branch protection config for repo ${name}/${repo} is defined, but branch protection is unmanaged for org ${name} without setting the repo to unmanaged: false`,
      ),
  ];
}

function repoProblems(name: string, repo: RepoProtection): string[] {
  const branches = entries(repo.branches);
  return [
    ...(repo.unmanaged && hasSettings(repo) && !hasManagedBranches(repo)
      ? [`branch protection config for repo ${name} is set to unmanaged, but it defines settings`]
      : []),
    ...branches
      .filter(([, branch]) => repo.unmanaged && !isManaged(branch))
      .map(
        ([branch]) =>
          `branch protection for repo ${name} is set to unmanaged, but it defines settings for branch ${branch} without setting the branch to unmanaged: false`,
      ),
    ...branches
      .filter(([, branch]) => branch.unmanaged && hasSettings(branch))
      .map(
        ([branch]) =>
          `branch protection config for branch ${branch} in repo ${name} is set to unmanaged but defines settings`,
      ),
  ];
}

export const protectionChecks: readonly Check[] = [
  {
    name: 'validate-unmanaged-branchconfig-has-no-subconfig',
    when: 'default',
    run: ({ config }): Finding[] => unmanagedProblems(config.get(branchProtection)).map((message) => ({ message })),
  },
];
