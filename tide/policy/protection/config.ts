import { type Section, section } from '../../../core/config/section.ts';
import { mergeProtection } from './merge.ts';
import { BranchProtection } from './schema.ts';

/** The key `branch-protection` of config.yaml and of supplemental files (Prow: pkg/config/branch_protection.go). */
export const branchProtection: Section<BranchProtection, BranchProtection> = section({
  key: 'branch-protection',
  schema: BranchProtection,
  merge: mergeProtection,
  finish(value, view, file) {
    if (value.include?.length && value.exclude?.length)
      view.problem(
        file,
        ['branch-protection', 'include'],
        'Forbidden to set both Policy.Include and Policy.Exclude, Please use either Include or Exclude!',
      );
    return value;
  },
});
