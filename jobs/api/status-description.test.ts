import { describe, expect, it } from 'vitest';
import { baseShaOf, descriptionWithBaseSha } from './status-description.ts';

const SHA = '8d287a3aeae90fd0aef4a70009c715712ff302cd';
const LONG = Array.from({ length: 140 }, (_, i) => `part${i}`).join(' ');

describe('a status description', () => {
  it.each([
    { name: 'short, without a commit', text: 'foo', sha: '', result: 'foo' },
    { name: 'exactly at the limit', text: LONG.slice(0, 140), sha: '', result: LONG.slice(0, 140) },
    { name: 'too long', text: LONG, sha: '', result: `${LONG.slice(0, 67)} ... ${LONG.slice(-67)}` },
    {
      name: 'too long, with a commit',
      text: LONG,
      sha: SHA,
      result: `${LONG.slice(0, 43)} ... ${LONG.slice(-43)} BaseSHA:${SHA}`,
    },
    {
      name: 'short, with a commit',
      text: 'Job succeeded.',
      sha: SHA,
      result: `Job succeeded.${'\u2001'.repeat(20)} BaseSHA:${SHA}`,
    },
    {
      name: 'characters of several bytes',
      text: 'ü'.repeat(100),
      sha: '',
      result: `${'ü'.repeat(33)} ... ${'ü'.repeat(33)}`,
    },
  ])('$name', ({ text, sha, result }) => {
    const description = descriptionWithBaseSha(text, sha);
    expect(description).toBe(result);
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(140);
    expect(baseShaOf(description)).toBe(sha);
  });

  it.each([
    ['Job succeeded. BaseSHA:abc', ''],
    [`Job succeeded. Basesha:${SHA}`, SHA],
    ['Job succeeded.', ''],
  ])('%j names the commit %j', (description, sha) => {
    expect(baseShaOf(description)).toBe(sha);
  });
});
