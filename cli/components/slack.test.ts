import { expect, it } from 'vitest';
import { tokenFiles } from './slack.ts';

const none = { 'slack-token-file': undefined, 'additional-slack-token-files': [], 'slack-api-url': undefined };

it('knows the tokens of all hosts', () => {
  const flags = { ...none, 'slack-token-file': 'main', 'additional-slack-token-files': ['a=/x/a,b=/x/b', 'c=d=e'] };
  expect([...tokenFiles(flags)]).toEqual([
    ['*', 'main'],
    ['a', '/x/a'],
    ['b', '/x/b'],
    ['c', 'd=e'],
  ]);
});

it.each(['token', '=token'])('refuses %s', (text) => {
  expect(() => tokenFiles({ ...none, 'additional-slack-token-files': [text] })).toThrow('is not HOST=FILE');
});
