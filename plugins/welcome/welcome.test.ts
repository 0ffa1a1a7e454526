import { expect, test } from 'vitest';
import { botComments, happen } from '../../core/plugin/testing/index.ts';
import { welcome } from './index.ts';

interface Row {
  author: string;
  earlier?: number[];
  always?: boolean;
  action?: string;
  type?: string;
  greeted: boolean;
}

function play(
  { author, earlier = [], always = false, action = 'opened', type = 'User' }: Row,
  template = 'Hi @{{.AuthorLogin}}',
) {
  const found = earlier.map((number) => ({
    ...{ org: 'acme', repo: 'widgets', title: '', author, state: 'open', isPull: true, labels: [] },
    number,
  }));
  return happen(welcome, 'pull_request', action, {
    world: { author, found },
    settings: { welcome: [{ repos: ['acme'], message_template: template, always_post: always }] },
    payload: { pull_request: { user: { login: author, type, name: "O'Neil <b>" } } },
  });
}

test.each<Row>([
  { author: 'bob', earlier: [1, 2], greeted: false },
  { author: 'bob', earlier: [1], greeted: false },
  { author: 'bob', earlier: [1, 2], always: true, greeted: true },
  { author: 'bob', greeted: true },
  { author: 'bob', always: true, greeted: true },
  { author: 'bob', earlier: [5], greeted: true },
  { author: 'bob', action: 'edited', greeted: false },
  { author: 'robot', type: 'Bot', greeted: false },
  { author: 'alice', greeted: false },
  { author: 'alice', always: true, greeted: true },
])('$author with $earlier before, $action, always: $always', async (row) => {
  expect(botComments(await play(row))).toEqual(row.greeted ? [`Hi @${row.author}`] : []);
});

test('asks for the pull requests of this person in this repository', async () => {
  expect((await play({ author: 'bob', greeted: true })).calls).toContain(
    'search.issues(is:pr repo:acme/widgets author:bob)',
  );
});

test.each([
  ['', 'Welcome @bob! It looks like this is your first PR to acme/widgets 🎉'],
  ['Dear {{.AuthorName}}', 'Dear O&#39;Neil &lt;b&gt;'],
])('the template %j', async (template, text) => {
  expect(botComments(await play({ author: 'bob', greeted: true }, template))).toEqual([text]);
});

test('the entry of the repository holds before that of its organisation', async () => {
  const settings = {
    welcome: [
      { repos: ['acme'], message_template: 'from the organisation' },
      { repos: ['acme/widgets'], message_template: 'from the repository' },
    ],
  };
  const payload = { pull_request: { user: { login: 'bob', type: 'User' } } };
  const world = await happen(welcome, 'pull_request', 'opened', { settings, payload });
  expect(botComments(world)).toEqual(['from the repository']);
});

test('a template that cannot be read is refused', async () => {
  await expect(play({ author: 'bob', greeted: false }, '{{.Author')).rejects.toThrow('message_template');
});
