import { expect, test } from 'vitest';
import { say } from '../../core/plugin/testing/index.ts';
import { stage } from './index.ts';

test.each([
  { say: '/stage alpha', before: [], after: ['stage/alpha'] },
  { say: '/STAGE Beta', before: [], after: ['stage/beta'] },
  { say: '/stage beta', before: ['stage/alpha', 'kind/bug'], after: ['kind/bug', 'stage/beta'] },
  { say: '/stage alpha', before: ['stage/alpha'], after: ['stage/alpha'] },
  { say: '/stage alpha\n/stage stable', before: [], after: ['stage/stable'] },
  { say: '/remove-stage alpha', before: ['stage/alpha'], after: [] },
  { say: '/remove-stage beta', before: ['stage/alpha'], after: ['stage/alpha'] },
  { say: '/stage alpha\n/remove-stage alpha', before: ['stage/beta'], after: [] },
  { say: '/remove-stage alpha\n/stage alpha', before: ['stage/alpha'], after: ['stage/alpha'] },
  { say: '/stage alpha\n/remove-stage alpha\n/stage beta', before: [], after: ['stage/beta'] },
  { say: '/stage gamma', before: [], after: [] },
  { say: '/stage', before: [], after: [] },
  { say: '/remove-stage alpha beta', before: ['stage/alpha'], after: ['stage/alpha'] },
])('$say: $before becomes $after', async ({ say: words, before, after }) => {
  expect((await say(stage, 'stranger', words, { world: { isPull: false, labels: before } })).labels).toEqual(after);
});

test('what a comment says again and again is written once', async () => {
  const { calls } = await say(stage, 'stranger', '/stage alpha\n/stage beta\n'.repeat(2_000));
  expect(calls).toEqual(['labels.list()', 'labels.add(stage/beta)']);
});
