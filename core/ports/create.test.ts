import { expect, test } from 'vitest';
import { fork } from './fork.ts';
import { issue } from './issue.ts';
import type { GitHubClient } from './port.ts';
import { pull } from './pull.ts';

const at = { org: 'acme', repo: 'widgets', number: 5 };

type Route = (parameters: Record<string, unknown>) => object | undefined;

/** GitHub by its routes: undefined is 404. Each request is noted. */
function githubOf(routes: Record<string, Route>) {
  const asked: string[] = [];
  const request = async (route: string, parameters: Record<string, unknown>) => {
    asked.push(route);
    const data = routes[route]?.(parameters);
    if (!data) throw Object.assign(new Error('not found'), { status: 404 });
    return { data };
  };
  return { asked, gh: { request } as unknown as GitHubClient };
}

const FORK = { owner: { login: 'ci-robot' }, name: 'widgets', parent: { full_name: 'Acme/Widgets' } };
const GET = 'GET /repos/{owner}/{repo}';
const POST = 'POST /repos/{owner}/{repo}/forks';

test('the fork that is there is taken', async () => {
  const { asked, gh } = githubOf({ [GET]: () => FORK });
  expect(await fork(gh, at, 'ci-robot')).toEqual({ org: 'ci-robot', repo: 'widgets' });
  expect(asked).toEqual([GET]);
});

test('a repository of that name which is no fork of this one does not count, and GitHub names the new one', async () => {
  const { asked, gh } = githubOf({
    [GET]: ({ repo }) => (repo === 'widgets' ? { ...FORK, parent: undefined } : { ...FORK, name: 'widgets-1' }),
    [POST]: () => ({ ...FORK, name: 'widgets-1' }),
  });
  expect(await fork(gh, at, 'ci-robot')).toEqual({ org: 'ci-robot', repo: 'widgets-1' });
  expect(asked).toEqual([GET, POST, GET]);
});

const MINE = { number: 7, html_url: 'u', head: { label: 'ci-robot:topic' }, base: { ref: 'main' } };

test.each([
  { name: 'is there', listed: [MINE], found: 7 },
  {
    name: 'is another one, as GitHub passes over a filter',
    listed: [{ ...MINE, head: { label: 'x:y' } }],
    found: undefined,
  },
  { name: 'goes elsewhere', listed: [{ ...MINE, base: { ref: 'old' } }], found: undefined },
  { name: 'is not there', listed: [], found: undefined },
])('a pull request whose creation is in doubt $name', async ({ listed, found }) => {
  const { gh } = githubOf({ 'GET /repos/{owner}/{repo}/pulls': () => listed });
  const wanted = { title: 't', body: 'b', head: 'ci-robot:topic', base: 'main' };
  expect(await pull.calls.create.find?.(gh, at, new Date(), wanted)).toBe(found);
});

test('a branch of the repository itself is known by its owner', async () => {
  const { gh } = githubOf({ 'GET /repos/{owner}/{repo}/pulls': () => [{ ...MINE, head: { label: 'acme:topic' } }] });
  const wanted = { title: 't', body: 'b', head: 'topic', base: 'main' };
  expect(await pull.calls.create.find?.(gh, at, new Date(), wanted)).toBe(7);
});

test.each([
  { body: 'one\r\ntwo\n', found: 9 },
  { body: 'another', found: undefined },
  { body: null, found: undefined },
])('an issue whose creation is in doubt is known by its words ($body)', async ({ body, found }) => {
  const { gh } = githubOf({ 'GET /repos/{owner}/{repo}/issues': () => [{ number: 9, title: 't', body }] });
  const wanted = { title: 't', body: 'one\ntwo', assignees: [] };
  expect(await issue.calls.create.find?.(gh, at, new Date(), wanted)).toBe(found);
});
