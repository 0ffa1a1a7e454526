import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseYaml } from '../../core/config/yaml.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { completeRefs } from './complete-refs.ts';
import { run as jobs } from './jobs.ts';
import { run as mkpj } from './mkpj.ts';
import { run as mkpod } from './mkpod.ts';
import { run as whichJobs } from './which-jobs.ts';

const CONFIG = `
scheduler: {enabled: true}
presubmits:
  org/repo:
  - name: unit
    always_run: true
    spec: {containers: [{image: x, command: [make]}]}
  - name: docs
    run_if_changed: \\.md$
    spec: {containers: [{image: x, command: [make]}]}
postsubmits:
  org/repo:
  - name: push
    spec: {containers: [{image: x, command: [make]}]}
periodics:
- name: nightly
  cron: 0 3 * * *
  spec: {containers: [{image: x, command: [make]}]}
`;

let folder: string;
let config: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
  writeFileSync(path.join(folder, 'config.yaml'), CONFIG);
  config = `--config-path=${path.join(folder, 'config.yaml')}`;
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const records = () =>
  printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('jobs', () => {
  test('a record a job', async () => {
    const flags = [
      '--format=jsonl',
      '--base-ref=main',
      '--pull-number=7',
      '--build-id=9',
      '--after=2026-01-01T00:00:00Z',
    ];
    expect(await jobs([config, ...flags])).toBe(0);
    expect(records().map(({ type, repo, name, nth }) => [type, repo, name, nth])).toEqual([
      ['presubmit', 'org/repo', 'unit', 0],
      ['presubmit', 'org/repo', 'docs', 0],
      ['postsubmit', 'org/repo', 'push', 0],
      ['periodic', undefined, 'nightly', 0],
    ]);
    const [unit, , , nightly] = records();
    expect(unit.prowjob.spec.refs.pulls[0].number).toBe(7);
    expect(unit.pod.metadata.labels).toMatchObject({ 'prow.k8s.io/build-id': '9' });
    expect(nightly.next).toHaveLength(5);
    expect(nightly.next[0]).toBe('2026-01-01T03:00:00Z');
  });

  test('a table for people', async () => {
    await jobs([config]);
    expect(printed).toMatch(/^TYPE +REPOSITORY +JOB +CLUSTER\npresubmit +org\/repo +unit +default\n/);
  });

  test('a time that is none', async () => {
    await expect(jobs([config, '--after=soon'])).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('which-jobs', () => {
  test('says what runs and why, pushes included', async () => {
    await whichJobs([config, '--repo=org/repo', '--base-ref=main', '--files=a.md,b.go']);
    expect(printed).toMatch(/presubmit +docs +runs +a\.md matches run_if_changed/);
    expect(printed).toMatch(/postsubmit +push +runs/);
  });

  test('answers many questions at once', async () => {
    const file = path.join(folder, 'queries.jsonl');
    const query = { repo: 'org/repo', branch: 'main', files: ['x.go'], comment: '/test all' };
    writeFileSync(file, `${JSON.stringify(query)}\n${JSON.stringify({ ...query, comment: '/test docs' })}\n`);
    await whichJobs([config, `--queries=${file}`, '--format=jsonl']);
    expect(records().map(({ run }) => run)).toEqual([['unit'], ['docs']]);
  });

  test.each(['{"repo": "x"}', 'nonsense'])('names the line of a question that is none: %s', async (line) => {
    const file = path.join(folder, 'queries.jsonl');
    writeFileSync(file, `\n${line}\n`);
    await expect(whichJobs([config, `--queries=${file}`])).rejects.toThrow(`${file}:2: `);
  });

  test('needs a repository and a branch', async () => {
    await expect(whichJobs([config])).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('mkpj and mkpod', () => {
  const refs = ['--base-ref=main', '--base-sha=a', '--pull-number=5', '--pull-author=me', '--pull-sha=b'];

  test('a ProwJob, and the pod of it', async () => {
    expect(await mkpj([config, '--job=unit', ...refs])).toBe(0);
    const job = parseYaml(printed, 'out') as ProwJob;
    expect(job).toMatchObject({
      kind: 'ProwJob',
      spec: { job: 'unit', type: 'presubmit' },
      status: { state: 'scheduling' },
    });
    const file = path.join(folder, 'pj.yaml');
    writeFileSync(file, printed);
    printed = '';
    expect(await mkpod([`--prow-job=${file}`, '--build-id=12'])).toBe(0);
    const pod = parseYaml(printed, 'out') as Pod;
    expect(pod.metadata.name).toBe(job.metadata.name);
    expect(pod.metadata.labels).not.toHaveProperty('created-by-prow');
    expect(pod.spec.containers[0]?.env).toContainEqual({ name: 'BUILD_ID', value: '12' });
    expect(pod.spec.containers[0]?.env).toContainEqual({ name: 'PULL_NUMBER', value: '5' });
  });

  test('a job that does not exist, and a file that is none', async () => {
    await expect(mkpj([config, '--job=nope'])).rejects.toMatchObject({ code: 'not-found' });
    await expect(mkpod(['--out-dir=x', '--prow-job=y'])).rejects.toMatchObject({ code: 'usage' });
    writeFileSync(path.join(folder, 'bad.yaml'), 'spec: {max_concurrency: x}\n');
    await expect(mkpod([`--prow-job=${path.join(folder, 'bad.yaml')}`])).rejects.toThrow(
      /bad\.yaml:1:8: spec\.max_conc/,
    );
  });
});

describe('completeRefs', () => {
  const sources = () => ({
    ask: vi.fn(async (question: string) => (question.startsWith('PR') ? '8' : 'main')),
    pull: vi.fn(async () => ({ author: 'who', sha: 'head', baseRef: 'base', baseSha: 'tip' })),
    branchSha: vi.fn(async () => 'branch-tip'),
  });

  test('asks GitHub once for what the flags leave out of a pull request', async () => {
    const from = sources();
    const { refs } = await completeRefs(
      { refs: { org: 'o', repo: 'r', pulls: [{ number: 0, author: '', sha: '' }] } },
      from,
    );
    expect(refs).toEqual({
      org: 'o',
      repo: 'r',
      base_ref: 'base',
      base_sha: 'tip',
      pulls: [{ number: 8, author: 'who', sha: 'head' }],
    });
    expect(from.pull).toHaveBeenCalledExactlyOnceWith('o', 'r', 8);
  });

  test('asks for the branch of a postsubmit, and GitHub for its tip', async () => {
    const from = sources();
    expect((await completeRefs({ refs: { org: 'o', repo: 'r' } }, from)).refs).toMatchObject({
      base_ref: 'main',
      base_sha: 'branch-tip',
    });
    expect(from.pull).not.toHaveBeenCalled();
  });

  test('asks nobody where nothing is missing', async () => {
    const from = sources();
    await completeRefs({ type: 'periodic' }, from);
    await completeRefs({ refs: { org: 'o', repo: 'r', base_ref: 'a', base_sha: 'b' } }, from);
    for (const source of Object.values(from)) expect(source).not.toHaveBeenCalled();
  });
});
