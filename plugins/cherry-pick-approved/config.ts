import { z } from 'zod';
import { configuredPattern, globalSettings, type Pattern, type Settings } from '../../core/plugin/index.ts';

/** An entry of section `cherry_pick_approved` of plugins.yaml; the last one for a repository holds. */
const CherryPickApproved = z.object({
  org: z.string().default(''),
  repo: z.string().default(''),
  /** Pull requests for these branches are cherry-picks. */
  branchregexp: z.string().default(''),
  /** Logins of those who may approve them. */
  approvers: z.array(z.string()).default([]),
  allow_missing_approved_label: z.boolean().default(false),
  allow_missing_lgtm_label: z.boolean().default(false),
});

export type CherryPickApproval = z.output<typeof CherryPickApproved> & { branches: Pattern };

const all = globalSettings<z.output<typeof CherryPickApproved>[], CherryPickApproval[]>(
  'cherry_pick_approved',
  z.array(CherryPickApproved).default([]),
  {
    describe: () =>
      'The cherry-pick-approved plugin treats PRs against branch names satisfying the `branchregexp` as cherry-pick PRs. There needs to be a defined `approvers` list for the plugin to be able to distinguish cherry-pick approvers from regular maintainers.',
    finish: (entries, view, file) =>
      entries.map((entry, index) => {
        const at = ['cherry_pick_approved', index, 'branchregexp'];
        return { ...entry, branches: configuredPattern(view, file, at, entry.branchregexp || '^release-.*$') };
      }),
  },
);

export const settings: Settings<CherryPickApproval[]> = {
  ...all,
  forRepo: (config, org, repo) =>
    all
      .forRepo(config, org, repo)
      .filter((entry) => entry.org === org && entry.repo === repo)
      .slice(-1),
};
