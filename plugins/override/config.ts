import { z } from 'zod';
import { globalSettings } from '../../core/plugin/index.ts';

/** Section `override` of plugins.yaml. */
const Override = z.object({
  /** Approvers of the OWNERS file at the root may override as well. */
  allow_top_level_owners: z.boolean().default(false),
  /** Organisation or `org/repo` to slugs of teams whose members may. */
  allowed_github_teams: z.record(z.string(), z.array(z.string())).default({}),
});
export type OverrideSettings = z.output<typeof Override>;

export const settings = globalSettings('override', Override, {
  describe: (config) => `Contexts can be overridden by: ${whoCanUse(config)}`,
});

/** In Prow's words; without a repository, of all that are configured. */
export function whoCanUse(config: OverrideSettings, at?: { org: string; repo: string }): string {
  const teams = Object.entries(config.allowed_github_teams);
  const listed = teams
    .filter(([key]) => !at || key === at.org || key === `${at.org}/${at.repo}`)
    .map(([key, slugs]) => `${key}: ${slugs.join(' ')}`)
    .sort();
  const owners = config.allow_top_level_owners ? ', approvers in top level OWNERS file' : '';
  return `Repo administrators${owners}${teams.length > 0 ? `, and the following github teams:${listed.join(', ')}` : ''}.`;
}
