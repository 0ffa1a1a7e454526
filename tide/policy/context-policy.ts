import { compilePattern } from '../../core/config/pattern.ts';
import { messageOf } from '../../core/errors.ts';
import { type ContextOptions, contextRulesFor } from './context-options.ts';
import { protectionOf } from './protection/policy.ts';
import type { BranchProtection } from './protection/schema.ts';
import { type ContextSource, requirementsOf } from './requirements.ts';

/** Which contexts of a branch must be green (Prow: TideContextPolicy). Lists are sorted. */
export interface ContextPolicy {
  required: readonly string[];
  requiredIfPresent: readonly string[];
  optional: readonly string[];
  /** Contexts that one of these matches are optional. */
  optionalPatterns: readonly string[];
  skipUnknown?: boolean | undefined;
  overwritePending?: boolean | undefined;
}

export interface Branch {
  org: string;
  repo: string;
  branch: string;
}

/** What the configuration and the presubmits that run on a branch ask of its contexts (Prow: GetTideContextPolicy). See `contextPolicyProblem`. */
export function contextPolicyOf(
  options: ContextOptions,
  protection: BranchProtection,
  place: Branch,
  presubmits: readonly ContextSource[],
): ContextPolicy {
  const rules = contextRulesFor(options, place.org, place.repo, place.branch);
  const found = rules['from-branch-protection'] ? protectionOf(protection, place, presubmits) : {};
  const protectedBy = 'policy' in found ? found.policy : undefined;
  const jobs = requirementsOf(presubmits, protectedBy?.require_manually_triggered_jobs === true);
  const demanded = protectedBy?.protect ? protectedBy.required_status_checks?.contexts : undefined;
  return {
    required: sorted(rules['required-contexts'], demanded, jobs.required),
    requiredIfPresent: sorted(rules['required-if-present-contexts'], jobs.requiredIfPresent),
    optional: sorted(rules['optional-contexts'], jobs.optional),
    optionalPatterns: rules['optional-regex-contexts'] ?? [],
    skipUnknown: rules['skip-unknown-contexts'],
    overwritePending: rules['overwrite-pending-contexts'],
  };
}

function sorted(...lists: (readonly string[] | undefined)[]): string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))].sort();
}

/** Why a policy cannot be used: a context in two lists, or a pattern that cannot be read or that a required context matches. */
export function contextPolicyProblem(policy: ContextPolicy): string | undefined {
  const { required, requiredIfPresent, optional } = policy;
  return (
    overlap(required, optional, 'required and optional') ??
    overlap(required, requiredIfPresent, 'required and required if present') ??
    overlap(optional, requiredIfPresent, 'optional and required if present') ??
    policy.optionalPatterns.map((source) => patternProblem(source, policy)).find((problem) => problem !== undefined)
  );
}

function overlap(a: readonly string[], b: readonly string[], as: string): string | undefined {
  const both = a.filter((context) => b.includes(context));
  return both.length > 0 ? `contexts ${both.join(', ')} are defined as ${as}` : undefined;
}

function patternProblem(source: string, { required, requiredIfPresent }: ContextPolicy): string | undefined {
  const quoted = `optional context regex ${JSON.stringify(source)}`;
  try {
    const pattern = compilePattern(source);
    const must = required.find((context) => pattern.test(context));
    if (must !== undefined) return `${quoted} matches required context ${must}`;
    const where = requiredIfPresent.find((context) => pattern.test(context));
    return where === undefined ? undefined : `${quoted} matches required if present context ${where}`;
  } catch (error) {
    return `${quoted} doesn't compile: ${messageOf(error)}`;
  }
}

/** Whether a context that a pull request has may be anything but green. What nobody knows must be green, unless it may be skipped. */
export function isOptional(policy: ContextPolicy, context: string): boolean {
  if (policy.optional.includes(context)) return true;
  if (policy.optionalPatterns.some((source) => compilePattern(source).test(context))) return true;
  if (policy.required.includes(context) || policy.requiredIfPresent.includes(context)) return false;
  return policy.skipUnknown === true;
}

/** The required contexts that a pull request does not have. */
export function missingContexts(policy: ContextPolicy, present: readonly string[]): string[] {
  const there = new Set(present);
  return policy.required.filter((context) => !there.has(context));
}
