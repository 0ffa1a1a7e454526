import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { createMirrors } from '../../core/git/mirrors.ts';
import type { GitHubClient } from '../../core/ports/index.ts';
import { fromRepository } from '../api/from-repository.ts';
import { podNamespace, prowjobDefaults } from '../config/general.ts';
import { jobs } from '../config/jobs.ts';
import { plank } from '../config/plank.ts';
import type { InRepoJobs } from '../port/configured.ts';
import { inRepoConfig } from './config.ts';
import { createInRepoJobs } from './inrepo.ts';
import type { MergeMethod } from './merge.ts';

const sections = [inRepoConfig, jobs, plank, podNamespace, prowjobDefaults];
const AT = { org: 'acme', repo: 'widgets' };
const NOBODY = {} as GitHubClient;
const ENABLED = 'in_repo_config: {enabled: {acme: true}, allowed_clusters: {acme/widgets: [build]}}\n';

let folder: string;
let registry: Registry;
let close: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'inrepo-'));
  git('init', '-q', '-b', 'main', '.');
  git('config', 'uploadpack.allowFilter', 'true');
  commit({ 'readme.md': 'hello\n' });
  close = async () => {};
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const cwd = path.join(folder, 'repo');
  mkdirSync(cwd, { recursive: true });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const all = ['-c', 'user.name=n', '-c', 'user.email=n@localhost', ...args];
  return execFileSync('git', all, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function commit(files: Record<string, string>, links: Record<string, string> = {}): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(placeOf(name), text);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, placeOf(name));
  git('add', '-A');
  git('commit', '-qm', 'change', '--allow-empty');
  return git('rev-parse', 'HEAD');
}

function placeOf(name: string): string {
  const file = path.join(folder, 'repo', name);
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

/** What a pull request with these files gives, on top of what main has. */
function pull(files: Record<string, string>, links?: Record<string, string>): { baseSha: string; headSha: string } {
  const baseSha = git('rev-parse', 'HEAD');
  git('checkout', '-qb', 'pr');
  const headSha = commit(files, links);
  git('checkout', '-q', 'main');
  return { baseSha, headSha };
}

function open(text = ENABLED, mergeMethod: MergeMethod = 'merge'): InRepoJobs {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  const config = loadConfig({ sections, configPath });
  const mirrors = createMirrors({
    folder: path.join(folder, 'mirrors'),
    remote: async () => ({ url: pathToFileURL(path.join(folder, 'repo')).href }),
    log: pino({ level: 'silent' }),
  });
  close = () => mirrors.close();
  registry = new Registry();
  return createInRepoJobs({ config: () => config, mirrors, mergeMethod: () => mergeMethod, registry });
}

async function figureOf(name: string): Promise<number | undefined> {
  const metric = await registry.getSingleMetric(name)?.get();
  return metric?.values[0]?.value;
}

function job(name: string, more = ''): string {
  return `{name: ${name}, cluster: build, spec: {containers: [{image: x, command: [a]}]}${more}}`;
}

function presubmits(...names: string[]): string {
  return `presubmits:\n${names.map((name) => `- ${job(name)}\n`).join('')}`;
}

const namesOf = (found: readonly { name: string }[]) => found.map(({ name }) => name);

describe('which files count', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['none', {}, []],
    ['.prow.yaml', { '.prow.yaml': presubmits('one', 'two') }, ['one', 'two']],
    ['the folder before the file', { '.prow.yaml': presubmits('one'), '.prow/x.yml': presubmits('two') }, ['two']],
    [
      'in the order of a walk, YAML alone',
      {
        '.prow/b.yaml': presubmits('b'),
        '.prow/a/z.yaml': presubmits('az'),
        '.prow/a.yaml': presubmits('a'),
        '.prow/readme.md': '{{',
      },
      ['az', 'a', 'b'],
    ],
    [
      'without what .prowignore names, in the folder and above',
      {
        '.prowignore': '.prow/b.yaml\n',
        '.prow/.prowignore': 'old/\n*.yml\n!kept.yml\n',
        '.prow/a.yaml': presubmits('a'),
        '.prow/b.yaml': presubmits('b'),
        '.prow/old/c.yaml': presubmits('c'),
        '.prow/d.yml': presubmits('d'),
        '.prow/kept.yml': presubmits('kept'),
      },
      ['a', 'kept'],
    ],
    [
      'keys nobody knows, and what is to be ignored',
      { '.prow.yaml': `prow_ignored: {a: 1}\nother: 1\n${presubmits('one')}` },
      ['one'],
    ],
    ['an empty file', { '.prow.yaml': '' }, []],
  ])('%s', async (_, files, expected) => {
    expect(namesOf(await open().presubmits(NOBODY, AT, pull(files)))).toEqual(expected);
  });

  test('a link inside of the repository is followed', async () => {
    const commits = pull({ 'ci/jobs.yaml': presubmits('linked') }, { '.prow.yaml': 'ci/jobs.yaml' });
    expect(namesOf(await open().presubmits(NOBODY, AT, commits))).toEqual(['linked']);
  });

  test.each([
    ['out of the repository', '../../config.yaml'],
    ['to a place on the machine', '/etc/passwd'],
    ['to itself', '.prow.yaml'],
    ['to nothing', 'nothing'],
  ])('a link %s is refused', async (_, target) => {
    const commits = pull({}, { '.prow.yaml': target });
    await expect(open().presubmits(NOBODY, AT, commits)).rejects.toMatchObject({ code: 'user' });
  });
});

describe('the base with the head merged into it', () => {
  test('has what both sides declare', async () => {
    commit({ '.prow/a.yaml': presubmits('old') });
    const { headSha } = pull({ '.prow/b.yaml': presubmits('from-head') });
    const baseSha = commit({ '.prow/a.yaml': presubmits('from-base') });
    const found = await open().presubmits(NOBODY, AT, { baseSha, headSha });
    expect(namesOf(found)).toEqual(['from-base', 'from-head']);
  });

  test.each<MergeMethod>(['merge', 'squash', 'rebase'])('a conflict is told to people (%s)', async (method) => {
    const { headSha } = pull({ 'readme.md': 'theirs\n', '.prow.yaml': presubmits('one') });
    const baseSha = commit({ 'readme.md': 'ours\n' });
    await expect(open(ENABLED, method).presubmits(NOBODY, AT, { baseSha, headSha })).rejects.toMatchObject({
      code: 'user',
      message: `failed to merge "${headSha}": conflicts in readme.md`,
    });
  });

  test('a rebase takes one commit after the other', async () => {
    git('checkout', '-qb', 'pr');
    commit({ '.prow.yaml': presubmits('one') });
    const headSha = commit({ '.prow.yaml': presubmits('one', 'two') });
    git('checkout', '-q', 'main');
    const baseSha = commit({ 'other.txt': 'x' });
    const found = await open(ENABLED, 'rebase').presubmits(NOBODY, AT, { baseSha, headSha });
    expect(namesOf(found)).toEqual(['one', 'two']);
  });

  test('postsubmits are those of a commit as it is', async () => {
    const sha = commit({ '.prow.yaml': `postsubmits:\n- ${job('after')}\n` });
    const found = await open().postsubmits(NOBODY, AT, sha);
    expect(found).toMatchObject([{ name: 'after', context: 'after', agent: 'kubernetes', sourcePath: '.prow.yaml' }]);
  });
});

describe('defaults and checks', () => {
  const refused = async (files: Record<string, string>, config = ENABLED) =>
    open(config)
      .presubmits(NOBODY, AT, pull(files))
      .then(namesOf, (error: Error) => error.message);

  test('presets of both the operator and the repository', async () => {
    const config = `${ENABLED}presets:\n- {labels: {theirs: "yes"}, env: [{name: A, value: a}]}\n`;
    const own = `presets:\n- {labels: {own: "yes"}, env: [{name: B, value: b}]}\n`;
    const text = `${own}presubmits:\n- ${job('one', ', labels: {theirs: "yes", own: "yes"}')}\n`;
    const [found] = await open(config).presubmits(NOBODY, AT, pull({ '.prow.yaml': text }));
    expect(found?.spec?.containers[0]?.env).toEqual([
      { name: 'A', value: 'a' },
      { name: 'B', value: 'b' },
    ]);
  });

  test.each<[string, string, RegExp]>([
    [
      'a cluster that is not allowed',
      presubmits('one').replace('build', 'trusted'),
      /^\.prow\.yaml: cluster "trusted" is not allowed for repository "acme\/widgets"$/,
    ],
    ['a name twice', presubmits('one', 'one'), /duplicated presubmit jobs .*\[one\]/],
    ['a name of the operator’s', presubmits('static'), /duplicated presubmit jobs .*\[static\]/],
    ['what Prow refuses', 'presubmits:\n- {name: one, cluster: build}\n', /kubernetes jobs require a spec/],
    [
      'a server for the App to sign in at',
      `presubmits:\n- ${job('one', ', decoration_config: {github_api_endpoints: ["https://evil.example"]}')}\n`,
      /^\.prow\.yaml: job one: decoration_config\.github_api_endpoints is for the operator to say$/m,
    ],
    ...['/srv/results', 'file:///srv/results', 'FILE:///srv'].map((bucket): [string, string, RegExp] => [
      `results in ${bucket}`,
      `presubmits:\n- ${job('one', `, decoration_config: {gcs_configuration: {bucket: "${bucket}"}}`)}\n`,
      /^\.prow\.yaml: job one: decoration_config\.gcs_configuration\.bucket \(a folder\) is for the operator to say$/m,
    ]),
    [
      'results in a folder of the uploader',
      `presubmits:\n- ${job('one', ', decoration_config: {gcs_configuration: {local_output_dir: /srv}}')}\n`,
      /decoration_config\.gcs_configuration\.local_output_dir is for the operator to say/,
    ],
    ['wrong YAML', 'presubmits: [\n', /^\.prow\.yaml:2:1/],
    ['a wrong type', 'presubmits: [{name: [x]}]\n', /^\.prow\.yaml: presubmits\[0\]\.name: /],
    ['a list', '- a\n', /^\.prow\.yaml: it has to be a map$/],
  ])('%s', async (_, text, message) => {
    const config = `${ENABLED}presubmits:\n  acme/widgets:\n  - ${job('static')}\n`;
    expect(await refused({ '.prow.yaml': text }, config)).toMatch(message);
  });

  test('what it names of the operator’s is noted on each job, whatever the job itself says there', async () => {
    const config = `${ENABLED}
presubmits:
  acme/widgets:
  - {name: static, extra_refs: [{org: other, repo: lib}], spec: {containers: [{image: x, command: [a]}]}}
presets:
- {labels: {deploy: "yes"}, volumes: [{name: v, secret: {secretName: deploy}}]}
plank:
  default_decoration_config_entries:
  - config:
      utility_images: {clonerefs: c, initupload: i, entrypoint: e, sidecar: s}
      gcs_configuration: {bucket: b, path_strategy: explicit}
      s3_credentials_secret: operators
`;
    const one = `
presubmits:
- ${job('two')}
- name: one
  cluster: build
  decorate: true
  labels: {deploy: "yes"}
  annotations: {cutwater/from-repository: "{}"}
  decoration_config: {ssh_key_secrets: [ssh], cookiefile_secret: cookies/key, gcs_credentials_secret: gcs}
  spec:
    volumes: [{name: a, secret: {secretName: mounted}}, {name: b, configMap: {name: files}}]
    containers:
    - image: x
      command: [a]
      env:
      - {name: A, valueFrom: {secretKeyRef: {name: in-env, key: k}}}
      - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: k}}}
      envFrom: [{secretRef: {name: all}}]
`;
    const found = await open(config).presubmits(NOBODY, AT, pull({ '.prow.yaml': one }));
    const token_orgs = ['acme', 'other'];
    const secrets = ['all', 'cookies', 'deploy', 'files', 'gcs', 'in-env', 'mounted', 'settings', 'ssh'];
    expect(found.map(fromRepository)).toEqual([
      { secrets: [], token_orgs },
      { secrets, token_orgs },
    ]);
  });

  test.each<[string, string]>([
    ['aliases of aliases', bomb()],
    ['an alias inside of itself', 'presubmits: &a [*a]\n'],
    ['thousands of aliases', `a: &a x\nb: [${Array.from({ length: 300 }, () => '*a').join(', ')}]\n`],
    ['great depth', `a: ${'['.repeat(1000)}${']'.repeat(1000)}\n`],
    ['great size', `a: ${'x'.repeat(6 * 1024 * 1024)}\n`],
  ])('%s costs nothing', async (_, text) => {
    expect(await refused({ '.prow.yaml': text })).toMatch(/^\.prow\.yaml/);
  });

  function bomb(): string {
    const rows = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`,
    );
    return ['a0: &a0 [x]', ...rows, 'presubmits: *a12', ''].join('\n');
  }

  test('where it is not enabled nothing is read', async () => {
    const jobsOf = open('in_repo_config: {enabled: {"*": true, acme: true, acme/widgets: false}}\n');
    expect(jobsOf.enabledFor('acme', 'widgets')).toBe(false);
    expect(jobsOf.enabledFor('acme', 'other')).toBe(true);
    expect(await jobsOf.presubmits(NOBODY, AT, pull({ '.prow.yaml': presubmits('one') }))).toEqual([]);
  });

  test('the default cluster is allowed unless the operator takes it away', async () => {
    const text = presubmits('one').replace('build', 'default');
    const commits = pull({ '.prow.yaml': text });
    expect(namesOf(await open('in_repo_config: {enabled: {"*": true}}\n').presubmits(NOBODY, AT, commits))).toEqual([
      'one',
    ]);
    await close();
    const without = open('in_repo_config: {enabled: {"*": true}, allowed_clusters: {"*": []}}\n');
    await expect(without.presubmits(NOBODY, AT, commits)).rejects.toMatchObject({ code: 'user' });
  });
});

describe('the cache', () => {
  test('reads a pair of commits once, many askers at once included', async () => {
    const commits = pull({ '.prow.yaml': presubmits('one') });
    const jobsOf = open();
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => jobsOf.presubmits(NOBODY, AT, commits)));
    rmSync(path.join(folder, 'repo'), { recursive: true });
    const later = await jobsOf.presubmits(NOBODY, AT, commits);
    for (const other of [...others, later]) expect(other).toBe(first);
    expect(await figureOf('inRepoConfigCache_misses')).toBe(1);
    expect(await figureOf('inRepoConfigCache_hits')).toBe(3);
    expect(await figureOf('inRepoConfigCache_cache_usage_size')).toBe(1);
  });

  test('forgets a reading that failed', async () => {
    const commits = pull({ '.prow.yaml': presubmits('one') });
    const jobsOf = open();
    const gone = { ...commits, headSha: '1'.repeat(40) };
    for (const _ of [1, 2])
      await expect(jobsOf.presubmits(NOBODY, AT, gone)).rejects.toMatchObject({ code: 'not-found' });
    expect(await figureOf('inRepoConfigCache_misses')).toBe(2);
    expect(await figureOf('inRepoConfigCache_cache_usage_size')).toBe(0);
  });
});
