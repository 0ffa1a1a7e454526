import { ACTION, DEPRECATION, NEEDED, NONE, NOTE } from './rules.ts';

/** Everything that this plugin writes, in Prow's words. */
export const words = {
  needed: (guide: string) =>
    `Adding the "${NEEDED}" label because no release-note block was detected, please follow our [release note process](${guide}) to remove it.`,
  parents: `All 'parent' PRs of a cherry-pick PR must have one of the "${NOTE}" or "${ACTION}" labels, or this PR must follow the standard/parent release note labeling requirement.`,
  noteless: (parents: number[]) =>
    `The following parent PRs have neither the "${NOTE}" nor the "${ACTION}" labels: ${parents.map((number) => `#${number}`).join(', ')}.`,
  deprecation: `Adding the "${NEEDED}" label and removing any existing "${NONE}" label because there is a "${DEPRECATION}" label on the PR.`,
  deprecatedCommands: `the \`/${NOTE}\` and \`/${ACTION}\` commands have been deprecated.\nPlease edit the \`release-note\` block in the PR body text to include the release note. If the release note requires additional action include the string \`action required\` in the release note. For example:\n\`\`\`\`\n\`\`\`release-note\nSome release note with action required.\n\`\`\`\n\`\`\`\``,
  notYours: `you can only set the release note label to ${NONE} if you are the PR author or an org member.`,
  blockHasNote: `you can only set the release note label to ${NONE} if the release-note block in the PR body text is empty or "none".`,
  notWithDeprecation: `you can not set the release note label to "${NONE}" because the PR has the label "${DEPRECATION}".`,
  membersEdit: 'You must be an org member to edit the release note.',
  editNeedsBlock: '/release-note-edit must be used with a release note block.',
  nothingToEdit: '/release-note-edit must be used with a single release note block.',
};
