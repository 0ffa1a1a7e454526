import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, gitBytes, gitMaybe } from './run.ts';

export interface TreeEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  path: string;
  size?: number;
}

/** A tree's entries; `recursive` goes into folders and lists them too, as GitHub does. */
export async function listTree(
  dir: string,
  treeish: string,
  recursive = false,
  path = '',
): Promise<TreeEntry[] | undefined> {
  const spec = path === '' ? `${treeish}^{tree}` : `${treeish}:${path}`;
  const output = await gitMaybe(dir, [
    'ls-tree',
    '-z',
    '-l',
    ...(recursive ? ['-r', '-t'] : []),
    '--end-of-options',
    spec,
  ]);
  return output
    ?.split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', name = ''] = line.split('\t');
      const [mode = '', type = '', sha = '', size = '-'] = meta.split(/ +/);
      return {
        mode,
        type: type as TreeEntry['type'],
        sha,
        path: name,
        ...(size === '-' ? {} : { size: Number(size) }),
      };
    });
}

/** A file's entry at a commit, or undefined; folders too. */
export async function treeEntryAt(dir: string, treeish: string, path: string): Promise<TreeEntry | undefined> {
  const output = await gitMaybe(dir, ['ls-tree', '-z', '-l', '--end-of-options', treeish, path]);
  const line = output?.split('\0')[0];
  if (!line) return undefined;
  const [meta = '', name = ''] = line.split('\t');
  const [mode = '', type = '', sha = '', size = '-'] = meta.split(/ +/);
  return { mode, type: type as TreeEntry['type'], sha, path: name, ...(size === '-' ? {} : { size: Number(size) }) };
}

export async function readBlob(dir: string, sha: string): Promise<Buffer | undefined> {
  const type = await gitMaybe(dir, ['cat-file', '-t', sha]);
  return type === 'blob' ? gitBytes(dir, ['cat-file', 'blob', sha]) : undefined;
}

export async function writeBlob(dir: string, content: string | Buffer): Promise<string> {
  return git(dir, ['hash-object', '-w', '--stdin'], { input: content });
}

export interface TreeChange {
  path: string;
  mode?: string;
  /** The blob that stands there from now on; null removes. */
  sha: string | null;
}

/** Writes a tree: a base (or nothing) with some paths changed. */
export async function writeTree(
  dir: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(dir, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (base) await git(dir, ['read-tree', base], { env });
    const lines = changes.map((it) =>
      it.sha === null ? `0 ${'0'.repeat(40)}\t${it.path}` : `${it.mode ?? '100644'} ${it.sha}\t${it.path}`,
    );
    if (lines.length > 0)
      await git(dir, ['update-index', '-z', '--index-info'], { env, input: `${lines.join('\0')}\0` });
    return await git(dir, ['write-tree'], { env });
  } finally {
    rmSync(index, { force: true });
  }
}

export interface FileEdit {
  path: string;
  /** New content; null deletes. */
  content: string | Buffer | null;
  executable?: boolean;
}

/** Writes a tree: a base with some files' contents changed. Files that stay executable keep their mode. */
export async function editTree(dir: string, base: string | undefined, edits: readonly FileEdit[]): Promise<string> {
  const before = base ? ((await listTree(dir, base, true)) ?? []) : [];
  const modes = new Map(before.map((entry) => [entry.path, entry.mode]));
  const blobs = await writeBlobs(
    dir,
    edits.flatMap((edit) => (edit.content === null ? [] : [edit.content])),
  );
  let next = 0;
  const changes = edits.map((edit): TreeChange => {
    if (edit.content === null) return { path: edit.path, sha: null };
    const mode = edit.executable ? '100755' : (modes.get(edit.path) ?? '100644');
    return { path: edit.path, mode, sha: blobs[next++] ?? null };
  });
  return writeTree(dir, base, changes);
}

/** Writes many blobs with one process, by way of files in a folder of their own. */
async function writeBlobs(dir: string, contents: readonly (string | Buffer)[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-blobs-'));
  try {
    const paths = contents.map((_, index) => join(folder, String(index)));
    for (const [index, path] of paths.entries()) writeFileSync(path, contents[index] ?? '');
    const output = await git(dir, ['hash-object', '-w', '--no-filters', '--stdin-paths'], {
      input: paths.map((path) => `${path}\n`).join(''),
    });
    return output.split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
