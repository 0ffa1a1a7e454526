import { expect, test } from 'vitest';
import { CutwaterError } from '../../core/plugin/index.ts';
import {
  botComments,
  comment,
  commit,
  createWorld,
  file,
  happen,
  say,
  type World,
  worldPorts,
} from '../../core/plugin/testing/index.ts';
import { lgtm } from './index.ts';
import { REMOVED_NOTICE, treeNotice } from './words.ts';

const TREE = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const HEAD = 'b'.repeat(40);

const WORLD: Partial<World> = {
  author: 'author',
  collaborators: ['collab1', 'collab2'],
  assignees: ['collab1', 'assignee1'],
  files: [file('doc/README.md')],
  repoFiles: { 'doc/OWNERS': 'approvers: [cjwagner, jessica]\nreviewers: [alice, bob, mark, Sam]' },
  commits: [commit('x', { sha: HEAD, tree: TREE })],
};
const STORED = { lgtm: [{ repos: ['acme'], store_tree_hash: true }] };
const REVIEWS = { lgtm: [{ repos: ['acme'], review_acts_as_lgtm: true, store_tree_hash: true }] };
const OWNERS_ONLY = { lgtm: STORED.lgtm, owners: { skip_collaborators: ['acme/widgets'] } };

interface Row {
  say: string;
  by: string;
  before?: boolean;
  after: boolean;
  assigned?: boolean;
  answer?: string;
  asked?: string[];
  settings?: Record<string, unknown>;
}

const added = treeNotice(TREE);
const rows: Row[] = [
  { say: 'uh oh', by: 'collab2', after: false },
  { say: '/lgtm', by: 'collab1', after: true, answer: added },
  { say: '/LGTM', by: 'collab1', after: true, answer: added },
  { say: '/lgtm', by: 'collab1', before: true, after: true },
  { say: '/lgtm', by: 'author', after: false, answer: 'you cannot LGTM your own PR.' },
  { say: '/lgtm', by: 'AUTHOR', after: false, answer: 'you cannot LGTM your own PR.' },
  { say: '/lgtm cancel', by: 'author', before: true, after: false, asked: ['collab1', 'assignee1'] },
  { say: '/remove-lgtm', by: 'author', before: true, after: false, asked: ['collab1', 'assignee1'] },
  { say: '/lgtm', by: 'collab2', after: true, assigned: true, answer: added },
  { say: '/lgtm ', by: 'collab2', after: true, assigned: true, answer: added },
  { say: '/lgtm no-issue', by: 'collab2', after: true, assigned: true, answer: added },
  { say: '/lgtm no-issue \r', by: 'collab2', after: true, assigned: true, answer: added },
  { say: '/lgtm no', by: 'collab2', after: false },
  { say: '/lgtm  no-issue', by: 'collab2', after: false },
  { say: '/lgtm  cancel', by: 'collab2', before: true, after: true },
  { say: '/lgtm\tcancel', by: 'collab2', before: true, after: true },
  { say: '/lgtm', by: 'not-in-the-org', after: false, answer: 'changing LGTM is restricted to collaborators' },
  { say: '/lgtm cancel', by: 'collab2', before: true, after: false, assigned: true, asked: ['collab1', 'assignee1'] },
  {
    say: '/lgtm cancel',
    by: 'not-in-the-org',
    before: true,
    after: true,
    answer: 'changing LGTM is restricted to collaborators',
  },
  {
    say: '/remove-lgtm',
    by: 'not-in-the-org',
    before: true,
    after: true,
    answer: 'changing LGTM is restricted to collaborators',
  },
  { say: '/lgtm cancel \r', by: 'collab1', before: true, after: false, asked: ['collab1', 'assignee1'] },
  { say: '/remove-lgtm', by: 'collab1', after: false },
  { say: '/lgtm\n/lgtm cancel', by: 'collab1', before: true, after: true },
  { say: '/lgtm cancel\n/lgtm', by: 'collab1', after: true, answer: added },
  { say: '/lgtm', by: 'assignee1', after: false, answer: 'changing LGTM is restricted to collaborators' },
  { say: '/lgtm', by: 'sam', after: true, answer: added, settings: OWNERS_ONLY },
  {
    say: '/lgtm',
    by: 'collab1',
    after: false,
    answer: 'adding LGTM is restricted to approvers and reviewers in OWNERS files.',
    settings: OWNERS_ONLY,
  },
  {
    say: '/lgtm cancel',
    by: 'author',
    before: true,
    after: false,
    asked: ['collab1', 'assignee1'],
    settings: OWNERS_ONLY,
  },
];

test.each(rows)('$say by $by (label: $before)', async (row) => {
  const labels = row.before ? ['lgtm'] : [];
  const world = await say(lgtm, row.by, row.say, { world: { ...WORLD, labels }, settings: row.settings ?? STORED });
  expect(world.labels.includes('lgtm')).toBe(row.after);
  expect(world.assignees.includes(row.by)).toBe(row.assigned === true || ['collab1', 'assignee1'].includes(row.by));
  expect(botComments(world)).toHaveLength(row.answer === undefined ? 0 : 1);
  if (row.answer !== undefined) expect(botComments(world)[0]).toContain(row.answer);
  expect(world.reviewers).toEqual(row.asked ?? []);
});

test('without store_tree_hash nothing is said and nobody is asked', async () => {
  const given = await say(lgtm, 'collab1', '/lgtm', { world: WORLD });
  expect([given.labels, botComments(given)]).toEqual([['lgtm'], []]);
  const taken = await say(lgtm, 'collab1', '/lgtm cancel', { world: { ...WORLD, labels: ['lgtm'] } });
  expect([taken.labels, taken.reviewers]).toEqual([[], []]);
});

test.each([{ isPull: false }, { state: 'closed' as const }])('nothing on %j', async (more) => {
  expect((await say(lgtm, 'collab1', '/lgtm', { world: { ...WORLD, ...more } })).calls).toEqual([]);
});

test('given again, the notice of its removal goes; other words stay', async () => {
  const comments = [comment('ci-robot', REMOVED_NOTICE), comment('bob', REMOVED_NOTICE), comment('ci-robot', 'else')];
  const world = await say(lgtm, 'collab1', '/lgtm', { world: { ...WORLD, comments } });
  expect(world.comments.map(({ author, body }) => [author, body])).toEqual([
    ['bob', REMOVED_NOTICE],
    ['ci-robot', 'else'],
  ]);
});

test('taken away, the tree hash goes', async () => {
  const world = await say(lgtm, 'collab1', '/lgtm cancel', {
    world: { ...WORLD, labels: ['lgtm'], comments: [comment('ci-robot', added)] },
    settings: STORED,
  });
  expect(botComments(world)).toEqual([]);
});

test('a reviewer whom GitHub does not let be assigned counts all the same', async () => {
  const world = await say(lgtm, 'collab2', '/lgtm', { world: { ...WORLD, unassignable: ['collab2'] } });
  expect([world.labels, world.assignees]).toEqual([['lgtm'], WORLD.assignees]);
});

const review = (state: string, login: string, body = '', type = 'User') => ({
  review: { state, body, user: { login, type }, html_url: 'https://github.com/r' },
  pull_request: { user: { login: 'author' }, assignees: [{ login: 'collab1' }, { login: 'assignee1' }] },
});

test.each([
  { action: 'edited', payload: review('approved', 'collab1'), before: false, after: false, said: 0 },
  { action: 'dismissed', payload: review('approved', 'collab1'), before: false, after: false, said: 0 },
  { action: 'submitted', payload: review('changes_requested', 'collab1'), before: false, after: false, said: 0 },
  { action: 'submitted', payload: review('changes_requested', 'collab1'), before: true, after: false, said: 0 },
  { action: 'submitted', payload: review('approved', 'collab1'), before: false, after: true, said: 1 },
  { action: 'submitted', payload: review('APPROVED', 'collab1'), before: true, after: true, said: 0 },
  { action: 'submitted', payload: review('approved', 'collab2'), before: false, after: true, said: 1 },
  { action: 'submitted', payload: review('approved', 'not-in-the-org'), before: false, after: false, said: 1 },
  { action: 'submitted', payload: review('commented', 'author'), before: false, after: false, said: 0 },
  { action: 'submitted', payload: review('commented', 'collab1', '/lgtm'), before: false, after: false, said: 0 },
  { action: 'submitted', payload: review('approved', 'collab1', '/lgtm cancel'), before: false, after: false, said: 0 },
  {
    action: 'submitted',
    payload: review('approved', 'some-app[bot]', '', 'Bot'),
    before: false,
    after: false,
    said: 0,
  },
  {
    action: 'submitted',
    payload: review('changes_requested', 'some-app[bot]', '', 'Bot'),
    before: true,
    after: true,
    said: 0,
  },
])('review $action by $payload.review.user.login: $payload.review.state (label: $before)', async (row) => {
  const stage = { world: { ...WORLD, labels: row.before ? ['lgtm'] : [] }, payload: row.payload, settings: REVIEWS };
  const world = await happen(lgtm, 'pull_request_review', row.action, stage);
  expect(world.labels.includes('lgtm')).toBe(row.after);
  expect(botComments(world)).toHaveLength(row.said);
});

test('reviews are none of its business unless they are told to be', async () => {
  const stage = { world: WORLD, payload: review('approved', 'collab1'), settings: STORED };
  expect((await happen(lgtm, 'pull_request_review', 'submitted', stage)).calls).toEqual([]);
});

const sticky = (name: string) => ({
  lgtm: [{ repos: ['acme'], trusted_team_for_sticky_lgtm: name, store_tree_hash: true }],
});
const TEAMS = { 'acme/lead': ['Author'] };
const edited = comment('ci-robot', added, { updatedAt: '2030-01-01T00:00:00Z' });

test.each([
  { name: 'goes', settings: {}, kept: false },
  { name: 'stays for trusted authors', settings: sticky('lead'), world: { teams: TEAMS }, kept: true },
  { name: 'goes for others', settings: sticky('lead'), world: { teams: { 'acme/lead': ['zoe'] } }, kept: false },
  { name: 'goes where the team is missing', settings: sticky('gone'), world: { teams: TEAMS }, kept: false },
  { name: 'stays with the same tree', settings: STORED, world: { comments: [comment('ci-robot', added)] }, kept: true },
  {
    name: 'goes with another tree',
    settings: STORED,
    world: { comments: [comment('ci-robot', treeNotice('old'))] },
    kept: false,
  },
  { name: 'goes where the note was edited', settings: STORED, world: { comments: [edited] }, kept: false },
  {
    name: 'goes where somebody else wrote the note',
    settings: STORED,
    world: { comments: [comment('eve', added)] },
    kept: false,
  },
  {
    name: 'looks at the last note',
    settings: STORED,
    world: { comments: [comment('ci-robot', treeNotice('old')), comment('ci-robot', added)] },
    kept: true,
  },
])('on new commits the label $name', async ({ settings, world: more, kept }) => {
  const world = await happen(lgtm, 'pull_request', 'synchronize', {
    world: { ...WORLD, labels: ['lgtm'], ...more },
    settings,
  });
  expect(world.labels).toEqual(kept ? ['lgtm'] : []);
  expect(botComments(world).includes(REMOVED_NOTICE)).toBe(!kept);
});

test('new commits without the label ask nothing more', async () => {
  const world = await happen(lgtm, 'pull_request', 'synchronize', { world: WORLD, settings: STORED });
  expect(world.calls).toEqual(['labels.list()']);
});

test('a trusted author gets no tree hash', async () => {
  const world = await say(lgtm, 'collab1', '/lgtm', { world: { ...WORLD, teams: TEAMS }, settings: sticky('lead') });
  expect([world.labels, botComments(world)]).toEqual([['lgtm'], []]);
});

test.each([
  ['timeout', true],
  ['transient', true],
  ['not-found', false],
] as const)('a reviewer whose assignment fails (%s) is tried again: %s', async (code, again) => {
  const world = createWorld(WORLD);
  const ports = worldPorts(world);
  const issue = { ...ports.issue, assign: () => Promise.reject(new CutwaterError(code, 'no')) };
  const said = say(lgtm, 'collab2', '/lgtm', { world, ports: { ...ports, issue } });
  if (again) await expect(said).rejects.toThrow('no');
  else await said;
  expect(world.labels).toEqual(again ? [] : ['lgtm']);
});

test('what the help page says of it', () => {
  const describe = (config: object) => lgtm.config?.describe?.({ lgtm: config, owners: {} }) ?? '';
  expect(describe({ review_acts_as_lgtm: false, store_tree_hash: false, trusted_team_for_sticky_lgtm: '' })).toBe('');
  const all = describe({ review_acts_as_lgtm: true, store_tree_hash: true, trusted_team_for_sticky_lgtm: 'team1' });
  expect(all).toContain('<li>Squashing commits does not remove LGTM.</li>');
  expect(all).toContain('Commits from "team1" do not remove LGTM.');
});
