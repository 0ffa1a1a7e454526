import { expect, describe as group, test } from 'vitest';
import { settingsFrom } from '../../core/plugin/testing/index.ts';
import { describe } from './describe.ts';
import { bugSettings, joined } from './options.ts';
import { bug } from './testing.ts';
import { isIn, validate } from './validate.ts';

const optionsFor = (bugzilla: object, branch: string) => settingsFrom(bugSettings, { bugzilla }).forBranch(branch);

group('options', () => {
  const state = (status: string, resolution = '') => ({ status, resolution });

  test.each<{ of: string; bugzilla: object; branch?: string; holds: object }>([
    { of: 'nothing', bugzilla: {}, holds: {} },
    {
      of: 'more exact ones over more general ones',
      bugzilla: {
        default: { '*': { is_open: true, target_release: 'all' }, main: { target_release: 'main' } },
        orgs: {
          acme: {
            default: { '*': { add_external_link: true } },
            repos: { widgets: { branches: { '*': { is_open: false }, main: { target_release: 'mine' } } } },
          },
        },
      },
      holds: { is_open: false, target_release: 'mine', add_external_link: true },
    },
    {
      of: 'a level that leaves the others out',
      bugzilla: {
        default: { '*': { is_open: true, target_release: 'x' } },
        orgs: { acme: { default: { main: { exclude_defaults: true, target_release: 'y' } } } },
      },
      holds: { target_release: 'y' },
    },
    {
      of: 'another branch, organization and repository',
      bugzilla: {
        default: { main: { is_open: true } },
        orgs: { acme: { repos: { other: { branches: { '*': { is_open: false } } } } }, else: {} },
      },
      branch: 'dev',
      holds: {},
    },
    {
      of: 'statuses as states, in order, and none twice',
      bugzilla: {
        default: {
          '*': {
            statuses: ['B', 'A'],
            valid_states: [{ status: 'B' }, { status: 'A', resolution: 'R' }],
            dependent_bug_statuses: ['C'],
            status_after_validation: 'D',
            status_after_merge: 'E',
            dependent_bug_target_release: 'r1',
          },
        },
      },
      holds: {
        valid_states: [state('A'), state('A', 'R'), state('B')],
        dependent_bug_states: [state('C')],
        state_after_validation: state('D'),
        state_after_merge: state('E'),
        dependent_bug_target_releases: ['r1'],
      },
    },
    {
      of: 'states over statuses, and those of a level over those above',
      bugzilla: {
        default: {
          '*': { statuses: ['A'], state_after_merge: { status: 'S' } },
          main: { statuses: ['B'], status_after_merge: 'T', state_after_merge: { status: 'U' } },
        },
      },
      holds: { valid_states: [state('B')], state_after_merge: state('U') },
    },
    {
      of: 'groups of all levels',
      bugzilla: { default: { '*': { allowed_groups: ['b'] }, main: { allowed_groups: ['a', 'b'] } } },
      holds: { allowed_groups: ['a', 'b'] },
    },
  ])('$of', ({ bugzilla, branch = 'main', holds }) => {
    expect(optionsFor(bugzilla, branch)).toEqual(holds);
  });

  test('supplemental files add to them, and say nothing twice', () => {
    const repos = (name: string) => ({ orgs: { acme: { repos: { [name]: { branches: {} } } } } });
    const both = joined(repos('a'), { default: {}, ...repos('b') });
    expect(both).toEqual({ default: {}, orgs: { acme: { repos: { a: { branches: {} }, b: { branches: {} } } } } });
    expect(() => joined(both, repos('a'))).toThrow('bugzilla.orgs.acme.repos.a is set in another file already');
    expect(() => joined(both, { default: {}, orgs: {} })).toThrow('bugzilla.default is set in another file already');
    const org = { orgs: { acme: { default: {}, repos: {} } } };
    expect(() => joined(org, org)).toThrow('bugzilla.orgs.acme.default is set in another file already');
  });

  test('in words', () => {
    const states = [{ status: 'A' }, { resolution: 'R' }];
    const all = {
      '*': { is_open: true, target_release: 'r', valid_states: states, dependent_bug_states: states },
      main: { is_open: true, target_release: 'r', valid_states: states, dependent_bug_states: states },
      dev: { exclude_defaults: true, state_after_validation: { status: 'V' }, add_external_link: true },
      old: { exclude_defaults: true, is_open: false, target_release: 'q', status_after_merge: 'M' },
    };
    expect(describe(settingsFrom(bugSettings, { bugzilla: { default: all } }))).toBe(
      [
        'The plugin has the following configuration:<ul>',
        '<li>by default, valid bugs must be open, target the "r" release, be in one of the following states: A, any status with resolution R, depend on at least one other bug, and have all dependent bugs in one of the following states: A, any status with resolution R.</li>',
        '<li>on the "dev" branch, valid bugs must exist. After being linked to a pull request, bugs will be moved to the V state and updated to refer to the pull request using the external bug tracker.</li>',
        '<li>on the "old" branch, valid bugs must be closed and target the "q" release. After being linked to a pull request, bugs will be moved to the M state when all linked pull requests are merged.</li>',
        '</ul>',
      ].join('\n'),
    );
    expect(describe(settingsFrom(bugSettings, {}))).toBe('');
  });
});

group('validity', () => {
  const S = (status: string, resolution = '') => ({ status, resolution });
  const other = (more: object) => bug({ id: 7, ...more });
  const seven = '[Bugzilla bug 7](u/show_bug.cgi?id=7)';
  const it123 = '[Bugzilla bug 123](u/show_bug.cgi?id=123)';

  test.each<{ bug?: object; options: object; others?: ReturnType<typeof bug>[]; passed?: string[]; failed?: string[] }>(
    [
      { options: {} },
      { bug: { is_open: true }, options: { is_open: true }, passed: ['bug is open, matching expected state (open)'] },
      { options: { is_open: false }, passed: ["bug isn't open, matching expected state (not open)"] },
      { options: { is_open: true }, failed: ["expected the bug to be open, but it isn't"] },
      { bug: { is_open: true }, options: { is_open: false }, failed: ['expected the bug to not be open, but it is'] },
      {
        bug: { target_release: ['v1', 'v2'] },
        options: { target_release: 'v1' },
        passed: ['bug target release (v1) matches configured target release for branch (v1)'],
      },
      {
        bug: { target_release: ['v2'] },
        options: { target_release: 'v1' },
        failed: ['expected the bug to target the "v1" release, but it targets "v2" instead'],
      },
      {
        options: { target_release: 'v1' },
        failed: ['expected the bug to target the "v1" release, but no target release was set'],
      },
      {
        bug: S('POST'),
        options: { valid_states: [S('NEW')], state_after_validation: S('POST') },
        passed: ['bug is in the state POST, which is one of the valid states (NEW, POST)'],
      },
      {
        bug: S('NEW', 'X'),
        options: { valid_states: [S('POST'), S('', 'Y')] },
        failed: [
          'expected the bug to be in one of the following states: POST, any status with resolution Y, but it is NEW (X) instead',
        ],
      },
      {
        options: { dependent_bug_states: [S('V')] },
        failed: [
          `expected ${it123} to depend on a bug in one of the following states: V, but no dependents were found`,
        ],
      },
      {
        options: { dependent_bug_target_releases: ['a', 'b'] },
        failed: [`expected ${it123} to depend on a bug targeting a release in a, b, but no dependents were found`],
      },
      {
        options: { dependent_bug_states: [S('V')], dependent_bug_target_releases: ['a'] },
        failed: [
          `expected ${it123} to depend on a bug targeting a release in a and in one of the following states: V, but no dependents were found`,
        ],
      },
      {
        options: { dependent_bug_states: [S('V')], dependent_bug_target_releases: ['a'] },
        others: [other({ status: 'V', target_release: ['a'] })],
        passed: [
          `dependent bug ${seven} is in the state V, which is one of the valid states (V)`,
          `dependent ${seven} targets the "a" release, which is one of the valid target releases: a`,
          'bug has dependents',
        ],
      },
      {
        options: { dependent_bug_states: [S('V', 'R')], dependent_bug_target_releases: ['a'] },
        others: [other({ status: 'V', target_release: ['c'] }), other({ status: 'V', resolution: 'R' })],
        passed: [
          `dependent bug ${seven} is in the state V (R), which is one of the valid states (V (R))`,
          'bug has dependents',
        ],
        failed: [
          `expected dependent ${seven} to be in one of the following states: V (R), but it is V instead`,
          `expected dependent ${seven} to target a release in a, but it targets "c" instead`,
          `expected dependent ${seven} to target a release in a, but no target release was set`,
        ],
      },
    ],
  )('$bug $others with $options', ({ bug: given = {}, options, others = [], passed = [], failed = [] }) => {
    expect(validate(bug(given), others, options, 'u')).toEqual({ valid: failed.length === 0, passed, failed });
  });

  test.each([
    { is: S('A', 'R'), of: [S('A')], matches: true },
    { is: S('A', 'R'), of: [S('', 'R')], matches: true },
    { is: S('A', 'R'), of: [S('A', 'Q'), S('B', 'R')], matches: false },
    { is: S('A'), of: [], matches: false },
  ])('$is of $of', ({ is, of, matches }) => {
    expect(isIn(is, of)).toBe(matches);
  });
});
