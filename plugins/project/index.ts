import {
  type CommandEventContext,
  decidedBy,
  type Named,
  own,
  plugin,
  rest,
  sameLogin,
} from '../../core/plugin/index.ts';
import { type Asked, askedOf } from './asked.ts';
import { cardOf, findBoard } from './boards.ts';
import { type ProjectSettings, projectSettings } from './config.ts';
import { words } from './words.ts';

const p = plugin({
  name: 'project',
  summary:
    'Lets the members of a GitHub team put an issue or pull request on a classic project board. Only GitHub Enterprise Server still has those.',
  needs: ['projects', 'people'],
  config: projectSettings,
  snippet:
    'project_config:\n  project_org_configs:\n    org:\n      org_maintainers_team_id: 123456\n      org_default_column_map:\n        project1: To do\n      project_repo_configs:\n        repo:\n          repo_maintainers_team_id: 123456\n          repo_default_column_map:\n            project3: To do\n',
});

type Context = CommandEventContext<'projects' | 'people', ProjectSettings>;

/** Prow: pkg/plugins/project/project.go. */
const command = p.command({
  names: ['project'],
  args: rest('board and column'),
  on: 'both',
  evenClosed: true,
  exactCase: true,
  who: decidedBy("Members of the project maintainer GitHub team can use the '/project' command."),
  help: 'Add an issue or PR to a project board and column',
  examples: ['/project 0.5.0', '/project 0.5.0 To do', '/project clear 0.4.0'],
  async run({ args, ...context }) {
    const { event, bot, config, ports, reply } = context;
    if (sameLogin(event.user, bot)) return;
    const asked = askedOf(args);
    if (!asked) return reply(words.usage);
    if (config.team === undefined) return reply(words.noTeam);
    const team = await ports.people.teamMembersById(config.team);
    if (!team.some((login) => sameLogin(login, event.user))) return reply(words.notMember(event.org, event.repo));
    const search = await findBoard(ports.projects, event.org, event.repo, asked.board);
    if (!search) return reply(words.noBoards);
    if ('names' in search) return reply(words.unknownBoard(search.names));
    const answer = await place(asked, await ports.projects.columns(search.found.id), context);
    if (answer !== undefined) await reply(answer);
  },
});

/** Puts, moves or removes the card; gives what is to be said about it. */
async function place(asked: Asked, columns: readonly Named[], { event, config, ports }: Context) {
  const name = asked.column || own(config.columns, asked.board);
  const column = columns.find((it) => it.name === name);
  if (!column && !asked.clear) {
    const names = columns.map((it) => it.name);
    return words.unknownColumn(asked.board, names);
  }
  const there = await cardOf(ports.projects, columns, event);
  if (asked.clear || !column) {
    if (!there) return words.notOnBoard(asked.board, event.number);
    await ports.projects.remove(there.card.id);
    return words.cleared(asked.board);
  }
  if (there?.column === column.id) return undefined;
  if (there) {
    await ports.projects.move(there.card.id, column.id);
    return words.moved(column.name, column.id);
  }
  await ports.projects.add(column.id, event.isPull);
  return words.added(asked.board, column.name, column.id);
}

export const project = p.define({ commands: [command] });
