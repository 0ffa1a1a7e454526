import { describe, expect, test } from 'vitest';
import { mergeProtection } from './merge.ts';
import { protectionOf } from './policy.ts';
import type { BranchProtection, Policy } from './schema.ts';

const place = { org: 'org', repo: 'repo', branch: 'main' };
const always = { context: 'unit', always_run: true };

/** A configuration whose org says `own`. */
function withOrg(own: Policy, general: BranchProtection = {}): BranchProtection {
  return { ...general, orgs: { org: own } };
}

describe('protectionOf', () => {
  test('an org that is not configured is left alone, whatever holds everywhere', () => {
    expect(protectionOf({ protect: true }, place, [always])).toEqual({});
    expect(protectionOf({ protect: true, orgs: { other: {} } }, place, [always])).toEqual({});
  });

  test('narrower places replace switches and add to lists', () => {
    const config: BranchProtection = {
      protect: true,
      exclude: ['b', 'a'],
      required_status_checks: { contexts: ['cla'] },
      required_pull_request_reviews: { dismiss_stale_reviews: true, required_approving_review_count: 1 },
      orgs: {
        org: {
          enforce_admins: true,
          restrictions: { teams: ['owners'] },
          repos: {
            repo: {
              enforce_admins: false,
              restrictions: { teams: ['admins'], users: ['bot'] },
              exclude: ['c'],
              branches: {
                main: {
                  required_status_checks: { contexts: ['build'], strict: true },
                  required_pull_request_reviews: { required_approving_review_count: 2 },
                },
              },
            },
          },
        },
      },
    };
    expect(protectionOf(config, place, [always])).toEqual({
      policy: {
        protect: true,
        enforce_admins: false,
        exclude: ['a', 'b', 'c'],
        required_status_checks: { contexts: ['build', 'cla', 'unit'], strict: true },
        required_pull_request_reviews: { dismiss_stale_reviews: true, required_approving_review_count: 2 },
        restrictions: { teams: ['admins', 'owners'], users: ['bot'] },
      },
    });
  });

  test.each<[string, BranchProtection, object]>([
    ['nothing asked for', withOrg({}), {}],
    ['include and exclude alone ask for nothing', withOrg({ exclude: ['x'] }), {}],
    ['unmanaged alone asks for nothing', withOrg({ unmanaged: true }), {}],
    ['protect: false stands', withOrg({ protect: false }), { policy: { protect: false } }],
    [
      'a policy needs protect: true',
      withOrg({ protect: false, enforce_admins: true }),
      { problem: 'org/repo=main defines a policy, which requires protect: true' },
    ],
    [
      'unless such policies are allowed',
      withOrg({ protect: false, enforce_admins: true }, { allow_disabled_policies: true }),
      { policy: { protect: false, enforce_admins: true } },
    ],
    [
      'a branch that is named must say',
      { orgs: { org: { repos: { repo: { branches: { main: {} } } } } } },
      { problem: 'defined branch policies must set protect or unmanaged=true' },
    ],
    ['or be unmanaged', { orgs: { org: { repos: { repo: { branches: { main: { unmanaged: true } } } } } } }, {}],
  ])('without jobs: %s', (_, config, expected) => {
    expect(protectionOf(config, place, [])).toEqual(expected);
  });

  test.each<[string, BranchProtection, object]>([
    ['contexts are required', withOrg({}), { policy: { required_status_checks: { contexts: ['unit'] } } }],
    [
      'tested repositories may be protected by that alone',
      withOrg({}, { 'protect-tested-repos': true }),
      { policy: { protect: true, required_status_checks: { contexts: ['unit'] } } },
    ],
    ['jobs need protection', withOrg({ protect: false }), { problem: 'required prow jobs require branch protection' }],
    ['unless they need not', withOrg({ protect: false }, { allow_disabled_job_policies: true }), {}],
  ])('with a required job: %s', (_, config, expected) => {
    expect(protectionOf(config, place, [always])).toEqual(expected);
  });

  test('jobs that need not run count only where that is asked for', () => {
    const optional = [{ context: 'lint', optional: true }];
    expect(protectionOf(withOrg({}), place, optional)).toEqual({});
    const config = withOrg({}, { protect_repos_with_optional_jobs: true, 'protect-tested-repos': true });
    expect(protectionOf(config, place, optional)).toEqual({ policy: { protect: true, required_status_checks: {} } });
  });

  test('jobs that a comment starts are required where that is asked for', () => {
    const config = withOrg({ protect: true, require_manually_triggered_jobs: true });
    expect(protectionOf(config, place, [{ context: 'manual' }])).toMatchObject({
      policy: { required_status_checks: { contexts: ['manual'] } },
    });
  });
});

describe('mergeProtection', () => {
  test('a file may add places, and switches that the other leaves open', () => {
    const base: BranchProtection = {
      protect: true,
      orgs: { a: { protect: false }, b: { repos: { x: { protect: true } } } },
    };
    const additional: BranchProtection = {
      allow_disabled_policies: true,
      orgs: { b: { enforce_admins: true, repos: { x: { branches: { main: { protect: true } } }, y: {} } }, c: {} },
    };
    expect(mergeProtection(base, additional)).toEqual({
      protect: true,
      allow_disabled_policies: true,
      orgs: {
        a: { protect: false },
        b: {
          enforce_admins: true,
          repos: { x: { protect: true, branches: { main: { protect: true } } }, y: {} },
        },
        c: {},
      },
    });
  });

  test.each<[BranchProtection, string]>([
    [{ protect: true }, 'both branchprotection configs set a top-level policy'],
    [{ 'protect-tested-repos': false }, 'both branchprotection configs set protect-tested-repos'],
    [{ orgs: { o: { protect: true } } }, 'both branchprotection configs define a policy for org o'],
    [
      { orgs: { o: { repos: { r: { protect: true } } } } },
      'both branchprotection configs define a policy for repo o/r',
    ],
    [
      { orgs: { o: { repos: { r: { branches: { b: { protect: true } } } } } } },
      'both branchprotection configs define a policy for branch b in repo o/r',
    ],
  ])('no place may be set twice: %j', (part, message) => {
    expect(() => mergeProtection(part, part)).toThrow(message);
  });
});
