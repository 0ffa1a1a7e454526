import { LRUCache } from 'lru-cache';
import { git } from './run.ts';

export interface FileChange {
  path: string;
  /** Where it was before, for renamed and copied files. */
  previousPath?: string;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** Of the new content, or of the old one where it was removed. */
  sha: string;
  additions: number;
  deletions: number;
  binary: boolean;
  /** The hunks, without git's header; undefined where binary. */
  patch?: string;
}

const STATUS: Record<string, FileChange['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

interface Raw {
  path: string;
  previousPath?: string;
  status: FileChange['status'];
  sha: string;
}

function parseRaw(fields: string[]): { raws: Raw[]; rest: string[] } {
  const raws: Raw[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ');
    const status = STATUS[letter[0] ?? 'M'] ?? 'modified';
    const moved = status === 'renamed' || status === 'copied';
    const first = fields[at + 1] ?? '';
    const path = moved ? (fields[at + 2] ?? '') : first;
    raws.push({ path, status, sha: status === 'removed' ? before : after, ...(moved ? { previousPath: first } : {}) });
    at += moved ? 3 : 2;
  }
  return { raws, rest: fields.slice(at) };
}

function parseNumbers(fields: string[]): Map<string, [string, string]> {
  const numbers = new Map<string, [string, string]>();
  for (let at = 0; at < fields.length; at += 1) {
    const [added, deleted, path] = (fields[at] ?? '').split('\t');
    if (added === undefined || deleted === undefined) continue;
    if (path) numbers.set(path, [added, deleted]);
    else {
      numbers.set(fields[at + 2] ?? '', [added, deleted]);
      at += 2;
    }
  }
  return numbers;
}

/** Two commits always differ in the same way, and a long list is asked for page by page. */
const known = new LRUCache<string, Promise<FileChange[]>>({ max: 32 });

/** What differs between two commits or trees, sorted by path. Patches cost a second look: ask for them where they are shown. */
export function diffFiles(dir: string, from: string, to: string, patches: boolean): Promise<FileChange[]> {
  const key = `${dir} ${from} ${to} ${patches}`;
  const found = known.get(key);
  if (found) return found;
  const work = compareTrees(dir, from, to, patches);
  known.set(key, work);
  work.catch(() => known.delete(key));
  return work;
}

async function compareTrees(dir: string, from: string, to: string, patches: boolean): Promise<FileChange[]> {
  const base = ['diff-tree', '-r', '-M', '--full-index', '--no-commit-id'];
  const fields = (await git(dir, [...base, '-z', '--raw', '--numstat', from, to])).split('\0');
  const { raws, rest } = parseRaw(fields);
  const numbers = parseNumbers(rest);
  const texts = patches ? splitPatch(await git(dir, [...base, '-p', from, to])) : [];
  return raws.map((raw, index) => {
    const [added = '0', deleted = '0'] = numbers.get(raw.path) ?? [];
    const binary = added === '-';
    const patch = binary ? undefined : texts[index];
    return {
      ...raw,
      additions: binary ? 0 : Number(added),
      deletions: binary ? 0 : Number(deleted),
      binary,
      ...(patch === undefined ? {} : { patch }),
    };
  });
}

/** Cuts git's patch into one text a file, from its first hunk on. A file without hunks has an undefined place. */
function splitPatch(text: string): (string | undefined)[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map((part) => {
      const at = part.search(/^@@ /m);
      return at < 0 ? undefined : part.slice(at).replace(/\n$/, '');
    });
}

/** The whole difference as `git diff` prints it: what GitHub gives for the media type `diff`. */
export async function diffText(dir: string, from: string, to: string): Promise<string> {
  return `${await git(dir, ['diff-tree', '-r', '-M', '-p', '--no-commit-id', from, to])}\n`;
}
