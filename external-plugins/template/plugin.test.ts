import assert from 'node:assert/strict';
import { test } from 'node:test';
import { botComments, happen, say } from 'cutwater/testing';
import { myPlugin } from './plugin.ts';

for (const { words, answer } of [
  { words: '/hello', answer: 'Hello, @alice.' },
  { words: '/hello everybody', answer: 'Hello, everybody.' },
  { words: 'I say /hello', answer: undefined },
]) {
  test(`${words} is answered ${answer ?? 'with nothing'}`, async () => {
    const [said] = botComments(await say(myPlugin, 'alice', words));
    assert.equal(said?.includes(answer ?? '') ?? false, answer !== undefined);
  });
}

test('a new pull request is told how to greet', async () => {
  const world = await happen(myPlugin, 'pull_request', 'opened');
  assert.deepEqual(botComments(world), ['Say `/hello`, and I answer.']);
});
