import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from './policies.ts';

const CONFIG = `
tide:
  merge_method: {org: {repo: {main: squash}}}
  batch_size_limit: {"*": 5, org: 3}
  target_url: https://tide
  queries:
  - {orgs: [org], labels: [b, a]}
  - {repos: [other/one], labels: [a, b]}
branch-protection:
  orgs:
    org:
      protect: true
      repos: {repo: {branches: {dev: {protect: false}}}}
presubmits:
  org/repo:
  - {name: unit, always_run: true, branches: [main], spec: {containers: [{image: x}]}}
`;

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policies-'));
  writeFileSync(path.join(folder, 'config.yaml'), CONFIG);
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a record for every repository and branch that the configuration names', async () => {
  expect(await run([`--config-path=${path.join(folder, 'config.yaml')}`, '--format=jsonl'])).toBe(0);
  const records = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (repo: string, branch: string) => records.find((one) => one.repo === repo && one.branch === branch);
  expect(records.map(({ repo, branch }) => `${repo} ${branch}`)).toEqual([
    ...['main', 'master', 'release-1.30'].map((branch) => `org/any ${branch}`),
    ...['dev', 'main', 'master', 'release-1.30'].map((branch) => `org/repo ${branch}`),
    ...['main', 'master', 'release-1.30'].map((branch) => `other/one ${branch}`),
  ]);
  expect(of('org/repo', 'main')).toEqual({
    repo: 'org/repo',
    branch: 'main',
    contexts: { required: ['unit'], required_if_present: [], optional: [], optional_patterns: [], skip_unknown: null },
    merge_method: 'squash',
    batch_size_limit: 3,
    target_url: 'https://tide',
    queries: ['is:pr state:open archived:false label:"a" label:"b" org:"org"'],
    protection: { protect: true, required_status_checks: { contexts: ['unit'] } },
  });
  expect(of('other/one', 'main')).toMatchObject({
    merge_method: 'merge',
    batch_size_limit: 5,
    queries: ['is:pr state:open archived:false label:"a" label:"b" repo:"other/one"'],
    protection: null,
  });
  expect(of('org/repo', 'dev').protection).toEqual({ protect: false });
});

test('a table for people', async () => {
  await run([`--config-path=${path.join(folder, 'config.yaml')}`]);
  expect(printed).toMatch(/^REPOSITORY +BRANCH +MERGE +REQUIRED +PROTECTED\n/);
  expect(printed).toMatch(/org\/repo +main +squash +unit +yes\n/);
});
