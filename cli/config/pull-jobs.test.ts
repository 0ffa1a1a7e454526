import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { accountByLogin, repoByName } from '../../sandbox/model/lookup.ts';
import { run } from './which-jobs.ts';

const CONFIG = `
in_repo_config: {enabled: {acme/widgets: true}}
presubmits:
  acme/widgets:
  - {name: unit, always_run: true, spec: {containers: [{image: x, command: [make]}]}}
  - {name: docs, run_if_changed: '\\.md$', spec: {containers: [{image: x, command: [make]}]}}
`;
const OWN = 'presubmits:\n- {name: own, always_run: true, spec: {containers: [{image: x, command: [make]}]}}\n';

let folder: string;
let sandbox: Sandbox;
let flags: string[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'which-jobs-'));
  sandbox = await startSandbox({ dataDir: path.join(folder, 'sandbox'), port: 0, hmacSecret: 'x' });
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  flags = [
    `--config-path=${file('config.yaml', CONFIG)}`,
    `--github-endpoint=${sandbox.apiUrl}`,
    `--github-app-id=${sandbox.tokens.app.id}`,
    `--github-app-private-key-path=${file('app.pem', sandbox.tokens.app.privateKey)}`,
  ];
});

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', `url.${sandbox.gitUrl}/.insteadOf`);
  vi.stubEnv('GIT_CONFIG_VALUE_0', 'https://github.com/');
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function printed(...more: string[]): Promise<{ out: string; err: string }> {
  const said = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.err += text;
    return true;
  });
  try {
    await run([...flags, ...more]);
    return said;
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

/** A pull request of alice's with files of its own; gives what `--pr` takes. */
async function openPull(branch: string, files: Record<string, string>): Promise<string> {
  const { world } = sandbox;
  const actor = accountByLogin(world, 'alice');
  const repo = repoByName(world, 'acme', 'widgets');
  if (!actor || !repo) throw new Error('the sandbox has changed');
  const place = { actor, repo, message: branch };
  const edits = Object.entries(files).map(([name, content]) => ({ path: name, content }));
  const base = await actions.pushCommit(world, { ...place, branch: 'main', files: [{ path: branch, content: 'x' }] });
  const ref = `refs/heads/${branch}`;
  await actions.moveRef(world, actor, repo, { ref, before: '0'.repeat(40), after: base });
  await actions.pushCommit(world, { ...place, branch, files: edits });
  const pull = await actions.openPull(world, {
    actor,
    repo,
    headRepo: repo,
    title: branch,
    base: 'main',
    head: branch,
  });
  return `--pr=acme/widgets#${pull.number}`;
}

describe('which-jobs --pr', () => {
  test('tells the jobs of the operator and of the repository, by what GitHub says', async () => {
    const { out, err } = await printed(await openPull('own', { '.prow.yaml': OWN }));
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).slice(1, 3)),
    ).toEqual([
      ['JOB', 'RUNS'],
      ['unit', 'runs'],
      ['docs', '-'],
      ['own', 'runs'],
    ]);
    expect(err).toBe('');
  });

  test('takes a comment, and gives records', async () => {
    const { out } = await printed(await openPull('docs', { 'new.md': 'x' }), '--comment=/test docs', '--format=jsonl');
    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ job, runs }) => [job, runs])).toEqual([
      ['unit', false],
      ['docs', true],
    ]);
  });

  test('/retest looks at the statuses', async () => {
    const { out } = await printed(await openPull('again', { 'a.txt': 'x' }), '--comment=/retest', '--format=jsonl');
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ job: 'unit', runs: true });
  });

  test('says why the repository’s own jobs are left out', async () => {
    const { out, err } = await printed(await openPull('wrong', { '.prow.yaml': 'presubmits: 1\n' }));
    expect(out).not.toContain('own');
    expect(err).toMatch(/^acme\/widgets's own jobs are left out: \.prow\.yaml: presubmits: /);
  });

  test.each(['acme/widgets', 'acme#1', 'acme/widgets#x'])('%s is wrong usage', async (pr) => {
    await expect(run([...flags, `--pr=${pr}`])).rejects.toMatchObject({ code: 'usage' });
  });
});
