import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('has the same tokens as the sandbox, which imports nothing and so keeps its own copy', () => {
  const [deck, sandbox] = ['./tokens.css', '../../../sandbox/page/style/tokens.css'].map((path) =>
    readFileSync(new URL(path, import.meta.url), 'utf8').replace(/^\/\*.*\*\/\n/, ''),
  );
  expect(deck).toBe(sandbox);
});
