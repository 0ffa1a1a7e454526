import { z } from 'zod';
import { mapSettings } from '../../core/plugin/index.ts';

/** Section `dco` of plugins.yaml, by org/repo, org or `*`. */
const Dco = z.object({
  /** Members of the organisation need not sign off. */
  skip_dco_check_for_members: z.boolean().default(false),
  /** Nor do collaborators of the repository. */
  skip_dco_check_for_collaborators: z.boolean().default(false),
  /** Names of Apps, without `[bot]`, that need not either. */
  trusted_apps: z.array(z.string()).default([]),
  /** An organisation whose members count like those of the repository's own. */
  trusted_org: z.string().default(''),
  /** Where the contributing guide is, as `org/repo`; the repository itself unless given. */
  contributing_repo: z.string().default(''),
  contributing_branch: z.string().default(''),
  contributing_path: z.string().default(''),
});
export type Dco = z.output<typeof Dco>;

export const settings = mapSettings('dco', Dco, Dco.parse({}), {
  describe: (dco) =>
    dco.skip_dco_check_for_members || dco.skip_dco_check_for_collaborators
      ? 'People who are trusted in this repository need not sign off their commits.'
      : '',
});

export function contributingUrl(dco: Dco, org: string, repo: string): string {
  const place = dco.contributing_repo || `${org}/${repo}`;
  return `https://github.com/${place}/blob/${dco.contributing_branch || 'master'}/${dco.contributing_path || 'CONTRIBUTING.md'}`;
}
