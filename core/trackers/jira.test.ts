import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { jiraOver } from './jira.ts';
import { restClient } from './rest.ts';

const URL = 'https://jira.example.test';
const client = restClient({ url: `${URL}/`, headers: () => ({ authorization: 'Bearer secret' }) });

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const api = () => nock(`${URL}/rest/api/2`, { reqheaders: { authorization: 'Bearer secret' } });
const LINK = { url: 'https://github.com/o/r/pull/1', title: 'o/r#1: t' };
const ICON = { url16x16: 'https://github.com/favicon.ico', title: 'GitHub' };

test('projects are asked for once, and again when they are old', async () => {
  api()
    .get('/project')
    .times(2)
    .reply(200, [{ key: 'ABC', id: '1' }]);
  let now = 0;
  const jira = jiraOver(client, () => now);
  expect([await jira.projects(), await jira.projects()]).toEqual([['ABC'], ['ABC']]);
  now = 700_000;
  expect(await jira.projects()).toEqual(['ABC']);
});

test('projects that could not be had are asked for anew', async () => {
  api().get('/project').reply(503);
  api().get('/project').reply(200, []);
  const jira = jiraOver(client);
  await expect(jira.projects()).rejects.toMatchObject({ code: 'transient' });
  expect(await jira.projects()).toEqual([]);
});

test.each([
  { status: 200, outcome: true },
  { status: 404, outcome: false },
])('an issue that is answered $status', async ({ status, outcome }) => {
  api().get('/issue/ABC-1?fields=id').reply(status, {});
  expect(await jiraOver(client).hasIssue('ABC-1')).toBe(outcome);
});

test.each([
  { status: 401, code: 'forbidden' },
  { status: 400, code: 'invalid' },
  { status: 502, code: 'transient' },
  { status: 429, code: 'transient' },
])('$status is $code', async ({ status, code }) => {
  api().get('/issue/ABC-1?fields=id').reply(status, 'why');
  await expect(jiraOver(client).hasIssue('ABC-1')).rejects.toMatchObject({ code });
});

test('an answer that is no JSON says so', async () => {
  api().get('/issue/ABC-1?fields=id').reply(200, '<html>');
  await expect(jiraOver(client).hasIssue('ABC-1')).rejects.toThrow('the answer is no JSON');
});

test('a link is made', async () => {
  api().get('/issue/ABC-1/remotelink').reply(200, []);
  api()
    .post('/issue/ABC-1/remotelink', { object: { ...LINK, icon: ICON } })
    .reply(201, { id: 7 });
  await jiraOver(client).link('ABC-1', LINK);
});

test('a link with another title is brought up to date, one with the same is left alone', async () => {
  const before = { id: 7, globalId: 'g', object: { url: LINK.url, title: 'old' } };
  api().get('/issue/ABC-1/remotelink').reply(200, [before]);
  api()
    .put('/issue/ABC-1/remotelink/7', { id: 7, globalId: 'g', object: { ...LINK, icon: ICON } })
    .reply(204);
  api()
    .get('/issue/ABC-1/remotelink')
    .reply(200, [{ id: 7, object: LINK }]);
  await jiraOver(client).link('ABC-1', LINK);
  await jiraOver(client).link('ABC-1', LINK);
});
