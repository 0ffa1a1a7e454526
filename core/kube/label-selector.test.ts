import { expect, test } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

test.each([
  ['', {}, true],
  ['a', { a: '' }, true],
  ['a', {}, false],
  ['!a', {}, true],
  ['!a', { a: 'x' }, false],
  ['a=b', { a: 'b' }, true],
  ['a==b', { a: 'c' }, false],
  ['a!=b', {}, true],
  ['a=', { a: '' }, true],
  ['a in (b, c),d', { a: 'c', d: '' }, true],
  ['a in (b)', { a: 'x' }, false],
  ['a in ()', {}, false],
  ['a notin (b)', {}, true],
  ['a notin (b)', { a: 'b' }, false],
  ['a>3', { a: '4' }, true],
  ['a<3', { a: 'x' }, false],
  ['x.io/a=b', { 'x.io/a': 'b' }, true],
])('%s on %j: %s', (text, labels: Record<string, string>, expected) => {
  expect(parseLabelSelector(text).matches(labels)).toBe(expected);
});

test.each(['a=b=c', 'a in b', 'a,,b', '-a', 'a in (b c)', 'a>x', '!a=b'])('refuses %s', (text) => {
  expect(() => parseLabelSelector(text)).toThrow();
});
