import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import type { GitHubClient } from '../ports/port.ts';
import { bugzillaOver } from './bugzilla.ts';
import { bugzillaPort } from './bugzilla-port.ts';
import { restClient } from './rest.ts';

const URL = 'https://bugs.example.test';
const client = restClient({
  url: URL,
  headers: () => ({ 'x-bugzilla-api-key': 'secret' }),
  query: () => ({ api_key: 'secret' }),
});
const bugzilla = bugzillaOver(client);

afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const server = () => nock(URL, { reqheaders: { 'x-bugzilla-api-key': 'secret' } });
const BUG = '/rest/bug/5?include_fields=_default&include_fields=flags&api_key=secret';
const PULL = { org: 'acme', repo: 'widgets', number: 7 };

test('a bug, with what it leaves out', async () => {
  const raw = { id: 5, summary: 's', is_open: true, component: ['c'], qa_contact_detail: { email: 'q@x' } };
  server()
    .get(BUG)
    .reply(200, { bugs: [raw] });
  expect(await bugzilla.bug(5)).toMatchObject({ ...raw, status: '', blocks: [], groups: [] });
});

test.each([
  {
    status: 404,
    answer: { error: true, code: 101, message: 'no such bug' },
    code: 'not-found',
    words: 'code 101: no such',
  },
  { status: 401, answer: { error: true, code: 102, message: 'denied' }, code: 'forbidden', words: 'code 102: denied' },
  { status: 200, answer: { error: true, code: 32000, message: 'odd' }, code: 'invalid', words: 'code 32000: odd' },
  { status: 503, answer: 'busy', code: 'transient', words: '503 busy' },
  { status: 400, answer: 'bad', code: 'invalid', words: '400 bad' },
  { status: 200, answer: { bugs: [] }, code: 'invalid', words: 'did not get one bug, but 0' },
])('$status $answer', async ({ status, answer, code, words }) => {
  server().get(BUG).reply(status, answer);
  const asked = bugzilla.bug(5);
  await expect(asked).rejects.toMatchObject({ code });
  await expect(asked).rejects.toThrow(words);
});

test('what is written', async () => {
  server().put('/rest/bug/5?api_key=secret', { status: 'NEW' }).reply(200, {});
  server().post('/rest/bug?api_key=secret', { summary: 's', description: 'd' }).reply(200, { id: 6 });
  server().post('/rest/bug/5/comment?api_key=secret', { id: 5, comment: 'c', is_private: true }).reply(201, { id: 1 });
  await bugzilla.update(5, { status: 'NEW' });
  expect(await bugzilla.create({ summary: 's', description: 'd' })).toBe(6);
  await bugzilla.comment(5, 'c');
});

test('the pull requests that a bug lists, and nothing else that it lists', async () => {
  const external = (ext_bz_bug_id: string, url = 'https://github.com/', bug_id = 5) => ({
    ext_bz_bug_id,
    bug_id,
    type: { url },
  });
  const ids = [
    'acme/widgets/pull/7',
    'acme/widgets/pull/8/files',
    'acme/widgets/pull/9/',
    'acme/widgets/issues/1',
    'odd',
  ];
  const external_bugs = [
    ...ids.map((id) => external(id)),
    external('a/b/pull/1', 'https://x/'),
    external('a/b/pull/2', undefined, 6),
  ];
  server()
    .get('/rest/bug/5?include_fields=external_bugs&api_key=secret')
    .reply(200, { bugs: [{ external_bugs }] });
  expect((await bugzilla.pulls(5)).map(({ number }) => number)).toEqual([7, 8, 9]);
});

describe('links to pull requests', () => {
  const call = (method: string, parameters: object) => ({
    jsonrpc: '1.0',
    method: `ExternalBugs.${method}`,
    id: 'identifier',
    params: [parameters],
  });
  const id = 'acme/widgets/pull/7';
  const type = { ext_type_url: 'https://github.com/' };
  const rpc = (body: object, answer: object) =>
    server()
      .post('/jsonrpc.cgi?api_key=secret', body as nock.DataMatcherMap)
      .reply(200, { id: 'identifier', error: null, ...answer });
  const add = call('add_external_bug', { bug_ids: [5], external_bugs: [{ ...type, ext_bz_bug_id: id }] });
  const remove = call('remove_external_bug', { bug_ids: [5], ...type, ext_bz_bug_id: id });
  const changes = { 'ext_bz_bug_map.ext_bz_bug_id': { added: `Github ${id}`, removed: '' } };

  test.each([
    { answer: { result: { bugs: [{ id: 5, changes }] } }, added: true },
    { answer: { result: { bugs: [{ id: 5, changes: {} }] } }, added: false },
    {
      answer: {
        error: {
          code: 100500,
          message: 'x duplicate key value violates unique constraint "ext_bz_bug_map_bug_id_idx" y',
        },
      },
      added: false,
    },
  ])('adding: $answer', async ({ answer, added }) => {
    rpc(add, answer);
    expect(await bugzilla.addPull(5, PULL)).toBe(added);
  });

  test('a refusal, and a tracker with a number', async () => {
    rpc(call('add_external_bug', { bug_ids: [5], external_bugs: [{ ext_type_id: 131, ext_bz_bug_id: id }] }), {
      error: { code: 1, message: 'no' },
    });
    await expect(bugzillaOver(client, 131).addPull(5, PULL)).rejects.toThrow('JSONRPC error 1: no');
  });

  test.each([
    { answer: { result: { external_bugs: [{ ...type, ext_bz_bug_id: id }] } }, removed: true },
    {
      answer: { error: { code: 1006, message: 'No external tracker bugs were found that matched your criteria' } },
      removed: false,
    },
  ])('removing: $answer', async ({ answer, removed }) => {
    rpc(remove, answer);
    expect(await bugzilla.removePull(5, PULL)).toBe(removed);
  });
});

describe('where the outcome of a write is unknown, it is looked for', () => {
  const { create, comment } = bugzillaPort(bugzilla).calls;
  const gh = {} as GitHubClient;
  const at = { org: 'acme', repo: 'widgets' };
  const since = new Date('2026-01-01T00:00:00Z');

  test('a bug', async () => {
    const query = 'summary=s&creation_time=2026-01-01T00%3A00%3A00.000Z&include_fields=id%2Csummary&api_key=secret';
    server()
      .get(`/rest/bug?${query}`)
      .reply(200, {
        bugs: [
          { id: 8, summary: 's of another' },
          { id: 9, summary: 's' },
        ],
      });
    expect(await create.find?.(gh, at, since, { summary: 's', description: 'd' })).toBe(9);
  });

  test.each([
    { time: '2026-01-01T00:00:05Z', found: true },
    { time: '2025-01-01T00:00:05Z', found: undefined },
  ])('a comment of $time', async ({ time, found }) => {
    server()
      .get('/rest/bug/5/comment?api_key=secret')
      .reply(200, { bugs: { 5: { comments: [{ text: 'c', time }] } } });
    expect(await comment.find?.(gh, at, since, 5, 'c')).toBe(found);
  });
});
