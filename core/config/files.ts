import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import ignore, { type Ignore } from 'ignore';

const IGNORE_FILE = '.prowignore';

/** Whatever `file` holds, unpacked where it is gzip: ConfigMaps hold large job files that way. */
export function readMaybeGzip(file: string): Buffer {
  const content = readFileSync(file);
  return content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
}

export interface Tree {
  files: string[];
  directories: string[];
}

/**
 * The files below `root` whose path `accepts`, in the order of Go's filepath.Walk. Names that begin with `..` are left out: a mounted
 * ConfigMap shows every file once by its name and once more below `..data`.
 */
export function walk(root: string, accepts: (file: string) => boolean): Tree {
  const tree: Tree = { files: [], directories: [] };
  if (!statSync(root).isDirectory()) return { files: [root], directories: [] };
  visit(root, accepts, [], tree);
  return tree;
}

interface Rules {
  directory: string;
  rules: Ignore;
}

function visit(directory: string, accepts: (file: string) => boolean, above: readonly Rules[], tree: Tree): void {
  tree.directories.push(directory);
  const entries = readdirSync(directory, { withFileTypes: true });
  entries.sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name));
  const ignores = entries.some(({ name }) => name === IGNORE_FILE) ? [...above, rulesOf(directory)] : above;
  for (const entry of entries) {
    if (entry.name.startsWith('..')) continue;
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) visit(file, accepts, ignores, tree);
    else if (accepts(file) && !isIgnored(file, ignores) && !leadsToDirectory(file, entry.isSymbolicLink()))
      tree.files.push(file);
  }
}

/** Go's Walk does not follow links to directories, and neither do we. */
function leadsToDirectory(file: string, isLink: boolean): boolean {
  return isLink && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function rulesOf(directory: string): Rules {
  return { directory, rules: ignore().add(readFileSync(path.join(directory, IGNORE_FILE), 'utf8')) };
}

/** The deepest file that says something about `file` decides, as with .gitignore. */
function isIgnored(file: string, above: readonly Rules[]): boolean {
  for (const { directory, rules } of above.toReversed()) {
    const verdict = rules.test(path.relative(directory, file));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}

/** What changes when a file is written, replaced, or its ConfigMap is swapped. */
export function signatureOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 'absent';
  const link = lstatSync(file).isSymbolicLink() ? 'link' : '';
  return `${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}:${link}`;
}

export function isYaml(file: string): boolean {
  return file.endsWith('.yaml') || file.endsWith('.yml');
}
