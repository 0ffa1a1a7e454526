import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { botComments, createWorld, say, type World, worldPorts } from '../../core/plugin/testing/index.ts';
import { lifecycle } from './index.ts';

const issue = { isPull: false };

describe('labels', () => {
  test.each([
    { say: '/lifecycle stale', before: [], after: ['lifecycle/stale'] },
    { say: '/Lifecycle Rotten', before: ['lifecycle/stale'], after: ['lifecycle/rotten'] },
    { say: '/lifecycle frozen', before: ['lifecycle/stale', 'kind/bug'], after: ['kind/bug', 'lifecycle/frozen'] },
    { say: '/lifecycle active', before: ['lifecycle/active'], after: ['lifecycle/active'] },
    { say: '/remove-lifecycle stale', before: ['lifecycle/stale'], after: [] },
    { say: '/remove-lifecycle stale', before: ['lifecycle/rotten'], after: ['lifecycle/rotten'] },
    { say: '/lifecycle dead', before: [], after: [] },
  ])('$say: $before becomes $after', async ({ say: words, before, after }) => {
    expect((await say(lifecycle, 'stranger', words, { world: { ...issue, labels: before } })).labels).toEqual(after);
  });

  test('a pull request is never frozen, and is told so once', async () => {
    const { comments, labels } = await say(lifecycle, 'alice', '/lifecycle frozen\n/lifecycle stale\n'.repeat(1_000));
    expect(labels).toEqual(['lifecycle/stale']);
    expect(comments).toHaveLength(1);
  });

  test('the answer says why', async () => {
    const world = await say(lifecycle, 'alice', '/lifecycle frozen');
    expect(world.labels).toEqual([]);
    expect(botComments(world)[0]).toContain('The `lifecycle/frozen` label cannot be applied to Pull Requests.');
  });
});

describe('close', () => {
  test.each<{
    user: string;
    say: string;
    world?: Partial<World>;
    state: 'open' | 'closed';
    answer?: string;
    as?: string;
  }>([
    { user: 'bob', say: '/close', state: 'closed', answer: 'Closed this PR.' },
    { user: 'alice', say: '/close', state: 'closed', answer: 'Closed this PR.' },
    { user: 'stranger', say: '/close', state: 'open', answer: "You can't close an active issue/PR" },
    {
      user: 'stranger',
      say: '/close',
      world: { labels: ['lifecycle/stale'] },
      state: 'closed',
      answer: 'Closed this PR.',
    },
    {
      user: 'stranger',
      say: '/close',
      world: { labels: ['lifecycle/rotten'] },
      state: 'closed',
      answer: 'Closed this PR.',
    },
    {
      user: 'stranger',
      say: '/close',
      world: { labels: ['lifecycle/active'] },
      state: 'open',
      answer: "You can't close",
    },
    { user: 'bob', say: '/close not-planned', state: 'open', answer: 'PRs cannot be closed as Not Planned.' },
    { user: 'bob', say: '/close', world: issue, state: 'closed', answer: 'Closing this issue.', as: 'completed' },
    {
      user: 'bob',
      say: '/close not-planned',
      world: issue,
      state: 'closed',
      answer: 'marking it as "Not Planned".',
      as: 'not_planned',
    },
    { user: 'bob', say: '/close', world: { state: 'closed' }, state: 'closed' },
    { user: 'bob', say: '/close now', state: 'open' },
  ])('$user: $say', async ({ user, say: words, world, state, answer, as }) => {
    const after = await say(lifecycle, user, words, { world: world ?? {} });
    expect(after.state).toBe(state);
    expect(after.closedAs).toBe(as);
    expect(botComments(after).map((body) => body.includes(answer ?? ''))).toEqual(answer ? [true] : []);
  });
});

describe('reopen', () => {
  test.each<{ user: string; world?: Partial<World>; state: 'open' | 'closed'; answer?: string }>([
    { user: 'bob', state: 'open', answer: 'Reopened this PR.' },
    { user: 'alice', world: issue, state: 'open', answer: 'Reopened this issue.' },
    { user: 'stranger', state: 'closed', answer: "You can't reopen an issue/PR" },
    { user: 'stranger', world: { state: 'open' }, state: 'open' },
  ])('$user', async ({ user, world, state, answer }) => {
    const after = await say(lifecycle, user, '/reopen', { world: { state: 'closed', ...world } });
    expect(after.state).toBe(state);
    expect(botComments(after).map((body) => body.includes(answer ?? ''))).toEqual(answer ? [true] : []);
  });

  test("GitHub's refusal is told", async () => {
    const issuePort = worldPorts(createWorld()).issue;
    const reopen = async () => {
      throw new CutwaterError(
        'invalid',
        'GitHub answered 422 to PATCH /x: Validation Failed: state cannot be changed. The topic branch was force-pushed.',
      );
    };
    const after = await say(lifecycle, 'bob', '/reopen', {
      world: { state: 'closed' },
      ports: { issue: { ...issuePort, reopen } },
    });
    expect(botComments(after)[0]).toContain(
      'Failed to re-open PR: state cannot be changed. The topic branch was force-pushed.',
    );
  });
});
