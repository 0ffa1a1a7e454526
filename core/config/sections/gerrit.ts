import { z } from 'zod';
import { duration, pattern, url } from '../schema.ts';
import { section } from '../section.ts';

const texts = () => z.array(z.string()).optional();

/** Gerrit hosts, their projects, and which changes of these are looked at (Prow: GerritOrgRepoConfigs). */
export const GerritOrgRepos = z.array(
  z.object({
    org: z.string().optional(),
    repos: texts(),
    opt_out_help: z.boolean().optional(),
    filters: z
      .object({ branches: texts(), excluded_branches: texts(), opt_in_by_default: z.boolean().optional() })
      .optional(),
  }),
);
export type GerritOrgRepos = z.output<typeof GerritOrgRepos>;

const DEFAULT_RATELIMIT = 5;

/** The key `gerrit` (Prow: pkg/config/config.go, Gerrit). */
export const gerrit = section({
  key: 'gerrit',
  schema: z.object({
    tick_interval: duration().default('1m'),
    ratelimit: z.int().default(0),
    deck_url: url().default(''),
    org_repos_config: GerritOrgRepos.default([]),
    /** Comments that start presubmits; anything does unless it is set. */
    allowed_presubmit_trigger_re: pattern().default(''),
  }),
  finish: (value) => ({ ...value, ratelimit: value.ratelimit || DEFAULT_RATELIMIT }),
});
