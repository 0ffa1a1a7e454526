import type { BranchProtection, OrgProtection, Policy, RepoProtection } from './schema.ts';

const SWITCHES = [
  'protect-tested-repos',
  'allow_disabled_policies',
  'allow_disabled_job_policies',
  'protect_repos_with_optional_jobs',
] as const;

/** Joins a supplemental file's part. Throws where both say something about one place (Prow: BranchProtection.merge). */
export function mergeProtection(base: BranchProtection, additional: BranchProtection): BranchProtection {
  const twice = SWITCHES.find((key) => base[key] !== undefined && additional[key] !== undefined);
  if (twice) throw new Error(`both branchprotection configs set ${twice}`);
  const switches = SWITCHES.map((key) => [key, base[key] ?? additional[key]] as const);
  const { orgs: baseOrgs, ...general } = base;
  const { orgs, ...additionalGeneral } = additional;
  return {
    ...place(general, additionalGeneral, SWITCHES, 'both branchprotection configs set a top-level policy'),
    ...Object.fromEntries(switches.filter(([, value]) => value !== undefined)),
    orgs: mergeMaps(baseOrgs, orgs, mergeOrg),
  };
}

function mergeOrg(base: OrgProtection, additional: OrgProtection, org: string): OrgProtection {
  const message = `both branchprotection configs define a policy for org ${org}`;
  return {
    ...place(base, additional, ['repos'], message),
    repos: mergeMaps(base.repos, additional.repos, (a, b, repo) => mergeRepo(a, b, `${org}/${repo}`)),
  };
}

function mergeRepo(base: RepoProtection, additional: RepoProtection, name: string): RepoProtection {
  const message = `both branchprotection configs define a policy for repo ${name}`;
  return {
    ...place(base, additional, ['branches'], message),
    branches: mergeMaps(base.branches, additional.branches, (a, b, branch) =>
      place(a, b, [], `both branchprotection configs define a policy for branch ${branch} in repo ${name}`),
    ),
  };
}

/** One place's own policy, from whichever file has one. */
function place(base: Policy, additional: Policy, others: readonly string[], message: string): Policy {
  const [a, b] = [policyAlone(base, others), policyAlone(additional, others)];
  if (isSet(a) && isSet(b)) throw new Error(message);
  return isSet(a) ? a : b;
}

function policyAlone(value: object, others: readonly string[]): Policy {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !others.includes(key)));
}

/** Whether a policy says anything at all; empty lists do not. */
function isSet(policy: Policy): boolean {
  return Object.values(policy).some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0));
}

function mergeMaps<T extends object>(
  base: Readonly<Record<string, T>> | undefined,
  additional: Readonly<Record<string, T>> | undefined,
  merge: (base: T, additional: T, key: string) => T,
): Record<string, T> | undefined {
  if (!additional) return base;
  const merged = new Map(Object.entries(base ?? {}));
  for (const [key, value] of Object.entries(additional)) {
    const known = merged.get(key);
    merged.set(key, known ? merge(known, value, key) : value);
  }
  return Object.fromEntries(merged);
}
