import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileEdit } from '../git/trees.ts';

const ROOT = join(import.meta.dirname, 'acme');

/** The files of a folder beside this module, as edits; folders of the seed hold only what a commit changes. */
export function filesIn(folder: string): FileEdit[] {
  const root = join(ROOT, folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: relative(root, path),
      content: readFileSync(path),
      executable: (statSync(path).mode & 0o100) !== 0,
    }));
}
