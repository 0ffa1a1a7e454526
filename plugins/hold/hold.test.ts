import { expect, test } from 'vitest';
import { say } from '../../core/plugin/testing/index.ts';
import { hold } from './index.ts';

const HOLD = 'do-not-merge/hold';

test.each([
  { say: '/hold', before: [], after: [HOLD] },
  { say: '/hold until the release is out', before: [], after: [HOLD] },
  { say: '/Hold', before: [], after: [HOLD] },
  { say: 'words\r\n/hold\r\nmore words', before: [], after: [HOLD] },
  { say: '/hold', before: [HOLD], after: [HOLD] },
  { say: '/hold cancel', before: [HOLD], after: [] },
  { say: '/hold cancel it now', before: [HOLD], after: [] },
  { say: '/hold   cancel', before: [HOLD], after: [] },
  { say: '/unhold', before: [HOLD], after: [] },
  { say: '/remove-hold', before: [HOLD], after: [] },
  { say: '/hold\n/hold cancel', before: [HOLD], after: [] },
  { say: '/hold cancel\n/hold', before: [HOLD], after: [] },
  { say: '/unhold', before: ['other'], after: ['other'] },
  { say: 'I would /hold this', before: [], after: [] },
  { say: ' /hold', before: [], after: [] },
  { say: '/holdings', before: [], after: [] },
  { say: '```\n/hold\n```', before: [], after: [] },
  { say: '> /hold', before: [], after: [] },
  { say: '<!--\n/hold\n-->', before: [], after: [] },
  { say: '/hold cance', before: [], after: [HOLD] },
])('$say: $before becomes $after', async ({ say: words, before, after }) => {
  const world = await say(hold, 'stranger', words, { world: { labels: before } });
  expect(world.labels).toEqual(after);
});

test('an issue is never held', async () => {
  const world = await say(hold, 'alice', '/hold', { world: { isPull: false } });
  expect(world.calls).toEqual([]);
});

test('a closed pull request can be held, and nothing is written that stands already', async () => {
  const world = await say(hold, 'alice', '/hold', { world: { state: 'closed', labels: [HOLD] } });
  expect(world.calls).toEqual(['labels.list()']);
});
