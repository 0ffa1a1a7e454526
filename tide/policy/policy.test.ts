import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { forRepo } from './by-repo.ts';
import { tide } from './config.ts';
import { type ContextOptions, contextRulesFor } from './context-options.ts';
import { contextPolicyOf, contextPolicyProblem, isOptional, missingContexts } from './context-policy.ts';
import { mergeMethodOf } from './merge-method.ts';
import { appliesTo, coverageOf, joinQueries, searchesByOrg, type TideQuery } from './queries.ts';
import { queryProblem } from './query-problems.ts';
import { requirementsOf } from './requirements.ts';

const place = { org: 'org', repo: 'repo', branch: 'main' };

describe('mergeMethodOf', () => {
  const methods = {
    'org/repo@main': 'rebase',
    org: { repo: { 'ma(ster|in)': 'squash', 'm.*': 'rebase' }, '*': 'squash', plain: 'rebase', nothing: null },
    'org/repo': 'squash',
    'org/nothing': 'rebase',
    whole: 'squash',
    nested: { repo: { 'release-.*': 'rebase' } },
  };
  test.each([
    ['org', 'repo', 'main', 'rebase'],
    ['org', 'repo', 'master', 'rebase'],
    ['org', 'repo', 'other', 'squash'],
    ['org', 'unnamed', 'main', 'squash'],
    ['org', 'plain', 'main', 'rebase'],
    ['org', 'nothing', 'main', 'rebase'],
    ['whole', 'repo', 'main', 'squash'],
    ['nested', 'repo', 'release-1', 'rebase'],
    ['nested', 'repo', 'main', 'merge'],
    ['unknown', 'constructor', 'main', 'merge'],
  ])('%s/%s@%s: %s', (org, repo, branch, expected) => {
    expect(mergeMethodOf(methods, org, repo, branch)).toBe(expected);
  });

  test('branch patterns are tried in order of their text', () => {
    const { 'org/repo@main': _, ...rest } = methods;
    expect(mergeMethodOf(rest, 'org', 'repo', 'main')).toBe('rebase');
    expect(mergeMethodOf({ org: { repo: { b$: 'squash', 'a?b': 'rebase' } } }, 'org', 'repo', 'ab')).toBe('rebase');
  });
});

describe('queries', () => {
  const query: TideQuery = {
    orgs: ['org'],
    repos: ['other/repo'],
    excludedRepos: ['org/no'],
    labels: ['lgtm', 'a,b'],
    missingLabels: ['hold'],
    excludedBranches: ['dev'],
    author: 'me',
    milestone: 'v1',
    reviewApprovedRequired: true,
  };

  test('one search per org', () => {
    const conditions =
      'is:pr state:open archived:false author:"me" -base:"dev" label:"lgtm" label:"a","b" -label:"hold" milestone:"v1" review:approved';
    expect([...searchesByOrg(query)]).toEqual([
      ['org', `${conditions} org:"org" -repo:"org/no"`],
      ['other', `${conditions} repo:"other/repo"`],
    ]);
  });

  test.each([
    ['org', 'yes', true],
    ['org', 'no', false],
    ['other', 'repo', true],
    ['other', 'another', false],
  ])('applies to %s/%s: %s', (org, repo, expected) => {
    expect(appliesTo(query, org, repo)).toBe(expected);
  });

  test('queries of the same conditions become one, unless their tenants differ', () => {
    const queries = [
      { repos: ['b/b'], labels: ['y', 'x'] },
      { orgs: ['a'], labels: ['x', 'y'] },
      { orgs: ['secret'], labels: ['x', 'y'] },
      { repos: ['c/c'], labels: ['a'] },
    ];
    expect(joinQueries(queries, (name) => (name === 'secret' ? 'tenant' : ''))).toEqual([
      { repos: ['c/c'], labels: ['a'] },
      { orgs: ['a'], repos: ['b/b'], excludedRepos: [], labels: ['x', 'y'] },
      { orgs: ['secret'], labels: ['x', 'y'] },
    ]);
  });

  test('what queries cover: a repository is left out of an org where every query leaves it out', () => {
    const { orgs, repos } = coverageOf([
      { orgs: ['o'], excludedRepos: ['o/a', 'o/b', 'o/c'] },
      { orgs: ['o'], excludedRepos: ['o/b', 'o/c'] },
      { repos: ['o/c'] },
    ]);
    expect([...(orgs.get('o') ?? [])]).toEqual(['o/b']);
    expect([...repos]).toEqual(['o/c']);
  });

  test.each<[TideQuery, string | undefined]>([
    [query, undefined],
    [{}, "'orgs' and 'repos' cannot both be empty"],
    [{ orgs: ['a/b'] }, 'orgs[0]: "a/b" contains a \'/\' which is not valid'],
    [{ orgs: [''] }, 'orgs[0]: is an empty string'],
    [{ orgs: ['a', 'a'] }, '"orgs" contains 1 duplicate entries: a'],
    [{ repos: ['a'] }, 'repos[0]: "a" is not of the form "org/repo"'],
    [{ orgs: ['a'], repos: ['a/b'] }, 'repos[0]: "a/b" is already included via org: "a"'],
    [{ repos: ['a/b', 'a/b'] }, '"repos" contains 1 duplicate entries: a/b'],
    [{ orgs: ['a'], excludedRepos: ['b/c'] }, 'excludedRepos[0]: "b/c" has no effect because org "b" is not included'],
    [{ orgs: ['a'], labels: ['x'], missingLabels: ['x'] }, 'the labels: ["x"] are both required and forbidden'],
    [
      { orgs: ['a'], includedBranches: ['x'], excludedBranches: ['y'] },
      "both 'includedBranches' and 'excludedBranches' are specified ('excludedBranches' have no effect)",
    ],
  ])('%j: %s', (wrong, message) => {
    expect(queryProblem(wrong)?.message).toBe(message);
  });
});

test.each([
  [{ always_run: true }, 'required'],
  [{ run_if_changed: 'x' }, 'requiredIfPresent'],
  [{ skip_if_only_changed: 'x' }, 'requiredIfPresent'],
  [{}, 'requiredIfPresent'],
  [{ always_run: true, optional: true }, 'optional'],
  [{ always_run: true, skip_report: true }, 'optional'],
] as const)('a job with %j is %s', (job, expected) => {
  expect(requirementsOf([{ context: 'c', ...job }], false)[expected]).toEqual(['c']);
});

test('a job that a comment starts is required where that is asked for, one that changes start is not', () => {
  expect(requirementsOf([{ context: 'a' }, { context: 'b', run_if_changed: 'x' }], true)).toEqual({
    required: ['a'],
    requiredIfPresent: ['b'],
    optional: [],
  });
});

describe('context policy', () => {
  const options: ContextOptions = {
    'required-contexts': ['z'],
    'optional-regex-contexts': ['b', 'a'],
    'skip-unknown-contexts': true,
    orgs: {
      org: {
        'required-contexts': ['y'],
        repos: { repo: { 'skip-unknown-contexts': false, branches: { main: { 'optional-contexts': ['o'] } } } },
      },
    },
  };

  test('places add to lists and replace switches', () => {
    expect(contextRulesFor(options, 'org', 'repo', 'main')).toEqual({
      'required-contexts': ['y', 'z'],
      'optional-regex-contexts': ['a', 'b'],
      'optional-contexts': ['o'],
      'skip-unknown-contexts': false,
    });
    expect(contextRulesFor(options, 'else', 'repo', 'main')).toMatchObject({ 'optional-regex-contexts': ['b', 'a'] });
  });

  test('jobs count always, branch protection where it is asked for and protects', () => {
    const jobs = [{ context: 'unit', always_run: true }, { context: 'manual' }];
    const protection = { protect: true, required_status_checks: { contexts: ['cla'] }, orgs: { org: {} } };
    expect(contextPolicyOf({}, protection, place, jobs)).toMatchObject({
      required: ['unit'],
      requiredIfPresent: ['manual'],
    });
    const from = { 'from-branch-protection': true };
    expect(contextPolicyOf(from, protection, place, jobs).required).toEqual(['cla', 'unit']);
    const manual = { ...protection, require_manually_triggered_jobs: true };
    expect(contextPolicyOf(from, manual, place, jobs).required).toEqual(['cla', 'manual', 'unit']);
    expect(contextPolicyOf(from, { ...protection, protect: false }, place, jobs).required).toEqual(['unit']);
  });

  const policy = { required: ['r'], requiredIfPresent: ['p'], optional: ['o'], optionalPatterns: ['^x-'] };

  test.each([
    ['r', false, false],
    ['p', false, false],
    ['o', true, true],
    ['x-1', true, true],
    ['new', false, true],
  ])('%s is optional: %s, and where unknown ones are skipped: %s', (context, strict, lenient) => {
    expect(isOptional(policy, context)).toBe(strict);
    expect(isOptional({ ...policy, skipUnknown: true }, context)).toBe(lenient);
  });

  test('what is missing', () => {
    expect(missingContexts({ ...policy, required: ['a', 'b'] }, ['b'])).toEqual(['a']);
  });

  test.each([
    [{ optional: ['r'] }, 'contexts r are defined as required and optional'],
    [{ requiredIfPresent: ['r'] }, 'contexts r are defined as required and required if present'],
    [{ optional: ['p'] }, 'contexts p are defined as optional and required if present'],
    [{ optionalPatterns: ['r'] }, 'optional context regex "r" matches required context r'],
    [{ optionalPatterns: ['^p'] }, 'optional context regex "^p" matches required if present context p'],
    [{}, undefined],
  ])('%j: %s', (change, message) => {
    expect(contextPolicyProblem({ ...policy, ...change })).toBe(message);
  });
});

test('the narrowest key counts', () => {
  const map = { '*': 1, org: 2, 'org/repo': 3 };
  expect([forRepo(map, 'org', 'repo'), forRepo(map, 'org', 'x'), forRepo(map, 'x', 'x')]).toEqual([3, 2, 1]);
  expect(forRepo({}, 'constructor', 'x')).toBeUndefined();
});

describe('the section', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tide-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function load(text: string, additional?: string) {
    writeFileSync(path.join(folder, 'config.yaml'), text);
    if (additional !== undefined) writeFileSync(path.join(folder, 'a_prowconfig.yaml'), additional);
    return loadConfig({
      sections: [tide],
      configPath: path.join(folder, 'config.yaml'),
      supplementalConfigDirs: [folder],
    }).get(tide);
  }

  test('defaults', () => {
    expect(load('{}')).toMatchObject({ syncPeriod: 60_000, statusUpdatePeriod: 60_000, maxGoroutines: 20 });
    expect(load('tide: {sync_period: 2m, gerrit: {}, target_url: u, pr_status_base_url: p}')).toMatchObject({
      statusUpdatePeriod: 120_000,
      gerrit: { ratelimit: 5 },
      targetUrls: { '*': 'u' },
      prStatusBaseUrls: { '*': 'p' },
    });
  });

  test('supplemental files add queries and merge methods', () => {
    const more = 'tide: {queries: [{orgs: [b]}], merge_method: {b: squash}}';
    expect(load('tide: {queries: [{orgs: [a]}]}', more)).toMatchObject({
      queries: [{ orgs: ['a'] }, { orgs: ['b'] }],
      mergeMethods: { b: 'squash' },
    });
    expect(load('{}', more).queries).toEqual([{ orgs: ['b'] }]);
    expect(() => load('tide: {merge_method: {b: merge}}', more)).toThrow('b passed more than once');
    expect(() => load('{}', 'tide: {sync_period: 1m}')).toThrow('sync_period may not be set here');
  });

  test.each([
    ['tide: {queries: [{orgs: [a]}, {}]}', /config\.yaml:1:\d+: tide\.queries\[1\]: tide query \(index 1\) is invalid/],
    ['tide: {merge_method: {a: nope}}', /merge type "nope" for a is not a valid type/],
    ['tide: {merge_method: {a: {b: {"(": squash}}}}', /regex "\(" is not valid/],
    ['tide: {max_goroutines: -1}', /it needs to be a positive number/],
    ['tide: {target_url: a, target_urls: {b: c}}', /mutually exclusive/],
    ['tide: {pr_status_base_urls: {a: b}}', /the default value \('\*'\) is missing/],
    ['tide: {pr_status_base_url: x, pr_status_base_urls: {"*": b}}', /both pr_status_base_url and/],
    ['tide: {github_merge_blocks_policy: {"*": maybe}}', /github_merge_blocks_policy/],
    ['tide: {merge_commit_template: {a: {title: "{{"}}}', /template/],
  ])('refuses %s', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
