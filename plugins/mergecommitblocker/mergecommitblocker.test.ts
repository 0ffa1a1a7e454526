import { expect, test } from 'vitest';
import { botComments, comment, commit, happen } from '../../core/plugin/testing/index.ts';
import { mergecommitblocker } from './index.ts';

const LABEL = 'do-not-merge/contains-merge-commits';
const MERGE = commit('Merge', { parents: ['a', 'b'] });
const PLAIN = commit('x');

test.each([
  { commits: [PLAIN, MERGE], before: [], after: [LABEL], comments: 1 },
  { commits: [PLAIN], before: [], after: [], comments: 0 },
  { commits: [PLAIN, MERGE], before: [LABEL], after: [LABEL], comments: 0 },
  { commits: [PLAIN], before: [LABEL, 'x'], after: ['x'], comments: 0 },
  { commits: [MERGE], before: [], after: [], comments: 0, action: 'edited' },
  { commits: [MERGE], before: [], after: [LABEL], comments: 1, action: 'reopened' },
])('$commits.length commits ($action): $before becomes $after', async (row) => {
  const { commits, before, after, comments, action = 'synchronize' } = row;
  const world = await happen(mergecommitblocker, 'pull_request', action, { world: { commits, labels: before } });
  expect(world.labels).toEqual(after);
  expect(botComments(world)).toHaveLength(comments);
});

test('the comment goes with the label', async () => {
  const held = await happen(mergecommitblocker, 'pull_request', 'opened', { world: { commits: [MERGE] } });
  expect(botComments(held)[0]).toMatch(
    /^Adding label `do-not-merge\/contains-merge-commits` because PR contains merge/,
  );
  const comments = [...held.comments, comment('ci-robot', 'else')];
  const world = { commits: [PLAIN], labels: [LABEL], comments };
  expect(botComments(await happen(mergecommitblocker, 'pull_request', 'synchronize', { world }))).toEqual(['else']);
});
