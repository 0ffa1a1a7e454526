import { expect, test } from 'vitest';
import { botComments, happen, type World } from '../../core/plugin/testing/index.ts';
import { testfreeze } from './index.ts';

const CONFIG = 'https://raw.githubusercontent.com/kubernetes/test-infra/master/config/prow/config.yaml';
const JOBS = 'https://prow.k8s.io/prowjobs.js?omit=annotations,labels,decoration_config,pod_spec';

const excluding = (...branches: string[]) => ({
  [CONFIG]: {
    body: `tide:\n  queries:\n  - repos: [other/repo]\n    excludedBranches: [release-1.9]\n  - repos: [kubernetes/kubernetes]\n    excludedBranches: [${branches.join(', ')}]\n`,
  },
});
const job = (name: string, state: string, completionTime: string) => ({
  spec: { job: name },
  status: { state, completionTime },
});
const RAN = {
  [JOBS]: {
    body: JSON.stringify({
      items: [
        job('other', 'success', '2026-01-01T00:00:00Z'),
        job('ci-fast-forward', 'failure', '2026-01-02T00:00:00Z'),
        job('ci-fast-forward', 'success', '2026-01-03T04:05:06Z'),
      ],
    }),
  },
};
const BRANCHES = { 'heads/master': 'a', 'heads/release-1.9': 'b', 'heads/release-1.10': 'c', 'heads/release-x': 'd' };
const RELEASED = { ...BRANCHES, 'tags/v1.10.0': 'e' };

const opened = (world: Partial<World>, action = 'opened') =>
  happen(testfreeze, 'pull_request', action, {
    world: { org: 'kubernetes', repo: 'kubernetes', baseRef: 'master', refs: BRANCHES, ...world },
  });

const CODE =
  /^Please note that we're already in \[Code Freeze\]\(\S+\) for the upcoming v1\.10\.0 release\.\n\n\*\*Adding the milestone/;
const TEST =
  "We're in [Test Freeze](https://github.com/kubernetes/sig-release/blob/master/releases/release_phases.md#test-freeze) for the `release-1.10` branch.";
const BOTH = TEST.replace("We're", "We're also");

test.each<{ name: string; world: Partial<World>; says: (string | RegExp)[]; not?: string[] }>([
  {
    name: 'both',
    world: { pages: { ...excluding('release-1.10'), ...RAN } },
    says: [CODE, `milestone\n\n\n---\n\n${BOTH}`, 'the most recent run was: Sat Jan  3 04:05:06 UTC 2026.\n'],
  },
  {
    name: 'code freeze only',
    world: { refs: RELEASED, pages: excluding('release-1.10') },
    says: [CODE],
    not: ['Test Freeze'],
  },
  {
    name: 'code freeze of the release to come',
    world: { refs: RELEASED, pages: excluding('release-1.11') },
    says: ['for the upcoming v1.11.0 release.'],
    not: ['Test Freeze'],
  },
  {
    name: 'a bug fix',
    world: { labels: ['kind/bug'], refs: RELEASED, pages: excluding('release-1.10') },
    says: ['This PR is labeled `kind/bug`, so it **may** be included in the v1.10.0 release as a bug fix.'],
    not: ['strictly prohibited'],
  },
  {
    name: 'test freeze only',
    world: { pages: { ...excluding(), ...RAN } },
    says: [`\n\n---\n\n${TEST}`],
    not: ['Code Freeze'],
  },
  { name: 'services are down', world: {}, says: [TEST, 'the most recent run was: unknown.'], not: ['Code Freeze'] },
])('$name', async ({ world, says, not = [] }) => {
  const comments = botComments(await opened(world));
  expect(comments).toHaveLength(1);
  for (const part of says) expect(comments[0]).toMatch(part);
  for (const part of not) expect(comments[0]).not.toContain(part);
});

test('no freeze', async () => {
  expect(botComments(await opened({ refs: RELEASED, pages: excluding('release-1.9') }))).toEqual([]);
});

test.each([
  { world: { org: 'acme' } },
  { world: { repo: 'other' } },
  { world: { baseRef: 'release-1.10' } },
  { world: {}, action: 'synchronize' },
])('elsewhere nothing is asked: $world $action', async ({ world, action }) => {
  expect((await opened(world, action)).calls).toEqual([]);
});

test('without a release branch nothing can be said', async () => {
  await expect(opened({ refs: { 'heads/master': 'a' } })).rejects.toThrow('no latest release branch found');
});
