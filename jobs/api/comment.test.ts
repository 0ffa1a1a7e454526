import { expect, test } from 'vitest';
import { type JobComment, readJobComment, wishOf } from './comment.ts';

const said = (text: string) => {
  const comment = readJobComment(text);
  return (Object.keys(comment) as (keyof JobComment)[]).filter((name) => comment[name]);
};

test.each([
  ['/test all', ['testAll', 'testWithTarget', 'anyTest']],
  ['/test all,', ['testAll', 'testWithTarget', 'anyTest']],
  ['/test all, please', ['testAll', 'testWithTarget', 'anyTest']],
  ['/test all\r\nthanks', ['testAll', 'testWithTarget', 'anyTest']],
  ['/test allofit', ['testWithTarget', 'anyTest']],
  ['/test  all', ['testWithTarget', 'anyTest']],
  ['/test', ['testWithoutTarget', 'anyTest']],
  ['/test   \r', ['testWithoutTarget', 'anyTest']],
  ['/test ?', ['asksForHelp', 'testWithTarget', 'anyTest']],
  ['/test?', ['asksForHelp', 'anyTest']],
  ['/test ? now', ['testWithTarget', 'anyTest']],
  ['/retest', ['retest', 'anyTest']],
  ['/retest \t', ['retest', 'anyTest']],
  ['/retest\u00a0', ['anyTest']],
  ['/retest unit', ['retestWithTarget', 'anyTest']],
  ['/retest-required', ['retestRequired', 'anyTest']],
  ['/test-manual-required', ['testManualRequired', 'anyTest']],
  ['/testing', []],
  ['/Test all', []],
  [' /test all', []],
  ['please /test all', []],
  ['/ok-to-test', ['okToTest']],
  ['/ok-to-test\r\n/test unit', ['okToTest', 'testWithTarget', 'anyTest']],
  ['/ok-to-test   cancel ', ['okToTestCancel']],
  ['/ok-to-test please', []],
  ['', []],
])('%j', (text, expected) => {
  expect(said(text)).toEqual(expected);
});

test('64 KB of blanks are read at once', () => {
  expect(said(`/retest${' '.repeat(65_000)}x`)).toEqual(['retestWithTarget', 'anyTest']);
  expect(said(`/ok-to-test${' '.repeat(65_000)}x`)).toEqual([]);
});

test('/ok-to-test wishes for what runs by itself, unless it is ignored', () => {
  const text = '/ok-to-test';
  expect(wishOf(text, readJobComment(text), true).automatic).toBe(true);
  expect(wishOf(text, readJobComment(text), false).automatic).toBe(false);
});
