import { expect, test } from 'vitest';
import { formatResponse, formatResponseTo } from './reply.ts';

const GITHUB_TAKES = 65_536;

test('the words that are answered are quoted', () => {
  expect(formatResponseTo('/a\n/b', 'https://x/1', 'alice', 'no')).toMatch(
    /^@alice: no\n\n<details>\n\nIn response to \[this\]\(https:\/\/x\/1\):\n\n>\/a\n>\/b\n/,
  );
});

test.each([
  ['a long comment', 'a'.repeat(60_000), 'no'],
  ['many short lines', '\n'.repeat(60_000), 'no'],
  ['a long message', '/a', 'no'.repeat(40_000)],
  ['both', '😀'.repeat(30_000), '😀'.repeat(40_000)],
])('%s still makes an answer that GitHub takes', (_, body, message) => {
  const answer = formatResponseTo(body, 'https://x/1', 'alice', message);
  expect(answer.length).toBeLessThanOrEqual(GITHUB_TAKES);
  expect(answer).toMatch(/^@alice: (no|😀)/);
  expect(answer).toMatch(/<\/details>$/);
});

test('long reasons, too', () => {
  expect(formatResponse('alice', 'no', 'why'.repeat(40_000)).length).toBeLessThanOrEqual(GITHUB_TAKES);
});

test('a team that the words mention is not told again by the bot', () => {
  expect(formatResponseTo('/kind x\n@acme/all', 'u', 'bob', 'no')).toContain('>@\u200bacme/all');
});
