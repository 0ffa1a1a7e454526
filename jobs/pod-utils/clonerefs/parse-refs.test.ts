import { describe, expect, it } from 'vitest';
import { parseRefs } from './parse-refs.ts';

const base = { org: 'kubernetes', repo: 'test-infra', base_ref: 'master' };
const pull = (number: number, sha = '', ref?: string) => ({ number, author: '', sha, ...(ref && { ref }) });

describe('refs on the command line', () => {
  it.each([
    ['kubernetes,test-infra=master', base],
    ['kubernetes,test-infra=master:abc', { ...base, base_sha: 'abc' }],
    ['kubernetes,test-infra=master:abc,34', { ...base, base_sha: 'abc', pulls: [pull(34)] }],
    ['kubernetes,test-infra=master,34:def', { ...base, pulls: [pull(34, 'def')] }],
    ['kubernetes,test-infra=master:abc,34:def,78', { ...base, base_sha: 'abc', pulls: [pull(34, 'def'), pull(78)] }],
    ['kubernetes,test-infra=master,34:def:refs/changes/1', { ...base, pulls: [pull(34, 'def', 'refs/changes/1')] }],
  ])('%s', (text, refs) => {
    expect(parseRefs(text)).toEqual(refs);
  });

  it.each(['kubernetes', 'kubernetes=master', 'a,b=', 'a,b=m:1:2', 'a,b=m,x', 'a,b=m,1:2:3:4'])(
    '%s is refused',
    (text) => {
      expect(() => parseRefs(text)).toThrow('invalid');
    },
  );
});
