import { expect, test } from 'vitest';
import type { PortMap } from '../../core/plugin/index.ts';
import { comment, createWorld, happen, type World, worldPorts } from '../../core/plugin/testing/index.ts';
import { needsRebase } from './index.ts';
import { searchesFor } from './queries.ts';
import { follow } from './rules.ts';
import { openPulls } from './sweep.ts';

const ASKED = 'PR needs rebase.';
const LABEL = 'needs-rebase';

test.each([
  { name: 'a conflict', labels: [], mergeable: false, after: [LABEL], says: [ASKED] },
  { name: 'a conflict that was told of', labels: [LABEL], mergeable: false, after: [LABEL], says: [] },
  { name: 'no conflict', labels: [], mergeable: true, after: [], says: [] },
  { name: 'no conflict any more', labels: [LABEL], comments: [ASKED], mergeable: true, after: [], says: [] },
  { name: 'half done before', labels: [], comments: [ASKED], mergeable: false, after: [LABEL], says: [ASKED] },
  { name: 'dependabot', author: 'dependabot[bot]', labels: [], mergeable: false, after: [LABEL], says: ['rebase'] },
  { name: 'other labels stay', labels: ['x', LABEL], mergeable: true, after: ['x'], says: [] },
])('$name', async ({ author = 'bob', labels, comments = [], mergeable, after, says }) => {
  const others = comment('alice', `He said: ${ASKED}`);
  const world = createWorld({
    author,
    labels,
    comments: [others, ...comments.map((body) => comment('ci-robot', body))],
  });
  await follow({ author, labels, mergeable }, world.bot, worldPorts(world));
  expect(world.labels).toEqual(after);
  expect(world.comments.slice(1).map(({ body }) => body.split('\n')[0])).toEqual(says);
  expect(world.comments[0]).toEqual(others);
});

test('nothing is read or written where nothing changes', async () => {
  const world = createWorld();
  await follow({ author: 'bob', labels: [], mergeable: true }, world.bot, worldPorts(world));
  expect(world.calls).toEqual([]);
});

type Wish = Parameters<PortMap['mergeability']['checkSoon']>;

async function wishes(event: 'pull_request' | 'issue_comment', action: string, world: Partial<World>, payload = {}) {
  const made: Wish[] = [];
  const mergeability = {
    checkSoon: async (...wish: Wish) => {
      made.push(wish);
    },
  };
  const settings = { needs_rebase: { 'cache-valid-time': 60 } };
  await happen(needsRebase, event, action, { world, payload, settings, ports: { mergeability } });
  return made;
}

test.each<{ action: string; state?: World['state']; wished: number }>([
  { action: 'opened', wished: 1 },
  { action: 'reopened', wished: 1 },
  { action: 'synchronize', wished: 1 },
  { action: 'closed', wished: 0 },
  { action: 'edited', wished: 0 },
  { action: 'opened', state: 'closed', wished: 0 },
])('pull_request $action: $wished', async ({ action, state = 'open', wished }) => {
  expect(await wishes('pull_request', action, { state })).toHaveLength(wished);
});

test.each([
  { name: 'on a pull request', issue: { state: 'open', pull_request: {} }, wished: [[60]] },
  { name: 'on a closed one', issue: { state: 'closed', pull_request: {} }, wished: [] },
  { name: 'on an issue', issue: { state: 'open' }, wished: [] },
])('a comment $name', async ({ issue, wished }) => {
  expect(await wishes('issue_comment', 'created', {}, { issue })).toEqual(wished);
});

test('organisations are searched whole, single repositories together for each owner', () => {
  const searches = searchesFor({
    orgs: [{ org: 'acme', without: ['old'] }],
    repos: ['acme/old', 'acme/covered', 'other/one', 'other/two'],
  });
  const open = 'archived:false is:pr is:open sort:created-desc';
  expect(searches).toEqual([
    { org: 'acme', query: `${open} org:"acme" -repo:"acme/old"` },
    { org: 'acme', query: `${open} repo:"acme/old"` },
    { org: 'other', query: `${open} repo:"other/one" repo:"other/two"` },
  ]);
});

/** A search over `total` pull requests, newest first, that shows 1,000 at most, a hundred a page. */
function fakeSearch(total: number, asked: string[]) {
  const all = Array.from({ length: total }, (_, index) => ({
    number: total - index,
    createdAt: new Date((total - index) * 1000).toISOString(),
    mergeable: index % 2 === 0 ? 'CONFLICTING' : 'UNKNOWN',
    state: 'OPEN',
    author: { login: 'dependabot', __typename: 'Bot' },
    repository: { name: 'widgets', owner: { login: 'acme' } },
    labels: { nodes: [{ name: LABEL }] },
  }));
  return async <T>(_org: string, _text: string, variables: Record<string, unknown>): Promise<T> => {
    const { search: query, cursor } = variables as { search: string; cursor: string | null };
    asked.push(query);
    const until = /created:<=(\S+)/.exec(query)?.[1];
    const shown = all.filter(({ createdAt }) => !until || createdAt <= until).slice(0, 1000);
    const from = Number(cursor ?? 0);
    const pageInfo = { hasNextPage: from + 100 < shown.length, endCursor: String(from + 100) };
    return { search: { pageInfo, nodes: [...shown.slice(from, from + 100), null] } } as T;
  };
}

test.each([0, 1, 100, 999, 1000, 2500])('a search finds all of %i', async (total) => {
  const asked: string[] = [];
  const found = await openPulls(fakeSearch(total, asked), { org: 'acme', query: 'is:open' });
  expect(found.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: total }, (_, index) => index + 1),
  );
  expect(asked.length).toBeLessThanOrEqual(Math.ceil(total / 100) + 3);
});

test('what a search finds, in the words of the rest', async () => {
  const [first, second] = await openPulls(fakeSearch(2, []), { org: 'acme', query: 'is:open' });
  expect(first).toEqual({
    org: 'acme',
    repo: 'widgets',
    number: 2,
    author: 'dependabot[bot]',
    labels: [LABEL],
    mergeable: false,
  });
  expect(second?.mergeable).toBeUndefined();
});
