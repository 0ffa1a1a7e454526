import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitHubClient } from '../ports/port.ts';
import type { Mirrors } from './mirror.ts';
import { createMirrors } from './mirrors.ts';
import { gitPort } from './port.ts';

let folder: string;
let mirrors: Mirrors;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'git-port-'));
  for (const name of ['acme', 'ci-robot']) {
    git(name, 'init', '-q', '-b', 'main', path.join(folder, name));
    git(name, 'config', 'uploadpack.allowFilter', 'true');
  }
  commit({ 'a.txt': lines('one') }, 'first');
  git('acme', 'branch', 'release');
  mirrors = createMirrors({
    folder: path.join(folder, 'mirrors'),
    remote: async (org) => ({ url: pathToFileURL(path.join(folder, org)).href }),
    log: pino({ level: 'silent' }),
  });
});

afterEach(async () => {
  await mirrors.close();
  rmSync(folder, { recursive: true, force: true });
});

function git(repo: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=Bob', '-c', 'user.email=bob@example.test'];
  const cwd = args[0] === 'init' ? folder : path.join(folder, repo);
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function commit(files: Record<string, string>, message: string): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, 'acme', name), text);
  git('acme', 'add', '.');
  git('acme', 'commit', '-qm', message);
  return git('acme', 'rev-parse', 'HEAD');
}

function lines(first: string, last = 'end'): string {
  return [first, ...Array.from({ length: 20 }, (_, index) => `line ${index}`), last, ''].join('\n');
}

const BRANCH = 'cherry-pick-5-to-release';

function pick(commits: string[], more: { target?: string; head?: string; to?: string } = {}) {
  const { cherryPick } = gitPort(mirrors).calls;
  const { target = 'release', head = commits.at(-1) ?? '', to = 'ci-robot' } = more;
  const wanted = { commits, head, target, branch: BRANCH, to: { org: to, repo: 'widgets' }, committer: 'ci-robot' };
  return cherryPick.run({} as GitHubClient, { org: 'acme', repo: 'widgets', number: 5 }, wanted);
}

/** On a branch of its own, as a pull request has it: a commit on top of main that is not on the release branch. */
function pull(): string[] {
  commit({ 'only-on-main.txt': 'x\n' }, 'not for the release');
  git('acme', 'checkout', '-qb', 'topic');
  return [
    commit({ 'a.txt': lines('one', 'changed') }, '[x] One\n\nWith words.\n\nSigned-off-by: Bob'),
    commit({ 'b.txt': 'b\n' }, 'Two'),
  ];
}

test('commits go to a branch of the fork with their authors and words, and nothing else does', async () => {
  const outcome = await pick(pull());
  expect(outcome).toEqual({ kind: 'pushed', commit: git('ci-robot', 'rev-parse', BRANCH) });
  const log = git('ci-robot', 'log', '--format=%an %cn %ce: %B', '-2', '--reverse', BRANCH);
  expect(log.split('\n').filter(Boolean)).toEqual([
    'Bob ci-robot ci-robot@users.noreply.github.com: [x] One',
    'With words.',
    'Signed-off-by: Bob',
    'Bob ci-robot ci-robot@users.noreply.github.com: Two',
  ]);
  expect(git('ci-robot', 'ls-tree', '--name-only', BRANCH).split('\n')).toEqual(['a.txt', 'b.txt']);
  expect(git('ci-robot', 'rev-parse', `${BRANCH}~2`)).toBe(git('acme', 'rev-parse', 'release'));
});

test.each([
  ['no name', ' <bob@example.test> 1700000000 +0000', 'unknown 1700000000'],
  ['a name of which git keeps nothing', '. <> 1700000000 +0000', 'unknown 1700000000'],
  ['a day before 1973', 'Bob <b@x> 0 +0000', 'Bob 0'],
  ['a day that never comes', 'Bob <b@x> 99999999999999999999999 +0000', 'Bob 253402300799'],
])('a commit with %s is taken over all the same', async (_, author, written) => {
  const [parent = ''] = pull();
  const tree = git('acme', 'rev-parse', 'HEAD^{tree}');
  const object = `tree ${tree}\nparent ${parent}\nauthor ${author}\ncommitter ${author}\n\nodd\n`;
  writeFileSync(path.join(folder, 'object'), object);
  const odd = git('acme', 'hash-object', '-t', 'commit', '-w', '--literally', path.join(folder, 'object'));
  git('acme', 'update-ref', 'refs/heads/odd', odd);
  expect(await pick([odd])).toMatchObject({ kind: 'pushed' });
  expect(git('ci-robot', 'log', '-1', '--format=%an %at', BRANCH)).toBe(written);
});

test('a second time, and over what stands there, does no harm', async () => {
  const commits = pull();
  await pick(commits.slice(0, 1));
  await pick(commits);
  expect(await pick(commits)).toMatchObject({ kind: 'pushed' });
  expect(git('ci-robot', 'rev-list', '--count', BRANCH)).toBe('3');
});

test('the branch may go to the repository itself', async () => {
  await pick(pull(), { to: 'acme' });
  expect(git('acme', 'ls-tree', '--name-only', BRANCH).split('\n')).toEqual(['a.txt', 'b.txt']);
});

test('what the branch has already is left out', async () => {
  const [first = '', second = ''] = pull();
  git('acme', 'checkout', '-q', 'release');
  commit({ 'a.txt': lines('one', 'changed') }, 'by hand');
  expect(await pick([first])).toEqual({ kind: 'empty' });
  expect(await pick([first, second])).toMatchObject({ kind: 'pushed' });
  expect(git('ci-robot', 'log', '--format=%s', BRANCH)).toBe('Two\nby hand\nfirst');
});

test('a conflict names the commit and the files, and pushes nothing', async () => {
  const [first = '', second = ''] = pull();
  git('acme', 'checkout', '-q', 'release');
  commit({ 'a.txt': lines('one', 'otherwise') }, 'another way');
  expect(await pick([first, second])).toEqual({
    kind: 'conflict',
    commit: first,
    subject: '[x] One',
    paths: ['a.txt'],
  });
  expect(git('ci-robot', 'branch', '--list')).toBe('');
});

test.each([
  {
    name: 'no such branch',
    target: 'nowhere',
    outcome: { kind: 'no-branch', message: 'acme/widgets has no such branch' },
  },
  { name: 'no name of a branch', target: '../evil', outcome: { kind: 'no-branch' } },
  { name: 'an option', target: '--upload-pack=x', outcome: { kind: 'no-branch' } },
  { name: 'no such commit', head: 'f'.repeat(40), outcome: { kind: 'no-commits' } },
])('$name', async ({ outcome, name: _, ...more }) => {
  expect(await pick(pull(), more)).toMatchObject(outcome);
});

test('where there is no place to push to, that is an answer', async () => {
  expect(await pick(pull(), { to: 'nobody' })).toMatchObject({ kind: 'push-refused' });
});
