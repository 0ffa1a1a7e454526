import { z } from 'zod';

const contexts = () => z.array(z.string()).optional();

const ContextRules = z.object({
  'skip-unknown-contexts': z.boolean().optional(),
  'required-contexts': contexts(),
  'required-if-present-contexts': contexts(),
  'optional-contexts': contexts(),
  'optional-regex-contexts': contexts(),
  'from-branch-protection': z.boolean().optional(),
  'overwrite-pending-contexts': z.boolean().optional(),
});
/** What the configuration says about contexts, at one place or after all places are joined. */
export type ContextRules = z.output<typeof ContextRules>;

const OfRepo = ContextRules.extend({ branches: z.record(z.string(), ContextRules).optional() });
const OfOrg = ContextRules.extend({ repos: z.record(z.string(), OfRepo).optional() });

/** `tide.context_options`: for everything, by org, by repository, by branch. */
export const ContextOptions = ContextRules.extend({ orgs: z.record(z.string(), OfOrg).optional() });
export type ContextOptions = z.output<typeof ContextOptions>;

/** The rules for a branch: lists of all places together, switches from the narrowest place that sets them (Prow: ParseTideContextPolicyOptions). */
export function contextRulesFor(options: ContextOptions, org: string, repo: string, branch: string): ContextRules {
  const { orgs, ...general } = options;
  const ofOrg = own(orgs, org);
  const ofRepo = own(ofOrg?.repos, repo);
  const ofBranch = own(ofRepo?.branches, branch);
  return [ofOrg, ofRepo, ofBranch].filter((rules) => rules !== undefined).reduce<ContextRules>(joined, general);
}

function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined;
}

const LISTS = [
  'required-contexts',
  'required-if-present-contexts',
  'optional-contexts',
  'optional-regex-contexts',
] as const;
const SWITCHES = ['skip-unknown-contexts', 'from-branch-protection', 'overwrite-pending-contexts'] as const;

function joined(parent: ContextRules, child: ContextRules): ContextRules {
  const lists = LISTS.map((key) => [key, union(parent[key], child[key])]);
  const switches = SWITCHES.map((key) => [key, child[key] ?? parent[key]]);
  return Object.fromEntries([...lists, ...switches].filter(([, value]) => value !== undefined));
}

function union(a: readonly string[] = [], b: readonly string[] = []): string[] | undefined {
  const all = [...new Set([...a, ...b])].sort();
  return all.length > 0 ? all : undefined;
}
