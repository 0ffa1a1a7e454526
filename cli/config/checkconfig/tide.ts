import { runsOnBranch } from '../../../jobs/config/branches.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { tide } from '../../../tide/policy/config.ts';
import { contextPolicyOf, contextPolicyProblem } from '../../../tide/policy/context-policy.ts';
import { branchProtection } from '../../../tide/policy/protection/config.ts';
import { branchPolicy, orgPolicy, repoPolicy } from '../../../tide/policy/protection/policy.ts';
import type { Policy } from '../../../tide/policy/protection/schema.ts';
import { coverageOf } from '../../../tide/policy/queries.ts';
import { tideQueries } from '../tide-queries.ts';
import type { Check, Checked, Finding } from './check.ts';
import { describePlaces, intersection, type Places } from './places.ts';

const EXPLANATION =
  'See #5: https://docs.prow.k8s.io/docs/components/core/tide/maintainers/#best-practices Also note that this validation is imperfect, see the check-config code for details';

function strictBranchFindings({ config }: Checked): Finding[] {
  const queries = tideQueries(config);
  if (queries.length === 0) return [];
  if (isStrict(config.get(branchProtection)))
    return [
      {
        message: `strict branchprotection context requirements cannot be globally enabled when Tide is configured for use. ${EXPLANATION}`,
      },
    ];
  const strict = strictPlaces({ config });
  if ('problem' in strict) return [{ message: strict.problem }];
  const both = describePlaces(intersection(coverageOf(queries), strict));
  if (both.length === 0) return [];
  return [
    {
      message: `the following enable strict branchprotection context requirements even though Tide handles merges: [${both.join('; ')}]. ${EXPLANATION}`,
    },
  ];
}

function isStrict({ protect, required_status_checks }: Policy): boolean {
  return protect === true && required_status_checks?.strict === true;
}

/** A repository counts as strict where one of its branches is. */
function strictPlaces({ config }: Pick<Checked, 'config'>): Places | { problem: string } {
  const protection = config.get(branchProtection);
  const orgs = new Map<string, Set<string>>();
  const repos = new Set<string>();
  for (const name of Object.keys(protection.orgs ?? {})) {
    const org = orgPolicy(protection, name);
    const loose = new Set<string>();
    for (const repoName of Object.keys(org.repos ?? {})) {
      const repo = repoPolicy(org, repoName);
      const branches = Object.keys(repo.branches ?? {}).map((branch) => branchPolicy(repo, branch));
      const wrong = branches.find((branch) => 'problem' in branch);
      if (wrong && !isStrict(repo)) return { problem: `error for repo=${name}/${repoName}: ${wrong.problem}` };
      const strict = isStrict(repo) || branches.some((branch) => 'policy' in branch && isStrict(branch.policy));
      (strict ? repos : loose).add(`${name}/${repoName}`);
    }
    if (!isStrict(org)) continue;
    orgs.set(name, loose);
    for (const repo of [...repos]) if (repo.startsWith(`${name}/`)) repos.delete(repo);
  }
  return { orgs, repos };
}

/** Which branches there are only GitHub knows: those are looked at that the configuration names. */
function contextPolicyFindings({ config }: Checked): Finding[] {
  const { contextOptions } = config.get(tide);
  const protection = config.get(branchProtection);
  const { presubmits } = config.get(jobs);
  return [...namedBranches({ config })].flatMap(([name, branches]) => {
    const [org = '', repo, more] = name.split('/');
    if (repo === undefined || more !== undefined) return [];
    return [...(branches.size > 0 ? branches : ['master'])].sort().flatMap((branch): Finding[] => {
      const running = (presubmits.get(name) ?? []).filter((job) => runsOnBranch(job, branch));
      const policy = contextPolicyOf(contextOptions, protection, { org, repo, branch }, running);
      const problem = contextPolicyProblem(policy);
      return problem ? [{ message: `context policy for ${branch} branch in ${name} is invalid: ${problem}` }] : [];
    });
  });
}

function namedBranches({ config }: Pick<Checked, 'config'>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (repo: string, branches: readonly string[]) =>
    found.set(repo, (found.get(repo) ?? new Set<string>()).union(new Set(branches)));
  for (const [repo, list] of config.get(jobs).presubmits)
    add(
      repo,
      list.flatMap((job) => job.branches ?? []),
    );
  addConfigured(config.get(branchProtection).orgs, add);
  addConfigured(config.get(tide).contextOptions.orgs, add);
  return found;
}

interface WithRepos {
  repos?: Readonly<Record<string, { branches?: object | undefined }>> | undefined;
}

function addConfigured(
  orgs: Readonly<Record<string, WithRepos>> | undefined,
  add: (repo: string, branches: readonly string[]) => void,
): void {
  for (const [org, { repos }] of Object.entries(orgs ?? {}))
    for (const [repo, { branches }] of Object.entries(repos ?? {})) add(`${org}/${repo}`, Object.keys(branches ?? {}));
}

function okToTestFindings({ config }: Checked): Finding[] {
  return tideQueries(config).flatMap(({ labels = [], missingLabels = [] }, index): Finding[] =>
    labels.includes('lgtm') && missingLabels.includes('needs-ok-to-test')
      ? [
          {
            message: `the tide query at position ${index} forbids the "needs-ok-to-test" label and requires the "lgtm" label, which is not recommended; see https://docs.prow.k8s.io/docs/components/core/tide/maintainers/#best-practices for more information`,
          },
        ]
      : [],
  );
}

/** What is odd about merging. */
export const tideChecks: readonly Check[] = [
  { name: 'needs-ok-to-test', when: 'default', run: okToTestFindings },
  { name: 'tide-strict-branch', when: 'default', run: strictBranchFindings },
  { name: 'tide-context-policy', when: 'default', run: contextPolicyFindings },
];
