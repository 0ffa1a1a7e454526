import { describe, expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { askedOf } from './asked.ts';
import { project } from './index.ts';

describe('what is asked for', () => {
  test.each<[string, ReturnType<typeof askedOf>]>([
    ['0.0.0', { board: '0.0.0', column: '', clear: false }],
    ['0.0.0 To do', { board: '0.0.0', column: 'To do', clear: false }],
    ["'0.0.0' To do", { board: '0.0.0', column: 'To do', clear: false }],
    ["'0.0.0' 'To do'", { board: '0.0.0', column: 'To do', clear: false }],
    ["0.0.0 'To do'", { board: '0.0.0', column: 'To do', clear: false }],
    ['"Big Board" "To do"', { board: 'Big Board', column: 'To do', clear: false }],
    ['"Big Board"', { board: 'Big Board', column: '', clear: false }],
    ['clear 0.0.0', { board: '0.0.0', column: '', clear: true }],
    ["clear '0.0.0' 'To do'", { board: '0.0.0', column: 'To do', clear: true }],
    ['clearance', { board: 'clearance', column: '', clear: false }],
    ['', undefined],
    ['clear', undefined],
    ["'a' 'b' 'c'", undefined],
  ])('%s', (text, asked) => expect(askedOf(text)).toEqual(asked));
});

const column = (id: number, name: string, card?: number) => ({
  id,
  name,
  cards: card ? [{ id: card, contentUrl: 'https://ghe.acme.test/api/v3/repos/acme/Widgets/issues/5' }] : [],
});
const board = (id: number, name: string, of: string, card?: number) => ({
  id,
  name,
  of,
  columns: [column(id * 10, 'To do', card), column(id * 10 + 1, 'Done')],
});
const boards = () => [
  board(1, '0.5.0', 'acme/widgets'),
  board(2, 'Held', 'acme/widgets', 7),
  board(3, 'Elsewhere', 'acme/gadgets'),
  board(4, 'Whole', 'acme'),
];
const CONFIG = {
  project_org_configs: {
    acme: {
      org_maintainers_team_id: 1,
      org_default_column_map: { Whole: 'Done', Held: 'No such' },
      project_repo_configs: { widgets: { repo_default_column_map: { '0.5.0': 'To do' } } },
    },
  },
};
/** Columns with a card in them. */
const placed = (all: ReturnType<typeof boards> | undefined) =>
  (all ?? []).flatMap((it) => it.columns.flatMap(({ id, cards }) => (cards.length > 0 ? [id] : [])));

interface Row {
  say: string;
  user?: string;
  /** Columns with our card in them. */
  after: number[];
  answer?: string;
  config?: object;
}

test.each<Row>([
  { say: '/project 0.5.0 To do', after: [10, 20], answer: 'added to project 0.5.0 column To do (ID 10).' },
  { say: '/project 0.5.0', after: [10, 20], answer: 'column To do (ID 10)' },
  { say: '/project Whole', after: [20, 41], answer: 'added to project Whole column Done (ID 41)' },
  { say: '/project Elsewhere "To do"', after: [20, 30], answer: 'project Elsewhere column To do' },
  { say: '/project Held Done', after: [21], answer: 'moved the project card for this issue to column Done (ID 21).' },
  { say: '/project Held To do', after: [20] },
  { say: '/project Held', after: [20], answer: 'not valid for the project Held. Please provide one of the following' },
  { say: '/project Elsewhere', after: [20], answer: 'following columns in the command:\n[To do Done]' },
  { say: '/project 0.5.0 Nowhere', after: [20], answer: "A column is not provided or it's not valid" },
  { say: '/project clear Held', after: [], answer: 'successfully removed this issue/PR from project Held.' },
  { say: '/project clear Held Done', after: [], answer: 'successfully removed' },
  { say: '/project clear 0.5.0', after: [20], answer: 'The project "0.5.0" is not valid for the issue/PR 5.' },
  {
    say: '/project nothing',
    after: [20],
    answer: 'Projects in Kubernetes orgs and repositories: [`0.5.0`, `Elsewhere`, `Held`, `Whole`].',
  },
  { say: '/project', after: [20], answer: 'Please provide 1 or more arguments.' },
  { say: '/project 0.5.0', user: 'bob', after: [20], answer: 'You must be a member of the [acme/widgets]' },
  { say: '/project 0.5.0', after: [20], answer: 'There is no maintainer team', config: {} },
  { say: '/project 0.5.0', user: 'ci-robot', after: [20] },
  { say: '/Project 0.5.0', after: [20] },
  { say: ' /project 0.5.0', after: [20] },
])('$user: $say', async ({ say: text, user = 'mia', after, answer, config = CONFIG }) => {
  const world = await say(project, user, text, {
    world: { teams: { 'acme/planners': ['mia'] }, boards: boards(), state: 'closed' },
    settings: { project_config: config },
  });
  expect(placed(world.boards)).toEqual(after);
  expect(botComments(world)).toEqual(answer === undefined ? [] : [expect.stringContaining(answer)]);
});

test('the team of the repository goes before the one of the organisation', async () => {
  const { acme } = CONFIG.project_org_configs;
  const widgets = { repo_maintainers_team_id: 2 };
  const config = { project_org_configs: { acme: { ...acme, project_repo_configs: { widgets } } } };
  const world = await say(project, 'mia', '/project 0.5.0', {
    world: { teams: { 'acme/planners': ['mia'], 'acme/others': ['rose'] }, boards: boards() },
    settings: { project_config: config },
  });
  expect(botComments(world)).toEqual([expect.stringContaining('You must be a member')]);
});

test('where GitHub has no boards any more, that is said', async () => {
  const world = await say(project, 'mia', '/project 0.5.0', {
    world: { teams: { 'acme/planners': ['mia'] } },
    settings: { project_config: CONFIG },
  });
  expect(botComments(world)).toEqual([expect.stringContaining('they are gone from github.com')]);
});
