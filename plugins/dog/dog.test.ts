import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { dog } from './index.ts';

const API = 'https://random.dog/woof.json';
const dogs = (url: string) => ({ body: JSON.stringify({ url }) });
const DOG = 'https://dogs.test/Dog.JPG';
const image = (url: string) => `[![dog image](${url})](${url})`;
const FINE = 'https://storage.googleapis.com/this-is-fine-images/';

test.each<{ say: string; pages: object; answer?: string }>([
  { say: '/woof', pages: { [API]: dogs(DOG), [DOG]: {} }, answer: image(DOG) },
  { say: '/bark \r', pages: { [API]: dogs(DOG), [DOG]: {} }, answer: image(DOG) },
  { say: '/BARK\n/woof', pages: { [API]: dogs(DOG), [DOG]: {} }, answer: image(DOG) },
  { say: '/this-is-fine', pages: { [`${FINE}this_is_fine.png`]: {} }, answer: image(`${FINE}this_is_fine.png`) },
  {
    say: '/this-is-not-fine',
    pages: { [`${FINE}this_is_not_fine.png`]: {} },
    answer: image(`${FINE}this_is_not_fine.png`),
  },
  {
    say: '/this-is-unbearable',
    pages: { [`${FINE}this_is_unbearable.jpg`]: {} },
    answer: image(`${FINE}this_is_unbearable.jpg`),
  },
  { say: '/woof', pages: { [API]: dogs('https://dogs.test/dog.mp4'), 'https://dogs.test/dog.mp4': {} } },
  { say: '/woof', pages: { [API]: dogs(DOG), [DOG]: { headers: { 'content-length': '20000000' } } } },
  { say: '/woof', pages: { [API]: dogs('') } },
  { say: '/woof', pages: { [API]: dogs('not an address.jpg') } },
  { say: '/woof', pages: {} },
  { say: '/this-is-fine', pages: {} },
  { say: '/woof woof', pages: { [API]: dogs(DOG), [DOG]: {} } },
])('$say with $pages', async ({ say: words, pages, answer }) => {
  const world = await say(dog, 'bob', words, { world: { pages: { ...pages } } });
  expect(botComments(world)).toEqual(answer ? [expect.stringContaining(`@bob: ${answer}\n`)] : []);
});

test('asks five times, each time for another dog', async () => {
  const world = await say(dog, 'bob', '/woof', { world: { pages: { [API]: dogs('https://dogs.test/dog.webm') } } });
  expect(world.calls.map((call) => call.split(',')[1])).toEqual([' 1', ' 2', ' 3', ' 4', ' 5']);
});

test('the services may be others', async () => {
  const settings = { dog: { api_url: 'https://dogs.test/any', fine_images_url: 'https://dogs.test/' } };
  const pages = { 'https://dogs.test/any': dogs(DOG), [DOG]: {} };
  expect(botComments(await say(dog, 'bob', '/woof', { world: { pages }, settings }))).toHaveLength(1);
});
