import { z } from 'zod';

const flag = () => z.boolean().optional();
const texts = () => z.array(z.string()).optional();
const UsersAndTeams = z.object({ users: texts(), teams: texts() });

/** What protects a branch, at one place or after all places are joined; what is not set is left to the place above (Prow: Policy). */
export const Policy = z.object({
  unmanaged: flag(),
  protect: flag(),
  required_status_checks: z.object({ contexts: texts(), strict: flag() }).optional(),
  enforce_admins: flag(),
  restrictions: z.object({ apps: texts(), users: texts(), teams: texts() }).optional(),
  require_manually_triggered_jobs: flag(),
  required_pull_request_reviews: z
    .object({
      dismissal_restrictions: UsersAndTeams.optional(),
      dismiss_stale_reviews: flag(),
      require_code_owner_reviews: flag(),
      required_approving_review_count: z.int().optional(),
      bypass_pull_request_allowances: UsersAndTeams.optional(),
    })
    .optional(),
  required_linear_history: flag(),
  allow_force_pushes: flag(),
  allow_deletions: flag(),
  require_signed_commits: flag(),
  exclude: texts(),
  include: texts(),
});
export type Policy = z.output<typeof Policy>;

const Repo = Policy.extend({ branches: z.record(z.string(), Policy).optional() });
export type RepoProtection = z.output<typeof Repo>;

const Org = Policy.extend({ repos: z.record(z.string(), Repo).optional() });
export type OrgProtection = z.output<typeof Org>;

/** `branch-protection`, as one file or all of them together say it. */
export const BranchProtection = Policy.extend({
  'protect-tested-repos': flag(),
  orgs: z.record(z.string(), Org).optional(),
  allow_disabled_policies: flag(),
  allow_disabled_job_policies: flag(),
  protect_repos_with_optional_jobs: flag(),
});
export type BranchProtection = z.output<typeof BranchProtection>;
