import { describe, expect, test } from 'vitest';
import { parseYaml, UNTRUSTED_LIMITS } from './yaml.ts';

// What sigs.k8s.io/yaml makes of the same text.
const cases: [text: string, value: unknown][] = [
  ['a: 0400', { a: 256 }],
  ['a: 0o17', { a: 15 }],
  ['a: 0x1F', { a: 31 }],
  ['a: -0b11', { a: -3 }],
  ['a: 08', { a: 8 }],
  ['a: 1_000', { a: 1000 }],
  ['a: 1e3', { a: 1000 }],
  ['a: 61e552', { a: '61e552' }],
  ['a: .5', { a: 0.5 }],
  ['a: .', { a: '.' }],
  ['a: [yes, No, on, OFF, y, N, true, False]', { a: [true, false, true, false, true, false, true, false] }],
  ['a: yEs', { a: 'yEs' }],
  ["a: 'yes'", { a: 'yes' }],
  ['on: 1', { true: 1 }],
  ['1: x', { '1': 'x' }],
  ['a: [~, null, NULL, ]', { a: [null, null, null] }],
  ['a: 12:30:00', { a: '12:30:00' }],
  ['a: 2001-01-01', { a: '2001-01-01' }],
  ['a: 1\na: 2', { a: 2 }],
  ['x: &x {p: 1, q: 1}\nw: {<<: *x, q: 2}', { x: { p: 1, q: 1 }, w: { p: 1, q: 2 } }],
  ['a: 18446744073709551615', { a: 18446744073709551615n }],
  ['a: |\n  b', { a: 'b' }],
  ['a: |\n  b\n', { a: 'b\n' }],
  ['', null],
  ['# nothing', null],
  ['a:\n  b: [x,\n  z,\n]\n  c: "p\nq"\n  d: {\n  e: 1\n  }', { a: { b: ['x', 'z'], c: 'p q', d: { e: 1 } } }],
  ['a: 1\n---\nb: 2', { a: 1 }],
  ['a: 1\n---\nb: [', { a: 1 }],
  ['---\na: 1\n---\nb: [', { a: 1 }],
];

describe('parseYaml', () => {
  test.each(cases)('%j', (text, value) => {
    expect(parseYaml(text, 'file')).toEqual(value);
  });

  test('names file, line and column of what cannot be read', () => {
    expect(() => parseYaml('a: 1\nb: c: d', 'x.yaml')).toThrow(/^x\.yaml:2:5: /);
  });

  test.each([
    ['aliases', `a: &a 1\nb: [${'*a,'.repeat(300)}]`],
    ['depth', `${'['.repeat(100)}${']'.repeat(100)}`],
    ['size', `a: ${'x'.repeat(6 * 1024 * 1024)}`],
  ])('bounds what strangers write: %s', (_, text) => {
    expect(() => parseYaml(text, 'x.yaml', UNTRUSTED_LIMITS)).toThrow();
    expect(() => parseYaml(text, 'x.yaml')).not.toThrow();
  });
});
