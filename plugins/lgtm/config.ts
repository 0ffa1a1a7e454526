import { z } from 'zod';
import { joined, listSettings, ownersSettings, repos, type SettingsOf } from '../../core/plugin/index.ts';

/** Section `lgtm` of plugins.yaml. */
const Lgtm = z.object({
  repos,
  /** Approving reviews, and those that request changes, add and remove the label. */
  review_acts_as_lgtm: z.boolean().default(false),
  /** Commits that change nothing in the tree, such as a squash, keep the label. */
  store_tree_hash: z.boolean().default(false),
  /** Name of a team whose members keep the label whatever they push. */
  trusted_team_for_sticky_lgtm: z.string().default(''),
});

const lgtm = listSettings('lgtm', Lgtm);

export const settings = joined({ lgtm, owners: ownersSettings }, ({ lgtm: config }) => {
  const facts = [
    ...(config.review_acts_as_lgtm
      ? ['Reviews of "approve" or "request changes" act as adding or removing LGTM.']
      : []),
    ...(config.store_tree_hash ? ['Squashing commits does not remove LGTM.'] : []),
    ...(config.trusted_team_for_sticky_lgtm
      ? [`Commits from "${config.trusted_team_for_sticky_lgtm}" do not remove LGTM.`]
      : []),
  ];
  if (facts.length === 0) return '';
  return ['The plugin has the following configuration:<ul>', ...facts.map((fact) => `<li>${fact}</li>`), '</ul>'].join(
    '\n',
  );
});
export type LgtmSettings = SettingsOf<typeof settings>;
