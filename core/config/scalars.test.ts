import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';
import { goUrlProblem } from './go-url.ts';
import { compilePattern } from './pattern.ts';
import { canonicalQuantity } from './quantity.ts';
import { textOfScalar } from './scalar.ts';

describe('durations', () => {
  test.each([
    ['1h30m', 5_400_000, '1h30m0s'],
    ['120m', 7_200_000, '2h0m0s'],
    ['1.5s', 1_500, '1.5s'],
    ['-90s', -90_000, '-1m30s'],
    ['250ms', 250, '250ms'],
    ['3us', 0.003, '3µs'],
    ['15ns', 0.000015, '15ns'],
    ['0', 0, '0s'],
    ['48h', 172_800_000, '48h0m0s'],
    ['90m30.5s', 5_430_500, '1h30m30.5s'],
  ])('%s', (text, milliseconds, printed) => {
    expect(parseDuration(text)).toBeCloseTo(milliseconds, 9);
    expect(formatDuration(milliseconds)).toBe(printed);
  });

  test.each(['', '5', '1d', 'h', '1 h', '1h 2m', '--1s'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(`time: invalid duration ${JSON.stringify(text)}`);
  });
});

describe('quantities as Kubernetes writes them back', () => {
  test.each([
    ['1000m', '1'],
    ['1.5Gi', '1536Mi'],
    ['0.5', '500m'],
    ['1024Mi', '1Gi'],
    ['1500Mi', '1500Mi'],
    ['0.1Gi', '107374182400m'],
    ['0.5Ki', '512'],
    ['64G', '64G'],
    ['1e3', '1e3'],
    ['100e6', '100e6'],
    ['0Mi', '0'],
    ['1.0000000001', '1000000001n'],
    ['+2', '2'],
  ])('%s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  test.each(['', 'x', '1e3Mi', '1 Gi', '1gi'])('%j is none', (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  });
});

describe('scalars in text fields', () => {
  test.each([
    [1, '1'],
    [true, 'true'],
    [1.5, '1.5'],
    [0.1, '0.1'],
    [1234567.5, '1.2345675e+06'],
    [0.00001, '1e-05'],
    [18446744073709551615n, '18446744073709551615'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('%s', (value, text) => {
    expect(textOfScalar(value)).toBe(text);
  });
});

describe('patterns', () => {
  test('are RE2: flags inside, linear time', () => {
    const pattern = compilePattern('(?m)^/test( | .* )(unit),?($|\\s.*)');
    expect(pattern.match('hello\n/test unit now')).toEqual(['/test unit now', ' ', 'unit', ' now']);
    expect(pattern.test('/test other')).toBe(false);
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(200)}!`)).toBe(false);
  });

  test('are compiled once per text', () => {
    expect(compilePattern('a+b')).toBe(compilePattern('a+b'));
  });

  test.each([
    ['a(', 'missing closing ): `a(`'],
    ['(?=x)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['*', 'missing argument to repetition operator: `*`'],
  ])('%s is refused in Go’s words', (source, message) => {
    expect(() => compilePattern(source)).toThrow(`error parsing regexp: ${message}`);
  });
});

describe('goUrlProblem', () => {
  test.each([
    'https://a/b',
    'a/b',
    'git@x',
    'github.com:a/b',
    'gs://b_k/x y',
    '/abs',
    'GS://x',
    '?a',
    '',
    'https://[::1]:80/',
  ])('takes %j', (text) => {
    expect(goUrlProblem(text)).toBeUndefined();
  });

  test.each([
    ':foo',
    '://x',
    '1.2.3.4:foo/x',
    'https://x/%zz',
    'https://x:port/a',
    'https://x y/a',
    '1a://x',
    'gs://[::1',
    'a\nb',
  ])('refuses %j', (text) => {
    expect(goUrlProblem(text)).toBeTypeOf('string');
  });
});
