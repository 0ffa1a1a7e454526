import { describe, expect, test } from 'vitest';
import { intersect, runsOnBranch } from './branches.ts';
import { parseCron } from './cron.ts';
import { withDefaults } from './decoration.ts';
import { withProwJobDefaults } from './general.ts';
import { codeUrl, splitRepo } from './gerrit.ts';
import { appliesTo } from './matching.ts';
import { isLabelValue, isQualifiedName } from './names.ts';

describe('branches', () => {
  test.each([
    [{}, 'any', true],
    [{ branches: ['main'] }, 'main', true],
    [{ branches: ['main'] }, 'not-main-either', true],
    [{ branches: ['^main$'] }, 'mainly', false],
    [{ skip_branches: ['rel'] }, 'release', false],
    [{ skip_branches: ['rel'] }, 'main', true],
    [{ branches: ['rel'], skip_branches: ['rel-1'] }, 'rel-1', false],
    [{ branches: ['(a', 'b)'] }, 'b', true],
  ])('%j on %s: %s', (brancher, branch, runs) => {
    expect(runsOnBranch(brancher, branch)).toBe(runs);
  });

  test.each([
    [{}, { branches: ['a'] }, true],
    [{ branches: ['a', 'b'] }, { branches: ['b'] }, true],
    [{ branches: ['a'] }, { branches: ['a.*'] }, false],
    [{ branches: ['a'] }, { skip_branches: ['a'] }, false],
    [{ branches: ['ab'] }, { skip_branches: ['^a$'] }, true],
    [{ skip_branches: ['a'] }, { skip_branches: ['b'] }, true],
  ])('%j and %j meet: %s', (a, b, meet) => {
    expect(intersect(a, b)).toBe(meet);
    expect(intersect(b, a)).toBe(meet);
  });
});

describe('cron', () => {
  const after = new Date('2026-02-27T22:58:30Z');
  test.each([
    ['0 0 * * *', '2026-02-28T00:00:00Z'],
    ['0/12 * * * *', '2026-02-27T23:00:00Z'],
    ['1-5/2,59 * * * *', '2026-02-27T22:59:00Z'],
    ['0 0 * * MON-wed', '2026-03-02T00:00:00Z'],
    ['0 0 1 * 0', '2026-03-01T00:00:00Z'],
    ['0 0 13 * 5', '2026-03-06T00:00:00Z'],
    ['0 0 */2 * 2', '2026-03-01T00:00:00Z'],
    ['0 0 ? jan *', '2027-01-01T00:00:00Z'],
    ['15 * * * * *', '2026-02-27T22:59:15Z'],
    ['@hourly', '2026-02-27T23:00:00Z'],
    ['@every 90s', '2026-02-27T23:00:00Z'],
    ['CRON_TZ=Europe/Berlin 0 0 * * *', '2026-02-27T23:00:00Z'],
    ['0 0 31 2 *', undefined],
  ])('%s', (line, next) => {
    expect(parseCron(line).next(after)).toEqual(next === undefined ? undefined : new Date(next));
  });

  test.each([
    '',
    '* * * *',
    '* * * * * * *',
    '*/0 * * * *',
    '0 0 * * 7',
    '60 * * * *',
    '5-1 * * * *',
    '@foo',
    'H * * * *',
    '1/2/3 * * * *',
    '1-2-3 * * * *',
    '0 0 L * *',
    'TZ=Nowhere 0 0 * * *',
  ])('%j is none', (line) => {
    expect(() => parseCron(line)).toThrow(expect.objectContaining({ code: 'config' }));
  });
});

describe('decoration defaults', () => {
  const defaults = {
    timeout: '2h0m0s',
    utility_images: { clonerefs: 'a', sidecar: 'b' },
    gcs_configuration: { bucket: 'x', mediaTypes: { log: 'text/plain' }, compress_file_types: ['txt'] },
    ssh_key_secrets: ['k'],
    gcs_credentials_secret: 's',
    censoring_options: { include_directories: ['d'] },
  };
  test('fill field by field', () => {
    expect(withDefaults({ timeout: '1h0m0s', utility_images: { sidecar: 'own' } }, defaults)).toEqual({
      ...defaults,
      timeout: '1h0m0s',
      utility_images: { clonerefs: 'a', sidecar: 'own' },
    });
  });

  test('an empty list of keys counts as none, an empty secret as said', () => {
    const merged = withDefaults(
      { ssh_key_secrets: [], gcs_credentials_secret: '', censoring_options: { include_directories: [] } },
      defaults,
    );
    expect(merged).toMatchObject({
      ssh_key_secrets: ['k'],
      gcs_credentials_secret: '',
      censoring_options: { include_directories: [] },
    });
  });

  test('media types of the defaults win, as in Prow', () => {
    const own = { gcs_configuration: { mediaTypes: { log: 'own', x: 'y/z' } } };
    expect(withDefaults(own, defaults)?.gcs_configuration).toEqual({
      bucket: 'x',
      mediaTypes: { log: 'text/plain', x: 'y/z' },
      compress_file_types: ['txt'],
    });
  });

  test('change neither side', () => {
    const own = Object.freeze({ utility_images: Object.freeze({ sidecar: 'own' }) });
    withDefaults(own, defaults);
    expect(defaults.utility_images).toEqual({ clonerefs: 'a', sidecar: 'b' });
  });
});

describe('which jobs a default is for', () => {
  test.each([
    [{}, 'o/r', 'c', true],
    [{ repo: '*', cluster: '*' }, 'o/r', 'c', true],
    [{ repo: 'o' }, 'o/r', 'c', true],
    [{ repo: 'o/r' }, 'o/r', 'c', true],
    [{ repo: 'o/r' }, 'o/other', 'c', false],
    [{ repo: 'o' }, '', 'c', false],
    [{ cluster: 'd' }, 'o/r', 'c', false],
    [{ repo: 'foo.x.com' }, 'https://foo-review.x.com/a/b', 'c', true],
  ])('%j for %s on %s: %s', (filter, repo, cluster, applies) => {
    expect(appliesTo(filter, repo, cluster)).toBe(applies);
  });

  test('prowjob_default_entries: later ones win, the job’s own last', () => {
    const entries = [
      { config: { tenant_id: 'a', resultstore_config: { project_id: 'p' } } },
      { repo: 'o', config: { tenant_id: 'b' } },
    ];
    expect(withProwJobDefaults(entries, 'o/r', 'c', undefined)).toEqual({
      tenant_id: 'b',
      resultstore_config: { project_id: 'p' },
    });
    expect(withProwJobDefaults(entries, 'o/r', 'c', { tenant_id: 'own' }).tenant_id).toBe('own');
    expect(withProwJobDefaults([], 'o/r', 'c', undefined)).toEqual({ tenant_id: 'GlobalDefaultID' });
  });
});

test('Gerrit hosts as organisations', () => {
  expect(splitRepo('o/r')).toEqual({ org: 'o', repo: 'r' });
  expect(splitRepo('https://foo/a/b/')).toEqual({ org: 'https://foo', repo: 'a/b' });
  expect(splitRepo('o')).toBeUndefined();
  expect(codeUrl('https://a-review.b.c/x')).toBe('https://a.b.c/x');
});

test.each([
  ['', true],
  ['a', true],
  ['a.b_c-D', true],
  ['-a', false],
  ['a b', false],
  ['x'.repeat(64), false],
])('label value %j: %s', (value, good) => {
  expect(isLabelValue(value)).toBe(good);
});

test.each([
  ['a', true],
  ['a.b/c_D', true],
  ['A.b/c', false],
  ['a/b/c', false],
  ['/a', false],
  ['', false],
])('qualified name %j: %s', (key, good) => {
  expect(isQualifiedName(key)).toBe(good);
});
