import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { shrug } from './index.ts';

const SHRUG = '¯\\_(ツ)_/¯';

test.each([
  { say: '/shrug', before: [], after: [SHRUG], comments: 0 },
  { say: '/SHRUG', before: [], after: [SHRUG], comments: 0 },
  { say: '/shrug', before: [SHRUG], after: [SHRUG], comments: 0 },
  { say: '/unshrug', before: [SHRUG], after: [], comments: 1 },
  { say: '/unshrug', before: [], after: [], comments: 0 },
  { say: '/unshrug\n/shrug', before: [SHRUG], after: [SHRUG], comments: 0 },
  { say: '/shrug it off', before: [], after: [], comments: 0 },
])('$say with $before', async ({ say: words, before, after, comments }) => {
  const world = await say(shrug, 'bob', words, { world: { labels: before } });
  expect(world.labels).toEqual(after);
  expect(botComments(world)).toHaveLength(comments);
});

test('the answer shows as it should in Markdown', async () => {
  const world = await say(shrug, 'bob', '/unshrug', { world: { labels: [SHRUG] } });
  expect(botComments(world)[0]).toContain('@bob: ¯\\\\\\_(ツ)\\_/¯');
});
