import { z } from 'zod';
import { section } from '../config/section.ts';
import { own } from '../own.ts';
import type { Settings } from '../plugin/settings.ts';

const Filenames = z.object({
  owners: z.string().default('OWNERS'),
  owners_aliases: z.string().default('OWNERS_ALIASES'),
});

/** Section `owners` of plugins.yaml (Prow: pkg/plugins/config.go, Owners). */
const OwnersSection = z.object({
  mdyamlrepos: z.array(z.string()).default([]),
  skip_collaborators: z.array(z.string()).default([]),
  labels_denylist: z.array(z.string()).default(['approved', 'lgtm']),
  filenames: z.record(z.string(), Filenames).default({}),
});
type OwnersSection = z.output<typeof OwnersSection>;

export interface OwnersFilenames {
  owners: string;
  aliases: string;
}

/** What the section says about one repository. */
export interface OwnersSettings {
  /** Markdown files may name their own owners between `---` lines at their top. */
  markdown: boolean;
  /** OWNERS files alone say who may do what; whether GitHub calls somebody a collaborator is not asked. */
  skipCollaborators: boolean;
  /** Labels that no OWNERS file may add. */
  labelsDenylist: string[];
  filenames: OwnersFilenames;
}

const declared = section({ key: 'owners', schema: OwnersSection, file: 'plugins' });

export const ownersSettings: Settings<OwnersSettings> = {
  sections: [declared],
  forRepo: (config, org, repo) => settingsFor(config.get(declared), org, repo),
};

function settingsFor(section: OwnersSection, org: string, repo: string): OwnersSettings {
  const full = `${org}/${repo}`;
  const names = own(section.filenames, full) ?? own(section.filenames, org) ?? Filenames.parse({});
  return {
    markdown: section.mdyamlrepos.includes(org) || section.mdyamlrepos.includes(full),
    skipCollaborators: section.skip_collaborators.includes(org) || section.skip_collaborators.includes(full),
    labelsDenylist: section.labels_denylist,
    filenames: { owners: names.owners, aliases: names.owners_aliases },
  };
}
