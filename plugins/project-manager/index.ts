import { type EventContext, type Named, plugin } from '../../core/plugin/index.ts';
import { boardsOf, type Column, columnFor, type ProjectManager, projectManagerSettings } from './config.ts';

const p = plugin({
  name: 'project-manager',
  summary:
    'Puts issues and pull requests with the configured labels on classic project boards. Only GitHub Enterprise Server still has those.',
  needs: ['projects', 'labels'],
  config: projectManagerSettings,
  snippet:
    'project_manager:\n  orgsRepos:\n    org/repo:\n      projects:\n        project:\n          columns:\n          - id: 123\n            name: To do\n            state: open\n            labels:\n            - area/conformance\n            org: org\n',
});

const ACTIONS = ['opened', 'reopened', 'labeled', 'unlabeled'];

/** Prow: pkg/plugins/projectmanager, which never sees pull requests although its help names them. */
const onIssue = p.on('issues', ACTIONS, (context) => manage(context, context.event.payload.issue, false));
const onPull = p.on('pull_request', ACTIONS, (context) => manage(context, context.event.payload.pull_request, true));

type Context = Pick<
  EventContext<'issues' | 'pull_request', 'projects' | 'labels', ProjectManager>,
  'event' | 'ports' | 'config' | 'log'
>;

async function manage({ event, ports, config, log }: Context, { state }: { state?: string }, isPull: boolean) {
  const boards = boardsOf(config).filter(({ columns }) => columns.some(({ org }) => org === event.org));
  if (boards.length === 0) return;
  const issue = { org: event.org, state: state ?? 'open', labels: await ports.labels.list() };
  for (const { place, board, columns } of boards) {
    const column = columnFor(columns, issue);
    const id = column && (column.id ?? (await idOf(column, place, board)));
    if (id !== undefined) await ports.projects.add(id, isPull);
  }

  /** undefined where there is no such column, which is the operator's to know. */
  async function idOf({ name }: Column, place: string, board: string): Promise<number | undefined> {
    const [org = '', repo] = place.split('/');
    const boardsThere = await (repo === undefined ? ports.projects.ofOrg(org) : ports.projects.ofRepo(repo));
    const named = (list: readonly Named[] | undefined, wanted: string) => list?.find((it) => it.name === wanted);
    const found = named(boardsThere, board);
    const id = found && named(await ports.projects.columns(found.id), name)?.id;
    if (id === undefined)
      log.warn(
        { place, board, column: name, gone: boardsThere === undefined },
        'there is no such column of a classic project board',
      );
    return id;
  }
}

export const projectManager = p.define({ handlers: [onIssue, onPull] });
