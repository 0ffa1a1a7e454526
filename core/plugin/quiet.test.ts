import { expect, test } from 'vitest';
import { commitList } from './commit-list.ts';
import { plainText, withoutTeamMentions } from './quiet.ts';

test.each([
  ['/cc @acme/core and @alice', '/cc @\u200bacme/core and @alice'],
  ['mail@acme.example, @a-b/c-d', 'mail@acme.example, @\u200ba-b/c-d'],
  ['/lgtm', '/lgtm'],
])('%s notifies no team', (said, repeated) => {
  expect(withoutTeamMentions(said)).toBe(repeated);
});

test.each([
  ['Fix it', 'Fix it'],
  ['[ci] use `x`', '[ci] use `x`'],
  ['thanks @alice', 'thanks @\u200balice'],
  ['<!-- <details>', '&lt;!-- &lt;details>'],
  ['[x](https://evil)', '[x]\\(https://evil)'],
  ['a\r\n\nb', 'a   b'],
])('%j stays words', (line, shown) => {
  expect(plainText(line)).toBe(shown);
});

test("a commit's subject mentions nobody", () => {
  const commits = [{ sha: 'abcdef0123', message: 'Ask @acme/core <!--\n\nbody' }];
  expect(commitList('o', 'r', commits)).toBe(
    '- [abcdef0](https://github.com/o/r/commits/abcdef0123) Ask @\u200bacme/core &lt;!--',
  );
});

test('two long lists of commits fit into a comment', () => {
  const commits = Array.from({ length: 250 }, () => ({ sha: 'a'.repeat(40), message: '<'.repeat(70_000) }));
  const list = commitList('o'.repeat(39), 'r'.repeat(100), commits);
  expect(list.length).toBeLessThan(31_000);
  expect(list).toMatch(/… and 170 more$/);
});
