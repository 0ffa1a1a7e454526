import { z } from 'zod';
import { globalSettings, type Settings } from '../../core/plugin/index.ts';

const Names = z.array(z.string()).default([]);

const MergeWarning = z.object({
  repos: Names,
  channels: Names,
  exempt_users: Names,
  /** Branch to the people who may push to it. */
  exempt_branches: z.record(z.string(), z.array(z.string())).default({}),
});
type MergeWarning = z.output<typeof MergeWarning>;

/** Section `slack` of plugins.yaml. */
const Slack = z.object({ mentionchannels: Names, mergewarnings: z.array(MergeWarning).default([]) });

const all = globalSettings('slack', Slack);

interface SlackEvents {
  mentionChannels: string[];
  warning?: MergeWarning;
}

/** The first warning that names the repository, else the first that names its organisation (Prow: slackevents, getMergeWarning). */
export const slackSettings: Settings<SlackEvents> = {
  sections: all.sections,
  forRepo(config, org, repo) {
    const { mentionchannels, mergewarnings } = all.forRepo(config, org, repo);
    const naming = (place: string) => mergewarnings.find(({ repos }) => repos.includes(place));
    const warning = naming(`${org}/${repo}`) ?? naming(org);
    return { mentionChannels: mentionchannels, ...(warning && { warning }) };
  },
  describe({ mentionChannels, warning }) {
    const mentions = `SIG mentions on GitHub are reiterated for the following SIG Slack channels: ${mentionChannels.join(', ')}.`;
    if (!warning) return `${mentions} There are no manual merge warnings configured for this repo.`;
    return `${mentions} In this repo merges are considered manual and trigger manual merge warnings if the user who merged is not a member of this universal exemption list: ${warning.exempt_users.join(', ')} or merged to a branch they are not specifically exempted for: ${JSON.stringify(warning.exempt_branches)}.<br>Warnings are sent to the following Slack channels: ${warning.channels.join(', ')}.`;
  },
};
