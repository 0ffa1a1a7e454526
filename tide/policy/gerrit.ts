import { z } from 'zod';

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
