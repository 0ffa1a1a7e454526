import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { pony } from './index.ts';

const API = 'https://theponyapi.com/api/v1/pony/random?q=';
const SMALL = 'https://ponies.test/small.png';
const FULL = 'https://ponies.test/full.png';
const herd = { body: JSON.stringify({ pony: { representations: { full: FULL, small: SMALL } } }) };
const IMAGE = `[![pony image](${SMALL})](${FULL})\n`;
const shown = { [SMALL]: {} };

test.each<{ say: string; pages: object; answer?: string }>([
  { say: '/pony', pages: { [API]: herd, ...shown }, answer: IMAGE },
  { say: '/Pony \r', pages: { [API]: herd, ...shown }, answer: IMAGE },
  { say: '/pony Twilight Sparkle', pages: { [`${API}Twilight+Sparkle`]: herd, ...shown }, answer: IMAGE },
  { say: '/pony\n/pony x', pages: { [API]: herd, [`${API}x`]: herd, ...shown }, answer: IMAGE + IMAGE },
  { say: '/pony\n/pony nobody', pages: { [API]: herd, ...shown }, answer: IMAGE },
  { say: '/pony\n'.repeat(7), pages: { [API]: herd, ...shown }, answer: IMAGE.repeat(5) },
  { say: '/pony nobody', pages: {} },
  {
    say: '/pony nobody',
    pages: { [`${API}nobody`]: { status: 404 } },
    answer: "Couldn't find a pony matching given tag(s).",
  },
  { say: '/pony\n/pony nobody', pages: { [API]: herd, ...shown, [`${API}nobody`]: { status: 404 } }, answer: IMAGE },
  { say: '/pony', pages: {} },
  { say: '/pony', pages: { [API]: { status: 404 } } },
  {
    say: '/pony',
    pages: { [API]: herd, [SMALL]: { headers: { 'content-length': '10000001' } } },
  },
  { say: '/ponytail', pages: {} },
])('$say', async ({ say: words, pages, answer }) => {
  const world = await say(pony, 'bob', words, { world: { pages: { ...pages } } });
  expect(botComments(world)).toEqual(answer ? [expect.stringContaining(`@bob: ${answer}\n`)] : []);
});
