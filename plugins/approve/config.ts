import { z } from 'zod';
import { githubOptions, joined, listSettings, repos, type SettingsOf } from '../../core/plugin/index.ts';

const HELP_LINK = 'https://go.k8s.io/bot-commands';
const PROCESS_LINK = 'https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process';

/** Section `approve` of plugins.yaml. */
const Approve = z.object({
  repos,
  /** The description must name an issue, or an approver waives that with `/approve no-issue`. */
  issue_required: z.boolean().default(false),
  /** Authors who may approve do not do so by the mere fact of writing the change. */
  require_self_approval: z.boolean().default(false),
  /** `/lgtm` approves as well. */
  lgtm_acts_as_approve: z.boolean().default(false),
  /** Otherwise an approving review is `/approve`, and one that requests changes is `/approve cancel`. */
  ignore_review_state: z.boolean().default(false),
  /** The page that lists the commands. */
  commandHelpLink: z.string().default(HELP_LINK),
  /** The page that explains how changes are reviewed. */
  pr_process_link: z.string().default(PROCESS_LINK),
});

const entries = listSettings('approve', Approve);

/** Links that are left empty are the usual ones. */
const approve: typeof entries = {
  ...entries,
  forRepo(config, org, repo) {
    const entry = entries.forRepo(config, org, repo);
    return {
      ...entry,
      commandHelpLink: entry.commandHelpLink || HELP_LINK,
      pr_process_link: entry.pr_process_link || PROCESS_LINK,
    };
  },
};

const not = (holds: boolean) => (holds ? '' : 'not ');

export const settings = joined({ approve, github: githubOptions }, ({ approve: config }) =>
  [
    `Pull requests do ${not(config.issue_required)}require an associated issue.`,
    `Pull request authors do ${not(!config.require_self_approval)}implicitly approve their own PRs.`,
    `The /lgtm [cancel] command(s) will ${not(config.lgtm_acts_as_approve)}act as approval.`,
    `A GitHub approved or changes requested review will ${not(!config.ignore_review_state)}act as approval or cancel respectively.`,
  ].join('<br>'),
);
export type ApproveSettings = SettingsOf<typeof settings>;
