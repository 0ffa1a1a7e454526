import { CutwaterError } from '../errors.ts';
import { parseCommit, parseTree } from './formats.ts';
import type { MergeResult, Mirror, NewCommit, Person, Remote } from './mirror.ts';
import { remoteConfig } from './remote-config.ts';
import { DamagedMirror, remoteFailure } from './remote-failure.ts';
import { type GitOutcome, runGit } from './run.ts';

export interface OpenOptions {
  dir: string;
  remote(to?: { org: string; repo: string }): Promise<Remote>;
  timeoutMs: number;
  signal: AbortSignal;
  inTurn<T>(fetch: () => Promise<T>): Promise<T>;
  /** Told after every fetch that brought something. */
  fetched(): void;
}

const OBJECT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const FETCH = ['fetch', '--quiet', '--filter=blob:none', '--no-tags', '--no-write-fetch-head'];
const LS_REMOTE = ['ls-remote', '--quiet'];
/** Trees and commits that stand for merges carry this name; they are seen by nobody. */
const NOBODY: Person = { name: 'cutwater', email: 'cutwater@localhost', date: '2000-01-01T00:00:00Z' };
const MAX_ANCESTRY = 10_000;

/** The mirror in a folder that git has initialised. */
export function openMirror({ dir, remote, timeoutMs, signal, inTurn, fetched }: OpenOptions): Mirror {
  /** Without a remote: what is not here is missing, and is not asked for. */
  const local = (args: readonly string[], more: { input?: string; maxBytes?: number } = {}) =>
    runGit({ gitDir: dir, args, timeoutMs, signal, ...more });

  /** With the remote at hand, from which git also takes contents that it turns out to need. */
  async function remotely(args: readonly string[], more: { input?: string } = {}): Promise<GitOutcome> {
    return runGit({ gitDir: dir, args, timeoutMs, signal, config: remoteConfig({ origin: await remote() }), ...more });
  }

  async function missing(oids: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const oid of new Set(oids)) {
      const { code } = await local(['rev-list', '--no-walk', '--missing=print', '--quiet', objectName(oid), '--']);
      if (code !== 0) found.push(oid);
    }
    return found;
  }

  async function bring(oids: readonly string[]): Promise<void> {
    if (oids.length === 0) return;
    const outcome = await remotely([...FETCH, '--stdin', 'origin'], { input: `${oids.join('\n')}\n` });
    if (outcome.code !== 0) throw remoteFailure('fetch', outcome.stderr);
    fetched();
  }

  async function fetchCommits(shas: readonly string[]): Promise<void> {
    if ((await missing(shas)).length === 0) return;
    // Somebody before us may have brought them.
    await inTurn(async () => bring(await missing(shas)));
  }

  async function find(ref: string): Promise<string | undefined> {
    const outcome = await remotely([...LS_REMOTE, 'origin', refName(ref)]);
    if (outcome.code !== 0) throw remoteFailure('ls-remote', outcome.stderr);
    const line = text(outcome)
      .split('\n')
      .find((row) => row.endsWith(`\t${ref}`));
    return line?.split('\t')[0];
  }

  async function merge(ours: string, theirs: string): Promise<MergeResult> {
    const outcome = await remotely(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]);
    const [tree = '', ...paths] = text(outcome).split('\0');
    if (outcome.code === 0) return { tree };
    if (outcome.code === 1) return { conflicts: paths.filter(Boolean) };
    throw localFailure('merge-tree', outcome);
  }

  /** Git below 2.40 merges with a base of our choice only where history says so: commits are made that say so. */
  async function mergeTrees({ base, ours, theirs }: { base: string; ours: string; theirs: string }) {
    const standIn = async (treeish: string, parents: string[]) =>
      commit({ tree: await treeOf(treeish), parents, message: 'stand-in', author: NOBODY, committer: NOBODY });
    const root = await standIn(base, []);
    return merge(await standIn(ours, [root]), await standIn(theirs, [root]));
  }

  async function treeOf(treeish: string): Promise<string> {
    return text(await good(['rev-parse', '--verify', '--end-of-options', `${objectName(treeish)}^{tree}`])).trim();
  }

  async function good(args: readonly string[], more: { input?: string; maxBytes?: number } = {}): Promise<GitOutcome> {
    const outcome = await local(args, more);
    if (outcome.code !== 0) throw localFailure(args[0] ?? '', outcome);
    return outcome;
  }

  async function commit({ tree, parents, message, author, committer = author }: NewCommit): Promise<string> {
    const args = ['commit-tree', objectName(tree), ...parents.flatMap((parent) => ['-p', objectName(parent)])];
    const env = { ...personEnv('AUTHOR', author), ...personEnv('COMMITTER', committer) };
    const outcome = await runGit({ gitDir: dir, args, env, input: message.replaceAll('\0', ''), timeoutMs, signal });
    if (outcome.code !== 0) throw localFailure('commit-tree', outcome);
    return text(outcome).trim();
  }

  async function readBlobs(oids: readonly string[], maxBytes: number): Promise<Buffer[]> {
    if (oids.length === 0) return [];
    const absent = await missing(oids);
    if (absent.length > 0) await inTurn(() => bring(absent));
    const input = `${oids.map(objectName).join('\n')}\n`;
    const sizes = text(await good(['cat-file', '--batch-check=%(objectsize)'], { input }))
      .trim()
      .split('\n')
      .map(Number);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!(total <= maxBytes)) throw new CutwaterError('invalid', `${total} bytes are more than ${maxBytes}`);
    const framing = oids.length * 2;
    const { stdout } = await good(['cat-file', '--batch='], { input, maxBytes: maxBytes + framing });
    let at = 1;
    return sizes.map((size) => {
      const blob = stdout.subarray(at, at + size);
      // Each stands between an empty line and the end of a line.
      at += size + 2;
      return blob;
    });
  }

  return {
    fetchCommits,
    async fetchRef(ref) {
      const sha = await find(ref);
      if (!sha) throw new CutwaterError('not-found', `there is no ${ref}`);
      await fetchCommits([sha]);
      return sha;
    },
    hasRef: async (ref) => (await find(ref)) !== undefined,
    mergeTree: (ours, theirs) => merge(objectName(ours), objectName(theirs)),
    mergeTrees,
    commit,
    readCommit: async (sha) => parseCommit(sha, (await good(['cat-file', 'commit', objectName(sha)])).stdout),
    async commitsBetween(base, head) {
      const range = [
        `--max-count=${MAX_ANCESTRY}`,
        '--reverse',
        '--topo-order',
        objectName(head),
        `^${objectName(base)}`,
      ];
      return text(await good(['rev-list', ...range, '--']))
        .split('\n')
        .filter(Boolean);
    },
    async readTree(treeish, paths = [], maxFiles = 10_000) {
      const args = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', objectName(treeish), '--', ...paths];
      const files = parseTree((await good(args)).stdout);
      if (files.length > maxFiles) throw new CutwaterError('invalid', `there are more than ${maxFiles} files`);
      return files;
    },
    readBlobs,
    async readBlob(oid, maxBytes) {
      const [blob] = await readBlobs([oid], maxBytes);
      return blob as Buffer;
    },
    async push({ commit: sha, ref, to, force = false }) {
      const config = remoteConfig({ origin: await remote(), target: await remote(to) });
      const args = ['push', '--quiet', '--porcelain', ...(force ? ['--force'] : []), 'target'];
      args.push(`${objectName(sha)}:${refName(ref)}`);
      const outcome = await runGit({ gitDir: dir, args, timeoutMs, signal, config });
      if (outcome.code !== 0) throw remoteFailure('push', `${outcome.stderr}\n${text(outcome)}`);
    },
  };
}

function objectName(name: string): string {
  if (OBJECT.test(name)) return name;
  throw new CutwaterError('invalid', `${JSON.stringify(name)} is no object name`);
}

/** Git's rules for refs, without those that only a pattern or a refspec would have (git check-ref-format). */
function refName(ref: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them.
  const wrong = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$/;
  if (ref.startsWith('refs/') && !wrong.test(ref)) return ref;
  throw new CutwaterError('invalid', `${JSON.stringify(ref)} is no name of a ref`);
}

function text({ stdout }: GitOutcome): string {
  return stdout.toString('utf8');
}

function localFailure(what: string, { stderr }: GitOutcome): Error {
  if (/could not fetch|unable to access|promisor remote/i.test(stderr)) return remoteFailure(what, stderr);
  return new DamagedMirror(`git ${what}: ${stderr.trim()}`);
}

function personEnv(role: 'AUTHOR' | 'COMMITTER', { name, email, date }: Person): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: nameFor(name),
    [`GIT_${role}_EMAIL`]: withoutControl(email),
    ...(date && { [`GIT_${role}_DATE`]: date }),
  };
}

/** Anybody's commit may hold a name that git does not let us write again: one without a letter that it keeps. */
function nameFor(name: string): string {
  const plain = withoutControl(name);
  return /[^\s.,:;<>"\\']/.test(plain) ? plain : 'unknown';
}

function withoutControl(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
