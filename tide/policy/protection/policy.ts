import { type ContextSource, type Requirements, requirementsOf } from '../requirements.ts';
import { applied, POLICY_KEYS } from './apply.ts';
import type { BranchProtection, OrgProtection, Policy, RepoProtection } from './schema.ts';

/** What protects a branch; `problem` says why the configuration contradicts itself there. */
export type Protection = { policy?: Policy | undefined } | { problem: string };

/**
 * The protection of a branch with every place joined and the contexts of its presubmits required (Prow: GetBranchProtection). Undefined
 * where no such org is configured or nothing is asked for. `presubmits`: those that run on the branch.
 */
export function protectionOf(
  config: BranchProtection,
  { org, repo, branch }: { org: string; repo: string; branch: string },
  presubmits: readonly ContextSource[],
): Protection {
  if (!config.orgs || !Object.hasOwn(config.orgs, org)) return {};
  const configured = branchPolicy(repoPolicy(orgPolicy(config, org), repo), branch);
  if ('problem' in configured) return configured;
  return withJobs(config, `${org}/${repo}=${branch}`, configured.policy, presubmits);
}

/** The policy of an org, joined with what holds everywhere. */
export function orgPolicy(config: BranchProtection, org: string): OrgProtection {
  const own = ownOf(config.orgs, org);
  return { ...(own ? applied(config, own) : policyOf(config)), repos: own?.repos };
}

/** The policy of a repository; `org` is joined already. */
export function repoPolicy(org: OrgProtection, repo: string): RepoProtection {
  const own = ownOf(org.repos, repo);
  return { ...(own ? applied(org, own) : policyOf(org)), branches: own?.branches };
}

/** The policy of a branch; `repo` is joined already. */
export function branchPolicy(repo: RepoProtection, branch: string): { policy: Policy } | { problem: string } {
  const own = ownOf(repo.branches, branch);
  if (!own) return { policy: policyOf(repo) };
  const policy = applied(repo, own);
  if (policy.protect === undefined && !policy.unmanaged)
    return { problem: 'defined branch policies must set protect or unmanaged=true' };
  return { policy };
}

/** What the presubmits of a branch add to its policy, and whether the whole makes sense (Prow: GetPolicy). `place`: for messages. */
function withJobs(
  config: BranchProtection,
  place: string,
  configured: Policy,
  presubmits: readonly ContextSource[],
): Protection {
  const requirements = requirementsOf(presubmits, configured.require_manually_triggered_jobs === true);
  const managed = managesChecks(config, requirements);
  if (managed && configured.protect === false)
    return config.allow_disabled_job_policies ? {} : { problem: 'required prow jobs require branch protection' };
  const policy = managed ? applied(configured, demandOf(config, requirements)) : configured;
  if (policy.protect === false && isDefined({ ...policy, protect: undefined }) && !config.allow_disabled_policies)
    return { problem: `${place} defines a policy, which requires protect: true` };
  return isDefined(policy) ? { policy } : {};
}

function demandOf(config: BranchProtection, { required }: Requirements): Policy {
  return {
    ...(config['protect-tested-repos'] && { protect: true }),
    required_status_checks: { contexts: required.length > 0 ? required : undefined },
  };
}

function managesChecks(config: BranchProtection, { required, requiredIfPresent, optional }: Requirements): boolean {
  if (required.length > 0) return true;
  return config.protect_repos_with_optional_jobs === true && requiredIfPresent.length + optional.length > 0;
}

/** Whether a policy asks for anything; which branches it is for, and that it is left alone, does not count. */
function isDefined(policy: Policy): boolean {
  return POLICY_KEYS.some((key) => !['unmanaged', 'include', 'exclude'].includes(key) && policy[key] !== undefined);
}

function policyOf(place: Policy): Policy {
  return Object.fromEntries(POLICY_KEYS.map((key) => [key, place[key]]).filter(([, value]) => value !== undefined));
}

function ownOf<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined;
}
