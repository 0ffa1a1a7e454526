import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checks } from './checks.ts';
import { run } from './index.ts';
import { absentPlugins } from './plugins.ts';

let folder: string;
let printed: string;
let complained: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'checkconfig-'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  [printed, complained] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The output for a configuration, with file names as they are in the folder. */
async function check(config: string, plugins: string | undefined, ...flags: string[]) {
  const files = [`--config-path=${put('config.yaml', config)}`];
  if (plugins !== undefined) files.push(`--plugin-config=${put('plugins.yaml', plugins)}`);
  const code = await run([...files, ...flags]);
  return { code, text: printed.replaceAll(`${folder}/`, ''), error: complained.replaceAll(`${folder}/`, '') };
}

const job = (more: string) => `
presubmits:
  o/r:
  - name: unit
    always_run: true
    spec: {containers: [{name: unit, image: x, command: [a]}]}
${more}`;
const LONG = 'a'.repeat(64);

describe('each warning by its name', () => {
  test.each<[string, string, string | undefined, string]>([
    [
      'non-decorated-jobs',
      job(''),
      undefined,
      'config.yaml:4:5: the job unit uses the kubernetes provider but does not use',
    ],
    [
      'long-job-names',
      job('').replace('unit', LONG),
      undefined,
      `config.yaml:4:5: name of Presubmit job "${LONG}" (for repo "o/r") too long (should be at most 63 characters)`,
    ],
    ['duplicate-job-refs', job('    extra_refs: [{org: o, repo: r}]'), undefined, 'specified more than once: o/r'],
    [
      'periodic-default-clone-config',
      'periodics: [{name: p, interval: 1h, clone_depth: 1, spec: {containers: [{image: x}]}}]',
      undefined,
      'Name: "p"',
    ],
    [
      'validate-cluster-field',
      job('    agent: jenkins\n    cluster: c').replace(/ {4}spec.*\n/, ''),
      undefined,
      'cannot set cluster field',
    ],
    [
      'needs-ok-to-test',
      'tide: {queries: [{orgs: [o], labels: [lgtm], missingLabels: [needs-ok-to-test]}]}',
      undefined,
      'the tide query at position 0 forbids',
    ],
    [
      'tide-strict-branch',
      'tide: {queries: [{orgs: [o]}]}\nbranch-protection: {orgs: {o: {repos: {r: {protect: true, required_status_checks: {strict: true}}}}}}',
      undefined,
      'even though Tide handles merges: [repo: o/r]',
    ],
    [
      'tide-context-policy',
      `tide: {context_options: {optional-contexts: [unit]}}${job('').replace('unit', 'x').replace('    always', '    context: unit\n    always')}`,
      undefined,
      'context policy for master branch in o/r is invalid: contexts unit are defined as required and optional',
    ],
    [
      'validate-unmanaged-branchconfig-has-no-subconfig',
      'branch-protection: {orgs: {o: {unmanaged: true, enforce_admins: true}}}',
      undefined,
      'branch protection config for org o is set to unmanaged, but it defines settings',
    ],
    [
      'managed-webhooks',
      'managed_webhooks: {org_repo_config: {o: {}, o/r: {}}}',
      undefined,
      'config.yaml:1:45: managed_webhooks.org_repo_config["o/r"]: org-level and repo-level webhooks',
    ],
    ['unknown-fields', 'tide: {sync: 1m}', undefined, 'config.yaml:1:8: tide.sync: unknown key'],
    ['unknown-fields', 'log_level: info\nlog_level: debug', undefined, 'config.yaml:2:1: this key stands here twice'],
    ['unknown-fields', '{}', 'nonsense: {}', 'plugins.yaml:1:1: nonsense: unknown key'],
    [
      'mismatched-tide',
      'tide: {queries: [{orgs: [o], labels: [lgtm], missingLabels: [needs-rebase]}]}',
      'plugins: {o: [lgtm, hold]}',
      'enable the hold plugin but do not forbid the do-not-merge/hold label for merging: [org: o]',
    ],
    [
      'mismatched-tide',
      'tide: {queries: [{orgs: [o], missingLabels: [needs-rebase]}]}',
      '{}',
      'forbid the needs-rebase label for merging but do not enable the needs-rebase plugin: [org: o]',
    ],
    [
      'mismatched-tide-lenient',
      'tide: {queries: [{orgs: [o], labels: [approved]}]}',
      'plugins: {o: {plugins: [approve], excluded_repos: [r]}}',
      'require the approved label for merging but do not enable the approve plugin: [repo: o/r]',
    ],
    ['validate-owners', '{}', 'plugins: {o: [approve]}', 'do not enable the verify-owners plugin to ensure validity'],
    [
      'missing-trigger',
      job(''),
      'plugins: {o: {plugins: [trigger], excluded_repos: [r]}}',
      'trigger plugin enabled: repo: o/r',
    ],
    ['validate-urls', 'status_error_link: "http://[x"', '{}', 'status_error_link is not a valid url: http://[x'],
    [
      'validate-label',
      '{}',
      'label: {additional_labels: [x], restricted_labels: {o: [{label: x}]}}',
      'using the restricted label x which is also configured as an additional label: o',
    ],
    [
      'validate-config-updater-acls',
      '{}',
      'config_updater: {maps: {a: {name: b, allowed_repos: [a/b/c]}}}',
      `config_updater.maps["a"].allowed_repos: org/repo contains too many slashes '/'`,
    ],
  ])('%s', async (name, config, plugins, expected) => {
    const { code, text } = await check(config, plugins, `--warnings=${name}`);
    expect(text).toContain(expected);
    expect(text).toContain(`[${name}]`);
    expect(code).toBe(0);
  });

  test('keys of plugins that are not here are no mistake', async () => {
    const { text } = await check('{}', 'golint: {minimum_confidence: 1}', '--warnings=unknown-fields');
    expect(text).toContain('passes without any error');
  });

  test('required annotations', async () => {
    const { text } = await check(
      job('    annotations: {a: b}'),
      undefined,
      '--required-job-annotations=a',
      '--required-job-annotations=c',
    );
    expect(text).toContain("job 'unit' is missing required annotations: c [required-job-annotations]");
  });

  test('supplemental files stand where they belong', async () => {
    put('more/o/x_prowconfig.yaml', 'tide: {merge_method: {o: squash, p: merge}}');
    put('more/o/r/y_prowconfig.yaml', 'tide: {merge_method: {o/r: squash}}');
    put('more/o/r/deep/z_prowconfig.yaml', '{}');
    const { text } = await check('{}', undefined, `--supplemental-prow-config-dir=${path.join(folder, 'more')}`);
    expect(text).toContain(
      'more/o/x_prowconfig.yaml is invalid: Must contain only config for org o, but contains config for org p',
    );
    expect(text).toContain('more/o/r/deep/z_prowconfig.yaml is at an invalid location');
    expect(text).not.toContain('y_prowconfig');
  });

  test('commands that Gerrit would not take', async () => {
    const { text } = await check(
      `gerrit: {allowed_presubmit_trigger_re: ^/check}${job('')}`,
      undefined,
      '--warnings=validate-urls',
    );
    expect(text).toContain('rerun command /test unit in job unit does not conform');
  });
});

describe('which warnings', () => {
  const config = 'tide: {sync: 1m}\nperiodics: [{name: p, interval: 1h, spec: {containers: [{image: x}]}}]';

  test.each([
    [[], ['non-decorated-jobs', 'unknown-fields']],
    [['--exclude-warning=unknown-fields'], ['non-decorated-jobs']],
    [['--warnings=unknown-fields'], ['unknown-fields']],
    [
      ['--warnings=unknown-fields-all', '--include-default-warnings'],
      ['non-decorated-jobs', 'unknown-fields-all'],
    ],
  ])('%j', async (flags, expected) => {
    await check(config, undefined, '--format=jsonl', ...flags);
    const records = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ warning }) => warning)).toEqual(expected);
  });

  test('with --strict they are errors', async () => {
    expect((await check(config, undefined, '--strict')).code).toBe(1);
    expect((await check('{}', undefined, '--strict')).code).toBe(0);
  });

  test('a name that is none', async () => {
    await expect(check('{}', undefined, '--warnings=nope')).rejects.toMatchObject({ code: 'usage' });
  });

  test("names are Prow's and stand once", () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(25);
  });
});

test('a configuration that cannot be used: every problem where it stands', async () => {
  const { code, error } = await check('tide:\n  queries: [{}]\n  merge_method: {a: b}\n', undefined);
  expect(code).toBe(1);
  expect(error).toMatch(/config\.yaml:2:13: tide\.queries\[0\]: tide query \(index 0\) is invalid/);
  expect(error).toMatch(/config\.yaml:3:18: tide\.merge_method\.a: merge type "b" for a is not a valid type/);
});

test('plugins of Prow that are not here are told from those that nobody knows', () => {
  const enabled = { o: { plugins: ['hold', 'cat', 'nope'], excluded_repos: [] } };
  expect(absentPlugins(enabled, new Set(['hold']), true)).toEqual([{ place: 'o', name: 'cat' }]);
  expect(absentPlugins(enabled, new Set(['hold']), false)).toEqual([{ place: 'o', name: 'nope' }]);
});

test('a plugin that nobody knows cannot be used', async () => {
  const { code, error } = await check('{}', 'plugins:\n  o: [nope]\n');
  expect(code).toBe(1);
  expect(error).toContain('plugins.yaml:2:3: plugins.o: unknown plugin: nope');
});

describe("a repository's own jobs", () => {
  const own = (name: string) => `presubmits: [{name: ${name}, spec: {containers: [{image: x}]}}]`;

  test('are checked together with the others', async () => {
    const file = put('repo/.prow.yaml', own('unit'));
    const flags = ['--prow-yaml-repo-name=o/r', `--prow-yaml-path=${file}`];
    await expect(check(job(''), undefined, ...flags)).rejects.toThrow('duplicated presubmit jobs');
    put('repo/.prow/a.yaml', own('other'));
    put('repo/.prow/b.yaml', own('unit'));
    put('repo/.prowignore', 'b.yaml\n');
    expect((await check(job(''), undefined, ...flags, '--warnings=validate-urls')).text).toContain('passes without');
  });

  test('need the name of the repository', async () => {
    await expect(check('{}', undefined, '--prow-yaml-path=x')).rejects.toMatchObject({ code: 'usage' });
  });
});

test('OWNERS files are looked for in the repositories that need them', async () => {
  vi.stubEnv('GITHUB_TOKEN', 'secret');
  const github = nock('https://api.github.com')
    .get('/orgs/o/repos?per_page=100')
    .reply(200, [
      { full_name: 'o/a', archived: false },
      { full_name: 'o/old', archived: true },
      { full_name: 'o/out', archived: false },
    ])
    .get('/repos/o/a/contents/OWNERS')
    .reply(404, { message: 'Not Found' })
    .get('/repos/p/b/contents/OWNERS')
    .reply(200, { content: '' });
  const plugins = 'plugins: {o: {plugins: [approve], excluded_repos: [out]}, p/b: [blunderbuss]}';
  const { text } = await check('{}', plugins, '--warnings=verify-owners-presence');
  expect(text).toContain('does not contain a root level OWNERS file: [o/a] [verify-owners-presence]');
  github.done();
});

test('clusters that plank does not know', async () => {
  const status = put('status.json', '{"default": "Reachable"}');
  const config = `plank: {build_cluster_status_file: "${status}"}${job('    cluster: other')}`;
  const { text } = await check(config, undefined, '--warnings=validate-cluster-field');
  expect(text).toContain(`job configuration for "unit" specifies unknown 'cluster' value "other"`);
});
