import { z } from 'zod';
import { globalSettings, own, type Settings } from '../../core/plugin/index.ts';

const Columns = z.record(z.string(), z.string()).default({});

const Repo = z.object({
  repo_maintainers_team_id: z.int().default(0),
  /** Board to the column that a card without one goes to. */
  repo_default_column_map: Columns,
});

const Org = z.object({
  org_maintainers_team_id: z.int().default(0),
  org_default_column_map: Columns,
  project_repo_configs: z.record(z.string(), Repo).default({}),
});

/** Section `project_config` of plugins.yaml (Prow: pkg/plugins/config.go, ProjectConfig). */
const ProjectConfig = z.object({ project_org_configs: z.record(z.string(), Org).default({}) });

/** What of it holds for one repository. */
export interface ProjectSettings {
  /** Number of the GitHub team; undefined where there is none. */
  team: number | undefined;
  /** The organisation's columns, and over them the repository's. */
  columns: Readonly<Record<string, string>>;
}

const all = globalSettings('project_config', ProjectConfig);

export const projectSettings: Settings<ProjectSettings> = {
  sections: all.sections,
  forRepo(config, org, repo) {
    const ofOrg = own(all.forRepo(config, org, repo).project_org_configs, org);
    const ofRepo = ofOrg && own(ofOrg.project_repo_configs, repo);
    return {
      team: ofRepo?.repo_maintainers_team_id || ofOrg?.org_maintainers_team_id || undefined,
      columns: { ...ofOrg?.org_default_column_map, ...ofRepo?.repo_default_column_map },
    };
  },
  describe: ({ team, columns }) =>
    [
      team === undefined
        ? 'There are no maintainer team specified for this repo or its org.'
        : `The project maintainers team is the github team with ID: ${team}.`,
      ...Object.entries(columns).map(([board, column]) => `A card for ${board} goes to the column ${column}.`),
    ].join('\n'),
};
