import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { retitle } from './index.ts';

const EMPTY = 'Titles may not be empty.';
const TRUST = 'Re-titling can only be requested by trusted users';
const KEYWORDS = 'Titles may not contain [keywords]';

test.each([
  { user: 'alice', say: '/retitle A new one', title: 'A new one' },
  { user: 'alice', say: '/Retitle   A new one  \r\nand words', title: 'A new one' },
  { user: 'alice', say: '/retitle', title: 'A change', answer: EMPTY },
  { user: 'alice', say: '/retitle Fixes #5', title: 'A change', answer: KEYWORDS },
  { user: 'alice', say: '/retitle Fix the pump', title: 'Fix the pump' },
  { user: 'alice', say: `/retitle ${'x'.repeat(257)}`, title: 'A change', answer: 'at most 256 characters' },
  { user: 'stranger', say: '/retitle Mine', title: 'A change', answer: TRUST },
  { user: 'alice', say: 'please /retitle Mine', title: 'A change' },
])('$user: $say', async ({ user, say: words, title, answer }) => {
  const world = await say(retitle, user, words);
  expect(world.title).toBe(title);
  expect(botComments(world).map((body) => body.includes(answer ?? ''))).toEqual(answer ? [true] : []);
});

test.each([
  [false, 'A change'],
  [true, 'New'],
])('a closed one, where allow_closed_issues is %s', async (allowed, title) => {
  const settings = { retitle: { allow_closed_issues: allowed } };
  expect((await say(retitle, 'alice', '/retitle New', { world: { state: 'closed' }, settings })).title).toBe(title);
});
