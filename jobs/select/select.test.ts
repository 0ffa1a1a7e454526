import { describe, expect, test } from 'vitest';
import { readJobComment, wishOf } from '../api/comment.ts';
import { defaultTrigger } from '../config/finish.ts';
import type { Postsubmit, Presubmit } from '../config/job.ts';
import { availablePresubmits } from './available.ts';
import { selectPostsubmits } from './postsubmits.ts';
import {
  isManual,
  isRequired,
  needsFiles,
  type SelectionFacts,
  selectPresubmits,
  triggerMatches,
} from './presubmits.ts';

const base = {
  agent: 'kubernetes',
  cluster: 'default',
  namespace: 'default',
  prowjob_defaults: {},
  decorate: false,
  sourcePath: 'x',
};
const presubmit = (name: string, more: Partial<Presubmit> = {}): Presubmit => ({
  ...base,
  name,
  context: name,
  trigger: defaultTrigger(name),
  rerun_command: `/test ${name}`,
  ...more,
});
const postsubmit = (name: string, more: Partial<Postsubmit> = {}): Postsubmit => ({
  ...base,
  name,
  context: name,
  ...more,
});

const jobs = [
  presubmit('always', { always_run: true }),
  presubmit('go', { run_if_changed: '\\.go$' }),
  presubmit('nodocs', { skip_if_only_changed: '\\.md$' }),
  presubmit('manual'),
  presubmit('manual-optional', { optional: true }),
  presubmit('optional', { always_run: true, optional: true }),
  presubmit('release', { always_run: true, branches: ['^release-'] }),
  presubmit('main-only', { skip_branches: ['^release-'] }),
  presubmit('own', { trigger: '(?m)^/run it$', rerun_command: '/run it' }),
];

interface Case {
  say: string;
  branch?: string;
  files?: string[];
  failed?: string[];
  all?: string[];
  ignoreOkToTest?: boolean;
  run: string[];
}

// Prow: pkg/pjutil/filter_test.go and pkg/config/jobs_test.go.
const cases: Case[] = [
  { say: '/test all', run: ['always', 'optional'] },
  { say: '/test all', files: ['a.go'], run: ['always', 'go', 'nodocs', 'optional'] },
  { say: '/test all', files: ['a.md'], run: ['always', 'optional'] },
  { say: '/test all', files: ['a.md', 'b'], run: ['always', 'nodocs', 'optional'] },
  { say: '/test all', branch: 'release-1', run: ['always', 'optional', 'release'] },
  { say: 'hello\r\n/test all\r\n', run: ['always', 'optional'] },
  { say: '/ok-to-test', run: ['always', 'optional'] },
  { say: '/ok-to-test', ignoreOkToTest: true, run: [] },
  { say: '/test go', run: ['go'] },
  { say: '/test go, manual', run: ['go', 'manual'] },
  { say: '/test manual', run: ['manual'] },
  { say: '/test main-only', branch: 'release-1', run: [] },
  { say: '/test release', run: [] },
  { say: '/run it', run: ['own'] },
  { say: 'please /test go', run: [] },
  { say: '/test-manual-required', run: ['manual', 'main-only', 'own'] },
  { say: '/test-manual-required', branch: 'release-1', run: ['manual', 'own'] },
  { say: '/retest', failed: ['go', 'manual'], all: ['always', 'go', 'manual', 'optional'], run: ['go', 'manual'] },
  { say: '/retest', all: ['optional'], files: ['x.go'], run: ['always', 'go', 'nodocs'] },
  { say: '/retest', all: ['optional'], run: ['always'] },
  { say: '/retest-required', failed: ['optional', 'go'], all: ['always', 'optional', 'go'], run: ['go'] },
  { say: '/retest-required', run: ['always'] },
  { say: '/retest\n/test manual', all: ['always', 'optional'], run: ['manual'] },
];

function factsOf({ branch = 'main', files = [], failed = [], all = [] }: Case): SelectionFacts {
  return { branch, files, contexts: { failed: new Set(failed), all: new Set([...all, ...failed]) } };
}

describe('selectPresubmits', () => {
  test.each(cases)('$say on $branch with $files', (row) => {
    const wish = wishOf(row.say, readJobComment(row.say), !row.ignoreOkToTest);
    const decisions = selectPresubmits(jobs, wish, factsOf(row));
    expect(decisions.map(({ job }) => job)).toEqual(jobs);
    expect(decisions.filter(({ runs }) => runs).map(({ job }) => job.name)).toEqual(row.run);
    for (const { reason } of decisions) expect(reason).not.toBe('');
  });

  test('reasons name what decided', () => {
    const reasons = selectPresubmits(jobs, { automatic: true }, { branch: 'main', files: ['a.go'] }).map(
      ({ reason }) => reason,
    );
    expect(reasons).toEqual([
      'it runs by itself, and it always runs',
      'a.go matches run_if_changed \\.go$',
      'a.go is beyond skip_if_only_changed \\.md$',
      'it only runs when asked for: /test manual',
      'it only runs when asked for: /test manual-optional',
      'it runs by itself, and it always runs',
      'branch main does not match branches ^release-',
      'it only runs when asked for: /test main-only',
      'it only runs when asked for: /run it',
    ]);
  });

  test('changed files are asked for only where they matter', () => {
    expect(needsFiles(jobs, { automatic: true }, { branch: 'main' })).toBe(true);
    expect(needsFiles(jobs, { text: '/test go' }, { branch: 'main' })).toBe(false);
    expect(needsFiles(jobs.slice(0, 1), { automatic: true }, { branch: 'main' })).toBe(false);
  });
});

test('a job’s name is part of a pattern, as in Prow', () => {
  expect(triggerMatches(presubmit('a.b'), '/test axb')).toBe(true);
  expect(triggerMatches(presubmit('a-b'), '/test axb')).toBe(false);
  expect(triggerMatches(presubmit('unit'), '/test unit-more')).toBe(false);
});

test('manual and required jobs', () => {
  expect(jobs.filter(isManual).map(({ name }) => name)).toEqual(['manual', 'manual-optional', 'main-only', 'own']);
  expect(isRequired(presubmit('x'))).toBe(true);
  expect(isRequired(presubmit('x', { optional: true }))).toBe(false);
  expect(isRequired(presubmit('x', { skip_report: true }))).toBe(false);
});

test('what /test ? lists', () => {
  expect(availablePresubmits(jobs, { branch: 'main', files: ['x.go'] })).toEqual({
    all: ['always', 'go', 'nodocs', 'optional'],
    requiredCommands: ['/run it', '/test always', '/test go', '/test main-only', '/test manual', '/test nodocs'],
    optionalCommands: ['/test manual-optional', '/test optional'],
  });
});

test.each([
  [{}, [], true],
  [{ always_run: false }, ['a'], false],
  [{ run_if_changed: 'a' }, ['a'], true],
  [{ run_if_changed: 'a' }, [], false],
  [{ skip_if_only_changed: 'a' }, ['a'], false],
  [{ skip_if_only_changed: 'a', always_run: false }, ['b'], true],
  [{ branches: ['x'] }, ['a'], false],
])('postsubmit %j for a push of %j: %s', (more, files, runs) => {
  const [decision] = selectPostsubmits([postsubmit('p', more)], 'main', files);
  expect(decision?.runs).toBe(runs);
  expect(decision?.reason).not.toBe('');
});
