import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitMaybe } from './run.ts';

export const ZERO = '0'.repeat(40);

/** Makes a bare repository that answers what GitHub's git answers: any commit by its id, partial clones. */
export async function initRepository(dir: string, defaultBranch: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  await git(dir, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '.']);
  appendFileSync(join(dir, 'config'), SETTINGS);
}

const SETTINGS = `[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[receive]
\tdenyDeleteCurrent = refuse
\tautogc = false
[gc]
\tauto = 0
`;

/** Looks a branch, tag, full ref or (short) commit id up and gives its commit, or undefined. */
export async function resolveCommit(dir: string, name: string): Promise<string | undefined> {
  if (!isSafe(name)) return undefined;
  const candidates = /^[0-9a-f]{4,40}$/.test(name)
    ? [name, `refs/heads/${name}`]
    : [`refs/heads/${name}`, `refs/tags/${name}`, name];
  for (const candidate of candidates) {
    const sha = await gitMaybe(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]);
    if (sha) return sha;
  }
  return undefined;
}

function isSafe(name: string): boolean {
  return name !== '' && !name.startsWith('-') && !/[\s~^:?*[\\]|\.\.|@\{/.test(name);
}

/** True for a full ref that git would accept, such as `refs/heads/feature/x`. */
export async function isRefName(ref: string): Promise<boolean> {
  return ref.startsWith('refs/') && (await gitMaybe('/', ['check-ref-format', ref])) !== undefined;
}

export interface RefEntry {
  ref: string;
  sha: string;
  type: string;
}

/** The refs under a prefix (`refs/heads/`), sorted by name. */
export async function listRefs(dir: string, prefix = 'refs/'): Promise<RefEntry[]> {
  const lines = await git(dir, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', prefix]);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [ref = '', sha = '', type = ''] = line.split(' ');
      return { ref, sha, type };
    });
}

export async function readRef(dir: string, ref: string): Promise<string | undefined> {
  // A ref that was moved lately stands in a file of its own, which counts before packed ones.
  const loose = isSafe(ref) && ref.startsWith('refs/') ? await readFile(join(dir, ref), 'utf8').catch(() => '') : '';
  if (/^[0-9a-f]{40}\n$/.test(loose)) return loose.trim();
  return gitMaybe(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', ref]);
}

/** Moves a ref. With `expected`, only from there (`ZERO`: it must be new); rejects otherwise. */
export async function updateRef(dir: string, ref: string, sha: string, expected?: string): Promise<void> {
  await git(dir, ['update-ref', ref, sha, ...(expected ? [expected] : [])]);
}

export async function deleteRef(dir: string, ref: string): Promise<void> {
  await git(dir, ['update-ref', '-d', ref]);
}

/** Takes a commit and what it needs from another local repository. */
export async function fetchFrom(dir: string, otherDir: string, sha: string): Promise<void> {
  if (dir === otherDir) return;
  await git(dir, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options', otherDir, sha]);
}

export async function isAncestor(dir: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await gitMaybe(dir, ['merge-base', '--is-ancestor', ancestor, descendant])) !== undefined;
}

export async function mergeBase(dir: string, one: string, other: string): Promise<string | undefined> {
  return gitMaybe(dir, ['merge-base', one, other]);
}
