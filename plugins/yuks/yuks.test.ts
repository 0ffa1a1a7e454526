import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { yuks } from './index.ts';

const API = 'https://icanhazdadjoke.com';
const joke = (text: string) => ({ [API]: { body: JSON.stringify({ joke: text }) } });

test.each<{ say: string; pages: object; answer?: string }>([
  { say: '/joke', pages: joke("Why? It's 1, 2. Ha!"), answer: "Why? It's 1, 2. Ha!" },
  { say: '/Joke \r', pages: joke('ha'), answer: 'ha' },
  {
    say: '/joke',
    pages: joke('[link](https://x) <b> @all #1 *'),
    answer: '&#91;link&#93;&#40;https&#58;&#47;&#47;x&#41; &#60;b&#62; &#64;all &#35;1 &#42;',
  },
  { say: '/joke', pages: joke('ü🎉\n'), answer: '&#252;&#127881;&#10;' },
  { say: '/joke', pages: joke('') },
  { say: '/joke', pages: { [API]: { status: 500, body: '{"joke":"x"}' } } },
  { say: '/joke', pages: { [API]: { body: '<html>' } } },
  { say: '/joke', pages: {} },
  { say: '/joke please', pages: joke('ha') },
])('$say with $pages', async ({ say: words, pages, answer }) => {
  const world = await say(yuks, 'bob', words, { world: { pages: { ...pages } } });
  expect(botComments(world)).toEqual(answer ? [expect.stringContaining(`@bob: ${answer}\n`)] : []);
});

test('asks five times', async () => {
  const world = await say(yuks, 'bob', '/joke', { world: { pages: joke('') } });
  expect(world.calls).toHaveLength(5);
});
