import { expect, test } from 'vitest';
import { file, happen, say, type World, worldPorts } from '../../core/plugin/testing/index.ts';
import { createWorld } from '../../core/plugin/testing/world.ts';
import { blunderbuss } from './index.ts';

const WORLD: Partial<World> = {
  author: 'Author',
  repoFiles: {
    OWNERS: 'reviewers: [top]\napprovers: [boss]',
    'a/OWNERS': 'reviewers: [alice]\nrequired_reviewers: [ben]',
    'b/OWNERS': 'reviewers: [bob]\napprovers: [brad]',
    'c/OWNERS': 'reviewers: [cole, carl, chad]',
    'f/OWNERS': 'reviewers: [author]',
    'g/OWNERS': 'filters:\n  "x":\n    reviewers: [gus]\n  "y":\n    required_reviewers: [gil]',
  },
};

interface Row {
  files: string[];
  config?: Record<string, unknown>;
  asked: string[];
  world?: Partial<World>;
}

const opened = ({ files, config = {}, world = {} }: Row) =>
  happen(blunderbuss, 'pull_request', 'opened', {
    world: { ...WORLD, files: files.map((path) => file(path)), ...world },
    settings: { blunderbuss: config },
  });

test.each<Row>([
  { files: ['c/x'], config: { request_count: 3 }, asked: ['chad', 'carl', 'cole'] },
  { files: ['c/x'], config: { request_count: 4 }, asked: ['chad', 'carl', 'cole', 'top'] },
  { files: ['c/x'], config: { request_count: 9 }, asked: ['chad', 'carl', 'cole', 'top', 'boss'] },
  { files: ['c/x'], config: { request_count: 9, exclude_approvers: true }, asked: ['chad', 'carl', 'cole', 'top'] },
  { files: ['a/x', 'b/x'], asked: ['alice', 'bob', 'ben'] },
  { files: ['a/x', 'b/x'], config: { request_count: 3 }, asked: ['alice', 'bob', 'top', 'ben'] },
  { files: ['a/x', 'b/x'], config: { request_count: 1 }, asked: ['alice', 'bob', 'ben'] },
  { files: ['a/x', 'b/x'], config: { request_count: 1, max_request_count: 1 }, asked: ['alice', 'ben'] },
  { files: ['b/x'], config: { request_count: 5 }, asked: ['bob', 'top', 'boss', 'brad'] },
  { files: ['b/x'], config: { request_count: 5, max_request_count: 2 }, asked: ['bob', 'top'] },
  { files: ['f/x'], config: { exclude_approvers: true }, asked: ['top'] },
  { files: ['g/x', 'g/y'], config: { request_count: 1 }, asked: ['gus', 'top', 'gil'] },
  { files: ['f/x'], world: { author: 'top' }, config: { exclude_approvers: true }, asked: ['author'] },
  { files: ['a/x'], world: { author: 'ben' }, config: { request_count: 1 }, asked: ['alice'] },
  { files: ['a/x', 'b/x'], world: { unassignable: ['alice'] }, asked: ['bob', 'ben'] },
  { files: ['x'], world: { repoFiles: {} }, asked: [] },
])('$files with $config asks $asked', async (row) => {
  expect((await opened(row)).reviewers.sort()).toEqual(row.asked.sort());
});

test.each<Omit<Row, 'files'>>([
  { world: { body: '/cc' }, asked: [] },
  { world: { body: 'words\n/CC @bob  @acme/team \n' }, asked: [] },
  { world: { body: '/uncc bob' }, asked: [] },
  { world: { body: '/cc me, please!' }, asked: ['bob', 'top'] },
  { world: { body: '/auto-cc' }, asked: ['bob', 'top'] },
  { world: { draft: true }, asked: ['bob', 'top'] },
  { world: { draft: true }, config: { ignore_drafts: true }, asked: [] },
  { config: { ignore_drafts: true }, asked: ['bob', 'top'] },
  { config: { ignore_authors: ['author'] }, asked: [] },
  { config: { wait_for_status: {} }, asked: [] },
])('opened: $world with $config', async (row) => {
  expect((await opened({ files: ['b/x'], ...row })).reviewers).toEqual(row.asked);
});

test('ready for review, but at no other time', async () => {
  const world = { ...WORLD, files: [file('b/x')] };
  expect((await happen(blunderbuss, 'pull_request', 'ready_for_review', { world })).reviewers).toEqual(['bob', 'top']);
  expect((await happen(blunderbuss, 'pull_request', 'closed', { world })).calls).toEqual([]);
});

test.each([
  { words: '/auto-cc', asked: true },
  { words: 'uh\n/AUTO-CC \n', asked: true },
  { words: '/auto-cc bob', asked: false },
  { words: '/auto-cc', world: { isPull: false }, asked: false },
  { words: '/auto-cc', world: { state: 'closed' as const }, asked: false },
])('$words on $world', async ({ words, world, asked }) => {
  const after = await say(blunderbuss, 'anybody', words, { world: { ...WORLD, files: [file('b/x')], ...world } });
  expect(after.reviewers).toEqual(asked ? ['bob', 'top'] : []);
});

test('whoever is busy is left in peace', async () => {
  const given: Partial<World> = { ...WORLD, files: [file('c/x')] };
  const ports = worldPorts(createWorld(given));
  const query = async (_text: string, { user }: Record<string, unknown>) => ({
    user: { status: { indicatesLimitedAvailability: user === 'carl' || user === 'top' } },
  });
  const world = await happen(blunderbuss, 'pull_request', 'opened', {
    world: given,
    settings: { blunderbuss: { request_count: 5, use_status_availability: true } },
    ports: { search: { ...ports.search, query: query as typeof ports.search.query } },
  });
  expect(world.reviewers).toEqual(['chad', 'cole', 'boss']);
});

const LACKS = 'Not mergeable. Needs approved, lgtm labels.';

test.each([
  { state: 'pending', context: 'tide', description: LACKS, asked: true },
  { state: 'pending', context: 'tide', description: 'Not mergeable. Needs lgtm label.', asked: true },
  { state: 'success', context: 'tide', description: LACKS, asked: false },
  { state: 'pending', context: 'other', description: LACKS, asked: false },
  { state: 'pending', context: 'tide', description: 'Not mergeable. Job unit has not succeeded.', asked: false },
  { state: 'pending', context: 'tide', description: LACKS, config: {}, asked: false },
  { state: 'pending', context: 'tide', description: LACKS, sha: 'f'.repeat(40), asked: false },
  { state: 'pending', context: 'tide', description: LACKS, world: { reviewers: ['zoe'] }, asked: false },
  {
    state: 'failure',
    context: 'ci',
    description: 'x y',
    config: { wait_for_status: { context: 'ci', state: 'failure', description: '^x' } },
    asked: true,
  },
])('status $context $state $description', async (row) => {
  const { sha = 'b'.repeat(40), config = { wait_for_status: {} }, world, asked, ...status } = row;
  const after = await happen(blunderbuss, 'status', '', {
    world: { ...WORLD, files: [file('b/x')], ...world },
    settings: { blunderbuss: config },
    payload: { sha, ...status },
  });
  expect(after.reviewers).toEqual(asked ? ['bob', 'top'] : (world?.reviewers ?? []));
});

test.each([
  { request_count: 0, problem: 'needs to be positive' },
  { wait_for_status: { description: '(' }, problem: 'wait_for_status' },
])('refuses $problem', async ({ problem, ...config }) => {
  await expect(opened({ files: [], config, asked: [] })).rejects.toThrow(problem);
});
