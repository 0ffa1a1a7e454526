import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mirrors } from './mirror.ts';
import { createMirrors } from './mirrors.ts';

let folder: string;
let mirrors: Mirrors;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mirror-'));
  for (const name of ['acme', 'fork']) {
    git(name, 'init', '-q', '-b', 'main', path.join(folder, name));
    git(name, 'config', 'uploadpack.allowFilter', 'true');
  }
  commit('acme', { 'a.txt': lines('one'), 'b.txt': 'b\n' }, 'first');
  mirrors = open();
});

afterEach(async () => {
  await mirrors.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(maxBytes?: number): Mirrors {
  return createMirrors({
    folder: path.join(folder, 'mirrors'),
    remote: async (org) => ({ url: pathToFileURL(path.join(folder, org)).href }),
    log: pino({ level: 'silent' }),
    maxBytes,
  });
}

function git(repo: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=n', '-c', 'user.email=n@localhost'];
  const cwd = args[0] === 'init' ? folder : path.join(folder, repo);
  return execFileSync('git', [...who, ...args], { cwd, env, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }).trim();
}

function commit(repo: string, files: Record<string, string>, message: string): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, repo, name), text);
  git(repo, 'add', '.');
  git(repo, 'commit', '-qm', message);
  return git(repo, 'rev-parse', 'HEAD');
}

function lines(first: string, last = 'end'): string {
  return [first, ...Array.from({ length: 20 }, (_, index) => `line ${index}`), last, ''].join('\n');
}

/** main changes the first line of a.txt, and pr its last one. */
function diverge(): { base: string; head: string } {
  git('acme', 'checkout', '-qb', 'pr');
  const head = commit('acme', { 'a.txt': lines('one', 'changed'), 'new.txt': 'new\n' }, 'theirs');
  git('acme', 'checkout', '-q', 'main');
  return { base: commit('acme', { 'a.txt': lines('two') }, 'ours'), head };
}

async function contents(org: string, treeish: string): Promise<Record<string, string>> {
  return mirrors.use(org, 'widgets', async (mirror) => {
    const files = await mirror.readTree(treeish);
    const blobs = await mirror.readBlobs(
      files.map(({ oid }) => oid),
      10_000,
    );
    return Object.fromEntries(files.map((file, index) => [file.path, String(blobs[index])]));
  });
}

describe('merging', () => {
  test('joins what both sides changed, contents fetched on the way', async () => {
    const { base, head } = diverge();
    const merged = await mirrors.use('acme', 'widgets', async (mirror) => {
      await mirror.fetchCommits([base, head]);
      return mirror.mergeTree(base, head);
    });
    expect(merged).toHaveProperty('tree');
    const { tree } = merged as { tree: string };
    expect(await contents('acme', tree)).toEqual({
      'a.txt': lines('two', 'changed'),
      'b.txt': 'b\n',
      'new.txt': 'new\n',
    });
  });

  test('tells the paths in conflict', async () => {
    const base = git('acme', 'rev-parse', 'HEAD');
    const ours = commit('acme', { 'a.txt': 'ours\n' }, 'ours');
    git('acme', 'checkout', '-qb', 'pr', base);
    const theirs = commit('acme', { 'a.txt': 'theirs\n' }, 'theirs');
    const merged = await mirrors.use('acme', 'widgets', async (mirror) => {
      await mirror.fetchCommits([ours, theirs]);
      return mirror.mergeTree(ours, theirs);
    });
    expect(merged).toEqual({ conflicts: ['a.txt'] });
  });

  test('takes one commit over to another branch and pushes it to a fork', async () => {
    git('acme', 'branch', 'release');
    const release = git('acme', 'rev-parse', 'release');
    commit('acme', { 'b.txt': 'not wanted\n' }, 'not picked');
    const wanted = commit('acme', { 'a.txt': lines('picked') }, 'the fix\n\nwith words');
    const sha = await mirrors.use('acme', 'widgets', async (mirror) => {
      await mirror.fetchCommits([wanted]);
      const { parents, author, message } = await mirror.readCommit(wanted);
      expect({ name: author.name, email: author.email, message }).toEqual({
        name: 'n',
        email: 'n@localhost',
        message: 'the fix\n\nwith words\n',
      });
      const ours = await mirror.fetchRef('refs/heads/release');
      const merged = await mirror.mergeTrees({ base: parents[0] ?? '', ours, theirs: wanted });
      const tree = 'tree' in merged ? merged.tree : '';
      const picked = await mirror.commit({ tree, parents: [ours], message, author });
      await mirror.push({ commit: picked, ref: 'refs/heads/picked', to: { org: 'fork', repo: 'widgets' } });
      return picked;
    });
    expect(git('fork', 'rev-parse', 'picked', 'picked^')).toBe(`${sha}\n${release}`);
    expect(git('fork', 'show', 'picked:b.txt')).toBe('b');
    expect(git('fork', 'show', 'picked:a.txt')).toBe(lines('picked').trim());
    expect(git('fork', 'show', '-s', '--format=%an %ad', 'picked')).toBe(
      git('acme', 'show', '-s', '--format=%an %ad', wanted),
    );
  });

  test('lists the commits between, oldest first', async () => {
    const base = git('acme', 'rev-parse', 'HEAD');
    const second = commit('acme', { 'c.txt': '2' }, 'second');
    const third = commit('acme', { 'c.txt': '3' }, 'third');
    const between = await mirrors.use('acme', 'widgets', async (mirror) => {
      await mirror.fetchCommits([third]);
      return mirror.commitsBetween(base, third);
    });
    expect(between).toEqual([second, third]);
  });
});

describe('refusals', () => {
  const refused = (work: Parameters<Mirrors['use']>[2]) => mirrors.use('acme', 'widgets', work);

  test.each([
    ['a commit that is nowhere', refused, (m) => m.fetchCommits(['1'.repeat(40)]), 'not-found'],
    ['a ref that is nowhere', refused, (m) => m.fetchRef('refs/heads/none'), 'not-found'],
    ['an option for an object name', refused, (m) => m.fetchCommits(['--upload-pack=touch x']), 'invalid'],
    ['an option for a ref', refused, (m) => m.fetchRef('--upload-pack=touch x'), 'invalid'],
    ['a refspec for a ref', refused, (m) => m.fetchRef('refs/heads/*:refs/heads/*'), 'invalid'],
  ] satisfies [string, typeof refused, Parameters<Mirrors['use']>[2], string][])('%s', async (_, use, work, code) => {
    await expect(use(work)).rejects.toMatchObject({ code });
  });

  test.each(['..', '.', 'a/b', '', '-x y'])('%j is no name', async (name) => {
    await expect(mirrors.use(name, 'widgets', async () => {})).rejects.toMatchObject({ code: 'invalid' });
    await expect(mirrors.use('acme', name, async () => {})).rejects.toMatchObject({ code: 'invalid' });
  });

  test('too many files, and too large ones', async () => {
    const head = git('acme', 'rev-parse', 'HEAD');
    await refused(async (mirror) => {
      await mirror.fetchCommits([head]);
      await expect(mirror.readTree(head, [], 1)).rejects.toMatchObject({ code: 'invalid' });
      const [file] = await mirror.readTree(head, ['a.txt']);
      await expect(mirror.readBlob(file?.oid ?? '', 10)).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  test('a push that is not a fast-forward', async () => {
    const { base, head } = diverge();
    await refused(async (mirror) => {
      await mirror.fetchCommits([base, head]);
      await mirror.push({ commit: base, ref: 'refs/heads/other' });
      const again = { commit: head, ref: 'refs/heads/other' };
      await expect(mirror.push(again)).rejects.toMatchObject({ code: 'invalid' });
      await mirror.push({ ...again, force: true });
    });
    expect(git('acme', 'rev-parse', 'other')).toBe(head);
  });

  test('nothing starts after the end', async () => {
    await mirrors.close();
    await expect(mirrors.use('acme', 'widgets', async () => {})).rejects.toMatchObject({ code: 'transient' });
  });
});

describe('the folder', () => {
  test('many at once share one mirror', async () => {
    const { base, head } = diverge();
    const all = await Promise.all(
      Array.from({ length: 8 }, () =>
        mirrors.use('acme', 'Widgets', async (mirror) => {
          await mirror.fetchCommits([base, head]);
          return mirror.mergeTree(base, head);
        }),
      ),
    );
    expect(new Set(all.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(readdirSync(path.join(folder, 'mirrors', 'acme'))).toEqual(['widgets.git']);
  });

  test('a damaged mirror is made anew', async () => {
    const head = git('acme', 'rev-parse', 'HEAD');
    await contentsOf(head);
    const packs = path.join(folder, 'mirrors/acme/widgets.git/objects/pack');
    for (const name of readdirSync(packs)) {
      execFileSync('chmod', ['u+w', path.join(packs, name)]);
      truncateSync(path.join(packs, name), 20);
    }
    expect(await contentsOf(head)).toHaveProperty('b.txt', 'b\n');
  });

  test('what a crash left half made is in nobody’s way', async () => {
    await mirrors.close();
    const left = path.join(folder, 'mirrors/new/acme+widgets.git');
    execFileSync('mkdir', ['-p', left]);
    writeFileSync(path.join(left, 'HEAD'), '');
    mirrors = open();
    expect(await contentsOf(git('acme', 'rev-parse', 'HEAD'))).toHaveProperty('b.txt');
  });

  test('what git leaves behind when it is killed goes, and stops nobody', async () => {
    await contentsOf(git('acme', 'rev-parse', 'HEAD'));
    await mirrors.close();
    const dir = path.join(folder, 'mirrors/acme/widgets.git');
    const left = ['config.lock', 'shallow.lock', 'gc.pid', 'objects/pack/tmp_pack_a1', 'objects/pack/.tmp-7-pack-b2'];
    // A fetch without contents writes that down first, for which it needs a lock.
    execFileSync('git', ['config', '--file', path.join(dir, 'config'), '--remove-section', 'remote.origin']);
    for (const name of left) writeFileSync(path.join(dir, name), '7');
    mirrors = open();
    expect(await contentsOf(commit('acme', { 'c.txt': 'c\n' }, 'later'))).toHaveProperty('c.txt');
    expect(left.filter((name) => existsSync(path.join(dir, name)))).toEqual([]);
  });

  test('those unused for longest go when space runs out', async () => {
    await mirrors.close();
    mirrors = open(1);
    const head = git('acme', 'rev-parse', 'HEAD');
    for (const repo of ['one', 'two']) await mirrors.use('acme', repo, (mirror) => mirror.fetchCommits([head]));
    await expect.poll(() => readdirSync(path.join(folder, 'mirrors/acme'))).toEqual(['two.git']);
  });

  async function contentsOf(sha: string) {
    await mirrors.use('acme', 'widgets', (mirror) => mirror.fetchCommits([sha]));
    return contents('acme', sha);
  }
});
