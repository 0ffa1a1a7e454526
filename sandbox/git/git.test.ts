import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../testing.ts';
import { gitEnvironment } from './run.ts';

const run = promisify(execFile);
let sandbox: TestSandbox;
let stop: () => Promise<void>;
let work: string;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
  work = mkdtempSync(join(tmpdir(), 'sandbox-git-'));
}, 60_000);
afterAll(async () => {
  await stop();
  rmSync(work, { recursive: true, force: true });
});

async function git(dir: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-c', 'user.name=Bob', '-c', 'user.email=bob@acme.example', ...args], {
    cwd: dir,
    env: gitEnvironment(),
  });
  return stdout.trim();
}

function urlAs(login: string): string {
  const url = new URL(`${sandbox.gitUrl}/acme/widgets.git`);
  url.username = 'x-access-token';
  url.password = sandbox.tokens.people[login] ?? '';
  return url.href;
}

test('a clone, a partial one too, and the head of a pull request', async () => {
  await git(
    work,
    'clone',
    '--quiet',
    '--filter=blob:none',
    '--no-checkout',
    `${sandbox.gitUrl}/acme/widgets.git`,
    'partial',
  );
  await git(join(work, 'partial'), 'fetch', '--quiet', 'origin', 'refs/pull/43/head');
  expect(await git(join(work, 'partial'), 'rev-parse', 'FETCH_HEAD')).toBe(sandbox.pull(43).pull.headSha);
  const refs = await git(work, 'ls-remote', `${sandbox.gitUrl}/acme/widgets`);
  expect(refs).not.toContain('refs/prepared');
});

test('a push moves the pull request and tells of it; a forced one is told as such', async () => {
  await git(work, 'clone', '--quiet', '--branch=retry-uploads', urlAs('bob'), 'pushed');
  const dir = join(work, 'pushed');
  writeFileSync(join(dir, 'NOTES.md'), 'notes\n');
  await git(dir, 'add', 'NOTES.md');
  await git(dir, 'commit', '--quiet', '-m', 'Add notes');
  await git(dir, 'push', '--quiet', 'origin', 'HEAD');
  const sha = await git(dir, 'rev-parse', 'HEAD');
  expect(sandbox.pull(42).pull.headSha).toBe(sha);
  await git(dir, 'commit', '--quiet', '--amend', '-m', 'Add some notes');
  await git(dir, 'push', '--quiet', '--force', 'origin', 'HEAD');
  await sandbox.idle();
  expect(sandbox.received.map((it) => `${it.event} ${it.action ?? ''}`.trim()).sort()).toEqual([
    'pull_request synchronize',
    'pull_request synchronize',
    'push',
    'push',
  ]);
  expect(sandbox.received.filter((it) => it.event === 'push').map((it) => it.payload.forced)).toEqual(
    expect.arrayContaining([false, true]),
  );
});

test.each([
  ['a stranger', 'stranger', /denied to stranger|403/],
  ['nobody', null, /could not read|Authentication|terminal prompts/],
])('%s cannot push', async (_, login, message) => {
  const url = login ? urlAs(login) : `${sandbox.gitUrl}/acme/widgets.git`;
  await expect(git(join(work, 'partial'), 'push', url, 'refs/remotes/origin/main:refs/heads/mine')).rejects.toThrow(
    message,
  );
});

test('a push that brings a pull request into its base merges it', async () => {
  await git(work, 'clone', '--quiet', urlAs('alice'), 'merged');
  const dir = join(work, 'merged');
  await git(dir, 'merge', '--quiet', '--no-ff', '-m', 'Merge it', 'origin/name-the-bucket');
  await git(dir, 'push', '--quiet', 'origin', 'main');
  expect(sandbox.pull(44)).toMatchObject({ state: 'closed', pull: { merged: true } });
});
