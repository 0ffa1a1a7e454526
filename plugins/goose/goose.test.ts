import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { goose } from './index.ts';

const API = 'https://api.unsplash.com/photos/random?query=goose';
const GOOSE = 'https://geese.test/small.jpg';
const IMAGE = `\n![goose image](${GOOSE})`;
const geese = { body: JSON.stringify({ id: 'x', urls: { raw: 'r', small: GOOSE } }) };

test.each<{ say: string; pages: object; answer?: string }>([
  { say: '/honk', pages: { [API]: geese, [GOOSE]: {} }, answer: IMAGE },
  { say: '/HONK \r', pages: { [API]: geese, [GOOSE]: {} }, answer: IMAGE },
  { say: '/honk', pages: {} },
  { say: '/honk', pages: { [API]: { status: 403 } } },
  { say: '/honk', pages: { [API]: { body: '{"urls":{}}' } } },
  { say: '/honk', pages: { [API]: { body: '{"urls":{"small":""}}' } } },
  { say: '/honk', pages: { [API]: geese, [GOOSE]: { headers: { 'content-length': '10000001' } } } },
  { say: '/honk honk', pages: { [API]: geese, [GOOSE]: {} } },
])('$say', async ({ say: words, pages, answer }) => {
  const settings = { goose: { key_path: '/etc/goose/key' } };
  const world = await say(goose, 'bob', words, { world: { pages: { ...pages } }, settings });
  expect(botComments(world)).toEqual(answer ? [expect.stringContaining(`@bob: ${answer}\n`)] : []);
  for (const call of world.calls.filter((made) => made.startsWith('web.draw')))
    expect(call).toContain('"secretQuery":{"name":"client_id","file":"/etc/goose/key"}');
});
