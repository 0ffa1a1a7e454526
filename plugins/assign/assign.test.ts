import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../../core/plugin/index.ts';
import { botComments, createWorld, say, worldPorts } from '../../core/plugin/testing/index.ts';
import { assign } from './index.ts';

describe('assignees', () => {
  test.each([
    { say: '/assign', before: [], after: ['bob'] },
    { say: '/assign @alice', before: [], after: ['alice'] },
    { say: '/Assign alice @carol', before: [], after: ['alice', 'carol'] },
    { say: '/assign @alice\r\n/assign @carol\r\n', before: [], after: ['alice', 'carol'] },
    { say: '/assign @alice, please!', before: [], after: [] },
    { say: '/unassign', before: ['bob', 'alice'], after: ['alice'] },
    { say: '/unassign @ALICE', before: ['alice'], after: [] },
    { say: '/assign @alice\n/unassign @alice', before: [], after: [] },
    { say: '/unassign @alice\n/assign @alice', before: [], after: ['alice'] },
    { say: '/assign-me', before: [], after: [] },
    { say: '/assign  @alice', before: [], after: [] },
    { say: '/assign @alice  @carol', before: [], after: [] },
    { say: '/assign @@alice', before: [], after: [] },
    { say: '/assign\talice', before: [], after: [] },
    { say: '/unassign @alice \t', before: ['alice'], after: [] },
  ])('$say', async ({ say: words, before, after }) => {
    const world = await say(assign, 'bob', words, { world: { isPull: false, assignees: before } });
    expect(world.assignees).toEqual(after);
    expect(botComments(world)).toEqual([]);
  });

  test('those whom GitHub refuses are named', async () => {
    const world = await say(assign, 'bob', '/assign @nobody @alice', { world: { unassignable: ['nobody'] } });
    expect(world.assignees).toEqual(['alice']);
    expect(botComments(world)[0]).toContain("GitHub didn't allow me to assign the following users: nobody.");
  });
});

describe('reviewers', () => {
  test.each([
    { say: '/cc', users: ['carol'], teams: [] },
    { say: '/cc @alice', users: ['alice'], teams: [] },
    { say: '/cc @alice @acme/core', users: ['alice'], teams: ['core'] },
    { say: '/uncc @rose', before: ['rose'], users: [], teams: [] },
    { say: '/cc alice.b', users: [], teams: [] },
    { say: '/cc  @alice   dave', users: ['alice', 'dave'], teams: [] },
    { say: '/cc\t@alice', users: [], teams: [] },
  ])('$say', async ({ say: words, before, users, teams }) => {
    const world = await say(assign, 'carol', words, { world: { reviewers: before ?? [] } });
    expect([world.reviewers, world.reviewerTeams]).toEqual([users, teams]);
  });

  test('one who is refused does not keep the others out', async () => {
    const world = await say(assign, 'bob', '/cc @stranger @alice @elsewhere/core', {
      world: { unassignable: ['stranger'] },
    });
    expect(world.reviewers).toEqual(['alice']);
    expect(botComments(world)[0]).toContain('request PR reviews from the following users: elsewhere/core, stranger.');
  });

  test('so many that each would have to be tried are not asked', async () => {
    const names = Array.from({ length: 31 }, (_, index) => `nobody${index}`).join(' ');
    const world = await say(assign, 'bob', `/cc ${names}`, { world: { unassignable: ['nobody1'] } });
    expect(world.calls.filter((call) => call.includes('requestReview'))).toEqual([]);
    expect(botComments(world)[0]).toContain('I ask for at most 30 reviews at once.');
  });

  test('an issue has none', async () => {
    expect((await say(assign, 'bob', '/cc @alice', { world: { isPull: false } })).calls).toEqual([]);
  });
});

test('what GitHub refuses of the assignees does not stop the reviewers', async () => {
  const refused = createWorld();
  const ports = worldPorts(refused);
  const issue = { ...ports.issue, assign: () => Promise.reject(new CutwaterError('forbidden', 'no')) };
  const stage = { world: refused, ports: { pull: ports.pull, issue } };
  await expect(say(assign, 'bob', '/assign @alice\n/cc @alice', stage)).rejects.toThrow('no');
  expect(refused.reviewers).toEqual(['alice']);
});
