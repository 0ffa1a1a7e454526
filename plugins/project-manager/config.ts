import { z } from 'zod';
import { globalSettings, hasLabel } from '../../core/plugin/index.ts';

const Column = z.object({
  /** Of the column; without it the column is found by `name`. */
  id: z.int().optional(),
  name: z.string().default(''),
  /** `open`, `closed` or `all`, which is the default. */
  state: z.string().default(''),
  /** All of them must be there. */
  labels: z.array(z.string()).default([]),
  /** The organisation whose issues go there. */
  org: z.string().default(''),
});
export type Column = z.output<typeof Column>;

const Projects = z.record(z.string(), z.object({ columns: z.array(Column).default([]) }));

/** Section `project_manager` of plugins.yaml (Prow: pkg/plugins/config.go, ProjectManager). The keys say where the boards are: org or org/repo. */
const ProjectManager = z.object({
  orgsRepos: z.record(z.string(), z.object({ projects: Projects.default({}) })).default({}),
});
export type ProjectManager = z.output<typeof ProjectManager>;

export const projectManagerSettings = globalSettings<ProjectManager, ProjectManager>(
  'project_manager',
  ProjectManager,
  {
    describe: (settings) =>
      boardsOf(settings)
        .flatMap(({ board, columns }) =>
          columns.map(
            ({ org, labels, state }) =>
              `Issue/PRs org: ${org}, with matching labels: [${labels.join(' ')}] and state: ${state} will be added to the project: ${board}`,
          ),
        )
        .join('\n'),
    finish(settings, view, file) {
      for (const [place, { projects }] of Object.entries(settings.orgsRepos)) {
        const at = ['project_manager', 'orgsRepos', place, 'projects'];
        const boards = Object.entries(projects);
        if (boards.length === 0) view.problem(file, at, 'has no projects configured');
        for (const [board, { columns }] of boards) {
          if (columns.length === 0) view.problem(file, [...at, board, 'columns'], 'has no columns configured');
          for (const [index, column] of columns.entries()) {
            const wrong = faultOf(column, columns.slice(0, index));
            if (wrong) view.problem(file, [...at, board, 'columns', index], wrong);
          }
        }
      }
      return settings;
    },
  },
);

function faultOf({ id, name, labels, org }: Column, before: readonly Column[]): string | undefined {
  if (id === undefined && name === '') return 'has no name/id configured';
  if (labels.length === 0) return 'has no labels configured';
  if (org === '') return 'has no org configured';
  if (before.some((other) => sameLabels(other.labels, labels))) return 'has same labels configured as another column';
  return undefined;
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.every((label) => b.includes(label)) && b.every((label) => a.includes(label));
}

/** Every board, with its place. */
export function boardsOf({ orgsRepos }: ProjectManager): { place: string; board: string; columns: Column[] }[] {
  return Object.entries(orgsRepos).flatMap(([place, { projects }]) =>
    Object.entries(projects).map(([board, { columns }]) => ({ place, board, columns })),
  );
}

/** The first column of a board that an issue belongs to. */
export function columnFor(
  columns: readonly Column[],
  issue: { org: string; state: string; labels: readonly string[] },
): Column | undefined {
  return columns.find(
    ({ org, state, labels }) =>
      org === issue.org &&
      (state === '' || state === 'all' || state === issue.state) &&
      labels.every((label) => hasLabel(issue.labels, label)),
  );
}
