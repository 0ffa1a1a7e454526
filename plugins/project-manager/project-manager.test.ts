import { describe, expect, test } from 'vitest';
import { happen } from '../../core/plugin/testing/index.ts';
import { projectManager } from './index.ts';

const LABELS = ['area/conformance', 'area/sig-testing'];
const BY_ID = { id: 21, org: 'acme', labels: LABELS };
const BY_NAME = { name: 'To do', org: 'acme', labels: LABELS };
const board = (id: number, name: string, of: string) => ({
  id,
  name,
  of,
  columns: [
    { id: id * 10, name: 'To do', cards: [] },
    { id: id * 10 + 1, name: 'Done', cards: [] },
  ],
});
const config = (place: string, ...columns: object[]) => ({
  orgsRepos: { [place]: { projects: { Plan: { columns } } } },
});

interface Row {
  name: string;
  columns: object[];
  place?: string;
  labels?: string[];
  state?: 'open' | 'closed';
  action?: string;
  /** Columns that the issue was put in. */
  put: number[];
}

describe('where an issue goes', () => {
  test.each<Row>([
    { name: 'by the number of a column', columns: [BY_ID], put: [21] },
    { name: 'by the name of a column of an organisation', columns: [BY_NAME], place: 'acme', put: [20] },
    { name: 'by the name of a column of a repository', columns: [BY_NAME], place: 'acme/widgets', put: [10] },
    { name: 'all labels must be there', columns: [BY_ID], labels: LABELS.slice(1), put: [] },
    { name: 'labels do not regard case', columns: [BY_ID], labels: LABELS.map((it) => it.toUpperCase()), put: [21] },
    { name: 'another organisation', columns: [{ ...BY_ID, org: 'other' }], put: [] },
    { name: 'in another state', columns: [{ ...BY_ID, state: 'closed' }], put: [] },
    { name: 'in that state', columns: [{ ...BY_ID, state: 'closed' }], state: 'closed', put: [21] },
    { name: 'in any state', columns: [{ ...BY_ID, state: 'all' }], state: 'closed', put: [21] },
    {
      name: 'the first column that fits',
      columns: [{ ...BY_ID, labels: ['x'] }, BY_NAME, { ...BY_ID, labels: LABELS.slice(1) }],
      place: 'acme',
      put: [20],
    },
    { name: 'no such column', columns: [{ ...BY_NAME, name: 'Nowhere' }], place: 'acme', put: [] },
    { name: 'closing an issue moves nothing', columns: [BY_ID], action: 'closed', put: [] },
  ])('$name', async ({ columns, place = 'acme', labels = LABELS, state = 'open', action = 'labeled', put }) => {
    const world = await happen(projectManager, 'issues', action, {
      world: { isPull: false, labels, state, boards: [board(1, 'Plan', 'acme/widgets'), board(2, 'Plan', 'acme')] },
      payload: { issue: { state } },
      settings: { project_manager: config(place, ...columns) },
    });
    expect(world.boards?.flatMap((it) => it.columns.flatMap(({ id, cards }) => cards.map(() => id)))).toEqual(put);
  });
});

test('a pull request goes there too', async () => {
  const world = await happen(projectManager, 'pull_request', 'labeled', {
    world: { labels: LABELS },
    payload: { pull_request: { state: 'open' } },
    settings: { project_manager: config('acme', BY_ID) },
  });
  expect(world.calls).toContain('projects.add(21, true)');
});

test('where GitHub has no boards, nothing is done', async () => {
  const world = await happen(projectManager, 'issues', 'opened', {
    world: { labels: LABELS, isPull: false },
    payload: { issue: { state: 'open' } },
    settings: { project_manager: config('acme', BY_NAME) },
  });
  expect(world.calls).toEqual(['labels.list()', 'projects.ofOrg(acme)']);
});

describe('settings that are wrong', () => {
  test.each<[string, object]>([
    ['has no projects configured', { orgsRepos: { acme: {} } }],
    ['has no columns configured', config('acme')],
    ['has no name/id configured', config('acme', { org: 'acme', labels: ['a'] })],
    ['has no labels configured', config('acme', { id: 1, org: 'acme' })],
    ['has no org configured', config('acme', { id: 1, labels: ['a'] })],
    ['same labels configured as another column', config('acme', BY_ID, { ...BY_NAME, labels: LABELS.toReversed() })],
  ])('%s', async (problem, project_manager) => {
    const run = happen(projectManager, 'issues', 'opened', { settings: { project_manager } });
    await expect(run).rejects.toThrow(problem);
  });
});
