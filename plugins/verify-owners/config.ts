import { joined, ownersDirs, ownersSettings, type SettingsOf, triggerSettings } from '../../core/plugin/index.ts';

/** Nothing of its own: sections `owners` and `triggers` of plugins.yaml, and `owners_dir_denylist` of config.yaml. */
export const settings = joined(
  { owners: ownersSettings, triggers: triggerSettings, directories: ownersDirs },
  ({ owners: { filenames, labelsDenylist } }) =>
    `${filenames.owners} and ${filenames.aliases} files are validated. The verify-owners plugin will complain if ${filenames.owners} files contain any of the following banned labels: ${labelsDenylist.join(', ')}.`,
);
export type VerifyOwnersSettings = SettingsOf<typeof settings>;
