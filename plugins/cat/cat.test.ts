import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { cat } from './index.ts';

const API = 'https://api.thecatapi.com/v1/images/search?format=json&results_per_page=1';
const CAT = 'https://cats.test/cat.jpg';
const IMAGE = `![cat image](${CAT})`;
const BAD = 'Bad category. Please see https://api.thecatapi.com/api/categories/list';
const cats = (...urls: string[]) => ({ body: JSON.stringify(urls.map((url) => ({ url }))) });
const shown = { headers: { 'content-length': '9000000' } };

test.each<{ say: string; pages: object; answer?: string }>([
  { say: '/meow', pages: { [API]: cats(CAT), [CAT]: shown }, answer: IMAGE },
  { say: '/Meow \r', pages: { [API]: cats(CAT), [CAT]: shown }, answer: IMAGE },
  { say: '/meow clothes', pages: { [`${API}&category=clothes`]: cats(CAT), [CAT]: shown }, answer: IMAGE },
  {
    say: '/meow big hats&x=1',
    pages: { [`${API}&category=big+hats%26x%3D1`]: cats(CAT), [CAT]: shown },
    answer: IMAGE,
  },
  { say: '/meowvie', pages: { [`${API}&mime_types=gif`]: cats(CAT), [CAT]: shown }, answer: IMAGE },
  {
    say: '/meowvie space',
    pages: { [`${API}&category=space&mime_types=gif`]: cats(CAT), [CAT]: shown },
    answer: IMAGE,
  },
  {
    say: '/meow no',
    pages: { 'https://cats.test/grumpy.jpg': {} },
    answer: '![cat image](https://cats.test/grumpy.jpg)',
  },
  {
    say: '/meow GRUMPY',
    pages: { 'https://cats.test/grumpy.jpg': {} },
    answer: '![cat image](https://cats.test/grumpy.jpg)',
  },
  { say: '/meow bad', pages: { [`${API}&category=bad`]: cats() }, answer: BAD },
  { say: '/meow clothes', pages: {} },
  { say: '/meow', pages: {} },
  { say: '/meow', pages: { [API]: { status: 406 } } },
  { say: '/meow', pages: { [API]: cats() } },
  { say: '/meow', pages: { [API]: { body: '[{}]' } } },
  { say: '/meow', pages: { [API]: { body: 'no JSON' } } },
  { say: '/meow', pages: { [API]: cats('javascript:alert(1)') } },
  { say: '/meow', pages: { [API]: cats(CAT), [CAT]: { status: 404 } } },
  { say: '/meow', pages: { [API]: cats(CAT), [CAT]: { headers: { 'content-length': '10000001' } } } },
  {
    say: '/meow',
    pages: { [API]: cats('https://c.test/a) [x](b'), 'https://c.test/a) [x](b': {} },
    answer: '![cat image](https://c.test/a%29%20[x]%28b)',
  },
  { say: '/meows', pages: {} },
  { say: 'so /meow', pages: {} },
])('$say', async ({ say: words, pages, answer }) => {
  const settings = { cat: { key_path: '/etc/cat/key', grumpy_url: 'https://cats.test/grumpy.jpg' } };
  const world = await say(cat, 'bob', words, {
    world: { isPull: false, state: 'closed', pages: { ...pages } },
    settings,
  });
  expect(botComments(world)).toEqual(answer ? [expect.stringContaining(`@bob: ${answer}\n`)] : []);
});

test('tries three times, and hands the key over as a file', async () => {
  const world = await say(cat, 'bob', '/meow', { settings: { cat: { key_path: '/etc/cat/key' } } });
  const asked = world.calls.filter((call) => call.startsWith('web.draw'));
  expect(asked).toHaveLength(3);
  expect(asked[0]).toContain('"secretQuery":{"name":"api_key","file":"/etc/cat/key"}');
});
