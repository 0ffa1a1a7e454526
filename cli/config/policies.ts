import type { Config } from '../../core/config/config.ts';
import { choiceFlag, describeFlags, parseFlags } from '../../core/flags.ts';
import { runsOnBranch } from '../../jobs/config/branches.ts';
import { splitRepo, trimHttps } from '../../jobs/config/gerrit.ts';
import type { Presubmit } from '../../jobs/config/job.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { forRepo } from '../../tide/policy/by-repo.ts';
import { tide } from '../../tide/policy/config.ts';
import { type Branch, contextPolicyOf, contextPolicyProblem } from '../../tide/policy/context-policy.ts';
import { mergeMethodOf } from '../../tide/policy/merge-method.ts';
import { branchProtection } from '../../tide/policy/protection/config.ts';
import { protectionOf } from '../../tide/policy/protection/policy.ts';
import { appliesTo, searchesByOrg, type TideQuery } from '../../tide/policy/queries.ts';
import { configFlags } from '../start/flags.ts';
import { loadFromFlags } from './load.ts';
import { table, write, writeLines } from './output.ts';
import { tideQueries } from './tide-queries.ts';

const FLAGS = {
  ...configFlags,
  format: choiceFlag('a table for people, or a record a line for programs', ['table', 'jsonl'], 'table'),
};

/** Branches that are always shown, beside those that branch-protection names. */
const USUAL_BRANCHES = ['main', 'master', 'release-1.30'];
/** Stands for whatever repository of an org is not named. */
const ANY = 'any';

/** `cutwater policies`: what tide and branch protection ask for, by repository and branch. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) return help();
  const { values } = parseFlags(FLAGS, argv);
  const records = policies(loadFromFlags(values));
  if (values.format === 'jsonl') await writeLines(records);
  else await write(table([['REPOSITORY', 'BRANCH', 'MERGE', 'REQUIRED', 'PROTECTED'], ...rows(records)]));
  return 0;
}

async function help(): Promise<number> {
  await write(`usage: cutwater policies --config-path=FILE [FLAGS]\n\n${describeFlags(FLAGS)}\n`);
  return 0;
}

type Policies = ReturnType<typeof policiesOf>;

function rows(records: readonly Policies[]): string[][] {
  return records.map(({ repo, branch, merge_method, contexts, protection }) => [
    repo,
    branch,
    merge_method,
    contexts?.required.join(', ') ?? '',
    protection?.protect ? 'yes' : '-',
  ]);
}

/** All of them, by repository and branch. */
export function policies(config: Config): Policies[] {
  const joined = tideQueries(config);
  return placesOf(config).map((place) => policiesOf(config, joined, place));
}

/** Every repository that has presubmits, a query or a protection of its own, and one that has none for each org; sorted. */
function placesOf(config: Config): (Branch & { key: string })[] {
  const { orgs = {} } = config.get(branchProtection);
  const { queries } = config.get(tide);
  const keys = [
    ...config.get(jobs).presubmits.keys(),
    ...queries.flatMap((query) => [...(query.repos ?? []), ...(query.orgs ?? []).map((org) => `${org}/${ANY}`)]),
    ...Object.entries(orgs).flatMap(([org, { repos = {} }]) =>
      [ANY, ...Object.keys(repos)].map((repo) => `${org}/${repo}`),
    ),
  ];
  return [...new Set(keys)].sort().flatMap((key) => {
    const split = splitRepo(key);
    if (!split) return [];
    const named = Object.keys(orgs[split.org]?.repos?.[split.repo]?.branches ?? {});
    return [...new Set([...USUAL_BRANCHES, ...named])].sort().map((branch) => ({ key, ...split, branch }));
  });
}

function policiesOf(config: Config, queries: readonly TideQuery[], { key, ...place }: Branch & { key: string }) {
  const { org, repo, branch } = place;
  const { contextOptions, mergeMethods, batchSizeLimit, targetUrls } = config.get(tide);
  const protection = config.get(branchProtection);
  const presubmits = presubmitsOf(config, key).filter((job) => runsOnBranch(job, branch));
  const protectedBy = protectionOf(protection, place, presubmits);
  return {
    repo: key,
    branch,
    ...contextsOf(contextPolicyOf(contextOptions, protection, place, presubmits)),
    merge_method: mergeMethodOf(mergeMethods, org, repo, branch),
    batch_size_limit: forRepo(batchSizeLimit, org, repo) ?? 0,
    target_url: forRepo(targetUrls, org, repo) ?? '',
    queries: queries
      .filter((query) => appliesTo(query, org, repo))
      .flatMap((query) => searchesByOrg(query).get(org) ?? []),
    ...('problem' in protectedBy
      ? { protection: null, protection_error: protectedBy.problem }
      : { protection: protectedBy.policy ?? null }),
  };
}

/** Jobs of a Gerrit project may be declared without its `https://` (Prow: GetPresubmitsStatic). */
function presubmitsOf(config: Config, key: string): Presubmit[] {
  const { presubmits } = config.get(jobs);
  return [...new Set([key, trimHttps(key)])].flatMap((name) => presubmits.get(name) ?? []);
}

function contextsOf(policy: ReturnType<typeof contextPolicyOf>) {
  const problem = contextPolicyProblem(policy);
  if (problem !== undefined) return { contexts: null, contexts_error: problem };
  return {
    contexts: {
      required: policy.required,
      required_if_present: policy.requiredIfPresent,
      optional: policy.optional,
      optional_patterns: policy.optionalPatterns,
      skip_unknown: policy.skipUnknown ?? null,
    },
  };
}
