import { z } from 'zod';
import { listSettings, repos } from '../../core/plugin/index.ts';

const Check = z.object({
  /** `fixupPrefix` or `issueClosingKeywords`. */
  name: z.string().default(''),
  disabled: z.boolean().default(false),
});

/** Section `invalid_commit_msg` of plugins.yaml. */
const InvalidCommitMsg = z.object({ repos, checks: z.array(Check).default([]) });
export type InvalidCommitMsg = z.output<typeof InvalidCommitMsg>;

export const settings = listSettings('invalid_commit_msg', InvalidCommitMsg, {
  describe: () =>
    "The plugin can be configured per-check using the 'checks' field. Each check can be individually disabled by setting 'disabled: true'. Available checks: 'fixupPrefix' (for fixup!/amend!/squash! commits) and 'issueClosingKeywords' (for issue-closing keywords in titles/commits).",
});

/** The first entry of that name decides. */
export function checks({ checks: entries }: InvalidCommitMsg, name: 'fixupPrefix' | 'issueClosingKeywords'): boolean {
  return entries.find((entry) => entry.name === name)?.disabled !== true;
}
