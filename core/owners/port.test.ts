import nock from 'nock';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { configOf } from '../config/config.ts';
import { createGitHub, type GitHub } from '../github/github.ts';
import type { GitHubClient } from '../ports/index.ts';
import { fixedSecret } from '../secrets/secret.ts';
import { ownersPort } from './port.ts';
import { ownersSettings } from './settings.ts';

const API = 'https://github.test/api/v3';
const AT = { org: 'acme', repo: 'widgets' };
const [COMMIT, LATER, TREE] = ['c'.repeat(40), 'd'.repeat(40), 'e'.repeat(40)];
const [ROOT, DEEP, ALIASES] = ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)];

let lines: string[];
let github: GitHub;
let gh: GitHubClient;

beforeAll(() => nock.disableNetConnect());
beforeEach(async () => {
  lines = [];
  const log = pino({ level: 'silent' });
  github = createGitHub({
    auth: { token: fixedSecret('t') },
    endpoints: [API],
    retry: { initialDelayMs: 1 },
    log,
    registry: new Registry(),
  });
  gh = await github.forOrg('acme');
});
afterEach(() => {
  github.close();
  const unused = nock.pendingMocks();
  nock.cleanAll();
  expect(unused).toEqual([]);
});

function open(owners: object = {}) {
  const [section] = ownersSettings.sections;
  if (!section) throw new Error('no section');
  const settings = { mdyamlrepos: [], skip_collaborators: ['acme'], labels_denylist: [], filenames: {}, ...owners };
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const port = ownersPort({ config: () => configOf([section, settings]), log });
  return (branch: string) => port.calls.load.run(gh, AT, branch);
}

const tip = (branch: string, sha: string, times = 1) =>
  nock(API).get(`/repos/acme/widgets/git/ref/heads%2F${branch}`).times(times).reply(200, { object: { sha } });
const treeOf = (commit: string) =>
  nock(API)
    .get(`/repos/acme/widgets/git/commits/${commit}`)
    .reply(200, { tree: { sha: TREE } });
const blob = (path: string, sha: string, mode = '100644') => ({ path, sha, mode, type: 'blob' });
const recursive = (tree: string, entries: object[], truncated = false) =>
  nock(API)
    .get(`/repos/acme/widgets/git/trees/${tree}`)
    .query({ recursive: '1' })
    .reply(200, { tree: entries, truncated });
const texts = (byField: Record<string, object | null>) =>
  nock('https://github.test')
    .post('/api/graphql')
    .reply(200, { data: { repository: byField } });
const text = (written: string) => ({ text: written, isTruncated: false, byteSize: written.length });

test('a repository is read with four requests, then with one', async () => {
  const load = open();
  tip('main', COMMIT, 2);
  treeOf(COMMIT);
  recursive(TREE, [
    blob('OWNERS', ROOT),
    blob('a/OWNERS', DEEP),
    blob('OWNERS_ALIASES', ALIASES),
    blob('a/main.go', 'f'.repeat(40)),
    blob('b/OWNERS', ROOT, '120000'),
  ]);
  texts({ b0: text('approvers: [Root]'), b1: text('approvers: [team]'), b2: text('aliases:\n  team: [ann]') });
  const owners = await load('main');
  expect(owners.approvers('a/main.go').flat()).toEqual(['ann', 'root']);
  expect(owners.approvers('b/main.go').flat()).toEqual(['root']);
  expect((await load('main')).sha).toBe(COMMIT);
});

test('a commit with the same tree costs two requests, and a changed file only itself', async () => {
  const load = open();
  tip('main', COMMIT);
  treeOf(COMMIT);
  recursive(TREE, [blob('OWNERS', ROOT), blob('a/OWNERS', DEEP)]);
  texts({ b0: text('approvers: [root]'), b1: text('approvers: [ann]') });
  await load('main');
  tip('main', LATER);
  treeOf(LATER);
  expect((await load('main')).sha).toBe(LATER);
  const [next, other, changed] = ['6'.repeat(40), '7'.repeat(40), '8'.repeat(40)];
  tip('main', next);
  nock(API)
    .get(`/repos/acme/widgets/git/commits/${next}`)
    .reply(200, { tree: { sha: other } });
  recursive(other, [blob('OWNERS', ROOT), blob('a/OWNERS', changed)]);
  texts({ b0: text('approvers: [zoe]') });
  expect((await load('main')).approvers('a/x').flat()).toEqual(['zoe', 'root']);
});

test('approvers who are no collaborators do not count, unless GitHub does not tell who is one', async () => {
  const load = open({ skip_collaborators: [] });
  tip('main', COMMIT, 2);
  treeOf(COMMIT);
  recursive(TREE, [blob('OWNERS', ROOT)]);
  texts({ b0: text('approvers: [ann, gone]') });
  const collaborators = () => nock(API).get('/repos/acme/widgets/collaborators').query(true);
  collaborators().reply(200, [{ login: 'Ann' }]);
  expect((await load('main')).approvers('x').flat()).toEqual(['ann']);
  collaborators().reply(403, { message: 'Resource not accessible by integration' });
  expect((await load('main')).approvers('x').flat()).toEqual(['ann', 'gone']);
  expect(lines.join('')).toContain('collaborators cannot be listed');
});

test('an outage makes nobody an approver', async () => {
  const load = open({ skip_collaborators: [] });
  tip('main', COMMIT);
  treeOf(COMMIT);
  recursive(TREE, [blob('OWNERS', ROOT)]);
  texts({ b0: text('approvers: [ann, gone]') });
  nock(API).get('/repos/acme/widgets/collaborators').query(true).times(20).reply(502, {});
  await expect(load('main')).rejects.toMatchObject({ code: 'transient' });
  nock.cleanAll();
});

test('a tree that is too large for one answer is read directory by directory', async () => {
  const load = open();
  const [sub, deep] = ['4'.repeat(40), '5'.repeat(40)];
  tip('main', COMMIT);
  treeOf(COMMIT);
  recursive(TREE, [], true);
  nock(API)
    .get(`/repos/acme/widgets/git/trees/${TREE}`)
    .reply(200, {
      tree: [blob('OWNERS', ROOT), { path: 'a', sha: sub, mode: '040000', type: 'tree' }],
      truncated: false,
    });
  recursive(sub, [blob('b/OWNERS', deep)]);
  texts({ b0: text('approvers: [root]'), b1: text('approvers: [deep]') });
  expect((await load('main')).approvers('a/b/x').flat()).toEqual(['deep', 'root']);
});

test('a long file is read whole, one that is gone is empty, and a wrong one is told once', async () => {
  const load = open();
  const long = `approvers:\n- zoe\n${'# words\n'.repeat(10)}`;
  tip('main', COMMIT, 2);
  treeOf(COMMIT);
  recursive(TREE, [blob('OWNERS', ROOT), blob('a/OWNERS', DEEP), blob('b/OWNERS', ALIASES)]);
  texts({ b0: { ...text(long.slice(0, 9)), isTruncated: true }, b1: null, b2: text('approvers: [') });
  nock(API)
    .get(`/repos/acme/widgets/git/blobs/${ROOT}`)
    .reply(200, { content: Buffer.from(long).toString('base64') });
  const owners = await load('main');
  expect(owners.approvers('a/x').flat()).toEqual(['zoe']);
  await load('main');
  expect(lines.filter((line) => line.includes('an OWNERS file cannot be read in full'))).toHaveLength(1);
  expect(owners.problems.map(({ path }) => path)).toEqual(['b/OWNERS']);
});

test('a failure is not remembered, and a branch that is gone is said', async () => {
  const load = open();
  tip('main', COMMIT, 2);
  nock(API).get(`/repos/acme/widgets/git/commits/${COMMIT}`).reply(422, { message: 'no' });
  await expect(load('main')).rejects.toThrow();
  treeOf(COMMIT);
  recursive(TREE, []);
  expect((await load('main')).allOwners().size).toBe(0);
  nock(API).get('/repos/acme/widgets/git/ref/heads%2Fgone').reply(404, {});
  await expect(load('gone')).rejects.toThrow('acme/widgets has no branch gone');
});

test('other file names and Markdown, by the settings', async () => {
  const load = open({
    mdyamlrepos: ['acme/widgets'],
    filenames: { acme: { owners: 'MAINTAINERS', owners_aliases: 'GROUPS' } },
  });
  tip('main', COMMIT);
  treeOf(COMMIT);
  recursive(TREE, [blob('OWNERS', ROOT), blob('MAINTAINERS', DEEP), blob('d/a.md', ALIASES)]);
  texts({ b0: text('approvers: [team]'), b1: text('---\napprovers: [doc]\n---\n') });
  expect((await load('main')).approvers('d/a.md').flat()).toEqual(['doc', 'team']);
});
