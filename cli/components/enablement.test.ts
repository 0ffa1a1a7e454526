import { describe, expect, it } from 'vitest';
import { enablement } from './enablement.ts';

const none = {
  'github-enabled-org': [],
  'github-enabled-repo': [],
  'github-disabled-org': [],
  'github-disabled-repo': [],
};

describe('which repositories are reported', () => {
  it.each([
    { say: 'all, unless something is said', flags: {}, expected: { 'acme/site': true, 'other/site': true } },
    {
      say: 'of enabled ones only those',
      flags: { 'github-enabled-org': ['acme'], 'github-enabled-repo': ['other/site'] },
      expected: { 'acme/site': true, 'other/site': true, 'other/blog': false },
    },
    {
      say: 'none that is disabled',
      flags: { 'github-enabled-org': ['acme'], 'github-disabled-repo': ['acme/site'] },
      expected: { 'acme/site': false, 'acme/blog': true },
    },
    {
      say: 'none of a disabled organization',
      flags: { 'github-disabled-org': ['acme'] },
      expected: { 'acme/site': false, 'other/site': true },
    },
  ])('$say', ({ flags, expected }) => {
    const enabled = enablement({ ...none, ...flags });
    const found = Object.fromEntries(
      Object.keys(expected).map((name) => [name, enabled(name.split('/')[0] ?? '', name.split('/')[1] ?? '')]),
    );
    expect(found).toEqual(expected);
  });

  it.each([
    { flags: { 'github-enabled-repo': ['acme'] }, message: '"acme" is not in org/repo format' },
    {
      flags: { 'github-enabled-org': ['acme'], 'github-disabled-org': ['acme'] },
      message: 'acme is in both --github-enabled-org and --github-disabled-org',
    },
  ])('refuses $flags', ({ flags, message }) => {
    expect(() => enablement({ ...none, ...flags })).toThrow(message);
  });
});
