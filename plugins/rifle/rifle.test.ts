import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../../core/plugin/index.ts';
import { createWorld, file, happen, say, type World, worldPorts } from '../../core/plugin/testing/index.ts';
import { bestOthers, takeBest } from './best.ts';
import { mostDiverse, oldLines, workOn } from './blame.ts';
import { rifle } from './index.ts';

test.each([
  { patch: '@@ -10,5 +10,6 @@ func main()\n-a\n+b', lines: [{ start: 10, end: 14 }] },
  { patch: '@@ -10 +10,2 @@', lines: [{ start: 10, end: 10 }] },
  { patch: '@@ -10,0 +11,5 @@', lines: [{ start: 5, end: 10 }] },
  { patch: '@@ -0,0 +1,5 @@', lines: [{ start: 1, end: 0 }] },
  {
    patch: '@@ -1,3 +1,3 @@\n x\n@@ -20,4 +20,2 @@',
    lines: [
      { start: 1, end: 3 },
      { start: 20, end: 23 },
    ],
  },
  { patch: 'no hunks @@ -1,2 +1,2 @@', lines: [] },
])('$patch replaces $lines', ({ patch, lines }) => {
  expect(oldLines(patch)).toEqual(lines);
});

const range = (start: number, end: number, author: string, date = '2026-01-01T00:00:00Z') => ({
  start,
  end,
  author,
  date,
});

test('lines count where blame and change meet, and the latest date holds', () => {
  const blame = [range(1, 10, 'alice'), range(11, 20, 'bob'), range(21, 30, ''), range(31, 40, 'alice', '2026-03-01')];
  const work = workOn(blame, [
    { start: 8, end: 12 },
    { start: 25, end: 31 },
    { start: 50, end: 60 },
  ]);
  expect([...work]).toEqual([
    ['alice', { lines: 4, latest: Date.parse('2026-03-01') }],
    ['bob', { lines: 2, latest: Date.parse('2026-01-01') }],
  ]);
});

test.each([
  { paths: ['a/1', 'b/1', '-c/1'], most: 5, chosen: ['a/1', 'b/1'] },
  { paths: ['a/1', 'a/2', 'a/3', 'b/1', 'c/1'], most: 3, chosen: ['a/1', 'b/1', 'c/1'] },
  { paths: ['a/1', 'a/2', 'a/3', 'b/1', 'c/1'], most: 4, chosen: ['a/1', 'b/1', 'c/1', 'a/2'] },
  { paths: ['-a/1', '-a/2', 'b/1', 'b/2'], most: 1, chosen: ['b/1'] },
  { paths: ['x', 'y', 'a/1', 'a/2'], most: 2, chosen: ['x', 'a/1'] },
])('of $paths the $most most diverse are $chosen', ({ paths, most, chosen }) => {
  const files = paths.map((path) =>
    file(path.replace('-', ''), { status: path.startsWith('-') ? 'removed' : 'modified' }),
  );
  expect(mostDiverse(files, most).map(({ path }) => path)).toEqual(chosen);
});

const SCORES = new Map([
  ['low', 1],
  ['high', 9],
  ['elsewhere', 50],
]);

test('the best is taken of all layers alike, and then no more', () => {
  const pool = [['low', 'none'], ['high']];
  const take = takeBest(SCORES);
  expect([1, 2, 3, 4].map(() => take(pool, () => 0.5))).toEqual(['high', 'low', 'none', undefined]);
});

test.each([
  { most: 1, others: ['high'] },
  { most: 9, others: ['high', 'low', 'none'] },
])('up to $most others, best first', ({ most, others }) => {
  expect(bestOthers(new Set(['none', 'low', 'high']), SCORES, most, () => 0.5)).toEqual(others);
});

const PATCH = '@@ -1,10 +1,12 @@';
const WORLD: Partial<World> = {
  author: 'Author',
  files: [file('pkg/foo/a.go', { patch: PATCH })],
  repoFiles: {
    OWNERS: 'approvers: [boss]',
    'pkg/OWNERS': 'reviewers: [carol, dan]',
    'pkg/foo/OWNERS': 'reviewers: [alice, bob, author]',
    'other/OWNERS': 'reviewers: [erin]',
  },
  blame: { 'pkg/foo/a.go': [range(1, 2, 'alice'), range(3, 9, 'bob'), range(10, 10, 'stranger')] },
};

describe('who is asked', () => {
  const opened = (config: object, world: Partial<World> = {}, ports = {}) =>
    happen(rifle, 'pull_request', 'opened', { world: { ...WORLD, ...world }, settings: { rifle: config }, ports });

  test.each([
    { config: { request_count: 1 }, asked: ['bob'] },
    { config: {}, asked: ['bob', 'alice'] },
    { config: { request_count: 1, ignore_authors: ['author'] }, asked: [] },
    // The nearest owners first, then those above, then approvers, then whoever owns anything.
    { config: { request_count: 6 }, asked: ['bob', 'alice', 'carol', 'dan', 'boss', 'erin'] },
    { config: { request_count: 6, exclude_approvers: true, max_request_count: 3 }, asked: ['bob', 'alice', 'carol'] },
    { config: { request_count: 1 }, world: { blame: { 'pkg/foo/a.go': [range(1, 9, 'alice')] } }, asked: ['alice'] },
    { config: { request_count: 1 }, world: { author: 'bob' }, asked: ['alice'] },
    { config: { request_count: 2 }, world: { blame: {} }, asked: ['alice', 'bob'] },
  ])('$config $world: $asked', async ({ config, world, asked }) => {
    expect((await opened(config, world)).reviewers.sort()).toEqual(asked.sort());
  });

  test('recency decides between equals, and being an approver counts a little', async () => {
    const blame = { 'pkg/foo/a.go': [range(1, 2, 'alice', '2020-01-01'), range(3, 4, 'bob', '2099-01-01')] };
    expect((await opened({ request_count: 1 }, { blame })).reviewers).toEqual(['bob']);
    const repoFiles = { ...WORLD.repoFiles, 'pkg/foo/OWNERS': 'approvers: [alice]\nreviewers: [alice, bob]' };
    const even = { 'pkg/foo/a.go': [range(1, 2, 'alice', '2020-01-01'), range(3, 4, 'bob', '2020-01-01')] };
    expect((await opened({ request_count: 1 }, { blame: even, repoFiles })).reviewers).toEqual(['alice']);
  });

  test('without a merge base blame is taken at the base branch; without blame owners are drawn', async () => {
    const { repo } = worldPorts(createWorld());
    const refs: string[] = [];
    const refuse = () => Promise.reject(new CutwaterError('not-found', 'Not Found'));
    const blame = (ref: string) => {
      refs.push(ref);
      return refuse();
    };
    const world = await opened({ request_count: 1 }, {}, { repo: { ...repo, mergeBase: refuse, blame } });
    expect([refs, world.reviewers]).toEqual([['main'], ['bob']]);
  });

  test('/auto-cc asks at any time', async () => {
    const world = { ...WORLD, body: '/cc' };
    expect((await happen(rifle, 'pull_request', 'opened', { world })).calls).toEqual([]);
    expect((await say(rifle, 'anybody', '/auto-cc', { world })).reviewers.sort()).toEqual(['alice', 'bob']);
  });
});
