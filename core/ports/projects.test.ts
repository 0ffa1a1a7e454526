import nock from 'nock';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGitHub, type GitHub } from '../github/github.ts';
import { fixedSecret } from '../secrets/secret.ts';
import type { GitHubClient } from './port.ts';
import { projects } from './projects.ts';

const API = 'https://ghe.acme.test/api/v3';
const at = { org: 'acme', repo: 'widgets', number: 5 };
const { calls } = projects;
const log = pino({ level: 'silent' });
let github: GitHub;
let gh: GitHubClient;

/** GitHub as an Enterprise host, which hides classic projects from those who do not ask for their format. */
const ghe = () => nock(API, { reqheaders: { accept: 'application/vnd.github.inertia-preview+json' } });

beforeAll(() => nock.disableNetConnect());
beforeEach(async () => {
  const registry = new Registry();
  github = createGitHub({
    auth: { token: fixedSecret('t') },
    endpoints: [API],
    retry: { initialDelayMs: 1 },
    log,
    registry,
  });
  gh = await github.forOrg('acme');
});
afterEach(() => {
  github.close();
  const unused = nock.pendingMocks();
  nock.cleanAll();
  expect(unused).toEqual([]);
});

test('boards, columns and cards by their routes', async () => {
  const board = { id: 1, name: 'Plan', body: 'more' };
  ghe().get('/repos/acme/widgets/projects?per_page=100').reply(200, [board]);
  ghe().get('/orgs/acme/projects?per_page=100').reply(200, [board]);
  ghe()
    .get('/orgs/acme/repos?per_page=100')
    .reply(200, [{ name: 'a', has_projects: false }, { name: 'b' }]);
  ghe()
    .get('/projects/1/columns?per_page=100')
    .reply(200, [{ id: 2, name: 'To do' }]);
  ghe()
    .get('/projects/columns/2/cards?per_page=100')
    .reply(200, [
      { id: 3, content_url: 'u' },
      { id: 4, note: 'n' },
    ]);
  expect(await calls.ofRepo.run(gh, at, 'widgets')).toEqual([{ id: 1, name: 'Plan' }]);
  expect(await calls.ofOrg.run(gh, at, 'acme')).toEqual([{ id: 1, name: 'Plan' }]);
  expect(await calls.repos.run(gh, at, 'acme')).toEqual(['b']);
  expect(await calls.columns.run(gh, at, 1)).toEqual([{ id: 2, name: 'To do' }]);
  expect(await calls.cards.run(gh, at, 2)).toEqual([
    { id: 3, contentUrl: 'u' },
    { id: 4, contentUrl: '' },
  ]);
});

test.each([404, 410])('where GitHub answers %i there are no boards', async (status) => {
  nock(API).get('/orgs/acme/projects?per_page=100').reply(status, { message: 'Projects are disabled' });
  expect(await calls.ofOrg.run(gh, at, 'acme')).toBeUndefined();
});

test.each([
  { isPull: false, route: '/repos/acme/widgets/issues/5', content_type: 'Issue' },
  { isPull: true, route: '/repos/acme/widgets/pulls/5', content_type: 'PullRequest' },
])('a card is made of $content_type by the number that GitHub keeps it under', async (row) => {
  nock(API).get(row.route).reply(200, { id: 77 });
  ghe().post('/projects/columns/2/cards', { content_id: 77, content_type: row.content_type }).reply(201, {});
  await calls.add.run(gh, at, 2, row.isPull);
});

test.each([
  ['Project already has the associated issue', true],
  ['Validation Failed', false],
])('GitHub answering 422, %s', async (message, fine) => {
  nock(API).get('/repos/acme/widgets/issues/5').reply(200, { id: 77 });
  ghe().post('/projects/columns/2/cards').reply(422, { message });
  const added = calls.add.run(gh, at, 2, false);
  await (fine ? expect(added).resolves.toBeUndefined() : expect(added).rejects.toThrow(message));
});

test('cards move to the top, and go once', async () => {
  ghe().post('/projects/columns/cards/3/moves', { position: 'top', column_id: 2 }).reply(201, {});
  ghe().delete('/projects/columns/cards/3').reply(404, {});
  await calls.move.run(gh, at, 3, 2);
  await calls.remove.run(gh, at, 3);
});
