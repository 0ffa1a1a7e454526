import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../core/flags.ts';
import { orgLimitsFlag } from './org-limits-flag.ts';

const parse = (...texts: string[]) =>
  parseFlags(
    { 'github-throttle-org': orgLimitsFlag },
    texts.map((text) => `--github-throttle-org=${text}`),
  ).values;

describe('--github-throttle-org', () => {
  it('takes one for each organization', () => {
    expect(parse('acme:100:10', 'other:5:5')['github-throttle-org']).toEqual([
      { org: 'acme', hourlyTokens: 100, burst: 10 },
      { org: 'other', hourlyTokens: 5, burst: 5 },
    ]);
  });

  it.each([
    [['acme:100'], 'acme:100 is not in org:hourlyTokens:burst format'],
    [['acme:many:1'], 'not in org:hourlyTokens:burst format'],
    [['acme:0:0'], 'must be > 0'],
    [['acme:5:6'], 'burst must not be greater'],
    [['acme:5:5', 'acme:6:6'], 'acme has limits already'],
  ])('refuses %j', (texts, message) => {
    expect(() => parse(...texts)).toThrow(message);
  });
});
