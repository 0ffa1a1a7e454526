import { describe, expect, it } from 'vitest';
import type { GCSConfiguration } from '../api/decoration.ts';
import type { JobSpec } from './job-spec.ts';
import { aliasPath, latestBuildPaths, pathForRun, rootForJob } from './paths.ts';

const refs = { org: 'org', repo: 'repo', pulls: [{ number: 1, author: 'a', sha: 's' }] };
const spec = (type: 'presubmit' | 'postsubmit' | 'periodic' | 'batch'): JobSpec => ({
  type,
  job: 'job',
  buildid: 'build',
  refs,
});
const explicit: GCSConfiguration = { path_strategy: 'explicit' };

describe("where a run's files go", () => {
  it.each([
    {
      type: 'presubmit' as const,
      path: 'pr-logs/pull/org_repo/1/job/build',
      alias: 'pr-logs/directory/job/build.txt',
      root: 'pr-logs/directory/job',
    },
    { type: 'postsubmit' as const, path: 'logs/job/build', alias: undefined, root: 'logs/job' },
    { type: 'periodic' as const, path: 'logs/job/build', alias: undefined, root: 'logs/job' },
    { type: 'batch' as const, path: 'pr-logs/pull/batch/job/build', alias: undefined, root: 'pr-logs/directory/job' },
  ])('$type', ({ type, path, alias, root }) => {
    expect(pathForRun(explicit, spec(type))).toBe(path);
    expect(pathForRun({ ...explicit, path_prefix: 'a/b' }, spec(type))).toBe(`a/b/${path}`);
    expect(aliasPath(spec(type))).toBe(alias);
    expect(rootForJob(spec(type))).toBe(root);
  });

  it('names the newest build per job, and per pull request, without the prefix', () => {
    const prefixed = { ...explicit, path_prefix: 'p' };
    expect(latestBuildPaths(prefixed, spec('presubmit'))).toEqual([
      'pr-logs/directory/job/latest-build.txt',
      'pr-logs/pull/org_repo/1/job/latest-build.txt',
    ]);
    expect(latestBuildPaths(prefixed, spec('periodic'))).toEqual(['logs/job/latest-build.txt']);
    expect(latestBuildPaths(prefixed, spec('batch'))).toEqual(['pr-logs/directory/job/latest-build.txt']);
  });
});

describe('how a repository stands in the path', () => {
  it.each([
    { strategy: 'explicit', org: 'org', repo: 'repo', segment: 'org_repo/' },
    { strategy: 'explicit', org: 'https://host', repo: 'a/b', segment: 'host_a_b/' },
    { strategy: 'legacy', org: 'org', repo: 'repo', segment: '' },
    { strategy: 'legacy', org: 'org', repo: 'other', segment: 'other/' },
    { strategy: 'legacy', org: 'else', repo: 'repo', segment: 'else_repo/' },
    { strategy: 'single', org: 'org', repo: 'repo', segment: '' },
    { strategy: 'single', org: 'org', repo: 'other', segment: 'org_other/' },
  ])('$strategy: $org/$repo', ({ strategy, org, repo, segment }) => {
    const config = { path_strategy: strategy, default_org: 'org', default_repo: 'repo' };
    const job = { ...spec('presubmit'), refs: { ...refs, org, repo } };
    expect(pathForRun(config, job)).toBe(`pr-logs/pull/${segment}1/job/build`);
  });
});
