import { expect, test } from 'vitest';
import { compilePattern } from '../core/config/pattern.ts';
import { commandText } from '../core/plugin/text.ts';
import { plugins } from './index.ts';

// What takes quadratic time with these takes minutes: the test's own time limit finds it.
const SIZE = 250_000;
const PIECES = ['a', ' ', '\t', '"', '`', '~', '/', '-', '@', '@a ', ',', '#', '\u00a0', '<!--', '-->', '> ', '*'];
const ENDS = ['x', '\u2028x'];
const texts = PIECES.flatMap((piece) => ENDS.map((end) => piece.repeat(SIZE / piece.length) + end));

test('no long comment makes the search for commands long', () => {
  for (const text of texts) expect(commandText(text).length).toBeLessThanOrEqual(text.length);
});

test.each(plugins.filter(({ commands }) => commands.length > 0).map(({ name, commands }) => [name, commands] as const))(
  '%s reads long arguments as fast as short ones',
  (_name, commands) => {
    for (const command of commands) for (const text of texts) command.said(`/${command.names[0]} x${text}`);
  },
);

test('a pattern of the configuration may look far ahead at each of its matches', () => {
  expect(compilePattern('a+b|a').matchAll('a'.repeat(SIZE))).toHaveLength(100);
});
