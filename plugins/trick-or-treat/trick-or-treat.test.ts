import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { trickOrTreat } from './index.ts';

const CANDY = 'https://candy.test/candy.jpg';
const settings = { trick_or_treat: { images: ['https://candy.test/other.jpg', CANDY] } };

test.each<{ say: string; pages?: object; shown: boolean }>([
  { say: '/trick-or-treat', shown: true },
  { say: '/trickortreat', shown: true },
  { say: '/trick-ortreat \r', shown: true },
  { say: '/TRICKOR-TREAT please', shown: true },
  { say: '/trick-or-treats', shown: false },
  { say: '/trick or treat', shown: false },
  { say: '/trick-or-treat', pages: { [CANDY]: { status: 404 } }, shown: false },
  { say: '/trick-or-treat', pages: { [CANDY]: { headers: { 'content-length': '10000001' } } }, shown: false },
  { say: '/trick-or-treat', pages: {}, shown: false },
])('$say', async ({ say: words, pages = { [CANDY]: {} }, shown }) => {
  const world = await say(trickOrTreat, 'bob', words, { world: { pages: { ...pages } }, settings });
  const answer = `@bob: ![candy image](${CANDY})\n`;
  expect(botComments(world)).toEqual(shown ? [expect.stringContaining(answer)] : []);
});
