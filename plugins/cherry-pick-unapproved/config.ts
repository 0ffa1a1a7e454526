import { z } from 'zod';
import { configuredPattern, globalSettings, type Pattern } from '../../core/plugin/index.ts';

const BRANCHES = '^release-.*$';
const COMMENT =
  'This PR is not for the master branch but does not have the `cherry-pick-approved`  label. Adding the `do-not-merge/cherry-pick-not-approved`  label.';

/** Section `cherry_pick_unapproved` of plugins.yaml. */
const CherryPickUnapproved = z.object({
  /** Pull requests for these branches are cherry-picks. */
  branchregexp: z.string().default(''),
  comment: z.string().default(''),
});

export interface CherryPickUnapprovedSettings {
  branches: Pattern;
  comment: string;
}

export const settings = globalSettings<z.output<typeof CherryPickUnapproved>, CherryPickUnapprovedSettings>(
  'cherry_pick_unapproved',
  CherryPickUnapproved,
  {
    describe: ({ branches, comment }) =>
      `The cherry-pick-unapproved plugin treats PRs against branch names satisfying the regular expression \`${branches.source}\` as cherry-pick PRs and adds the following comment:\n${comment}`,
    finish: ({ branchregexp, comment }, view, file) => ({
      branches: configuredPattern(view, file, ['cherry_pick_unapproved', 'branchregexp'], branchregexp || BRANCHES),
      comment: comment || COMMENT,
    }),
  },
);
