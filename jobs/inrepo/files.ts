import path from 'node:path';
import ignore from 'ignore';
import { CutwaterError } from '../../core/errors.ts';
import type { Mirror, TreeFile } from '../../core/git/mirror.ts';

/** A file with jobs, by its path in the repository. */
export interface JobText {
  path: string;
  text: string;
}

/** A pull request may say anything; what it may cost is bounded. */
const LIMITS = { files: 2_000, bytes: 20 * 1024 * 1024, linkHops: 5, linkBytes: 4_096 };

const FILE = '.prow.yaml';
const FOLDER = '.prow';
const IGNORE = '.prowignore';
const LINK = '120000';
const SUBMODULE = '160000';

/** The job files of a commit or tree: those of `.prow/`, or else `.prow.yaml` (Prow: ReadProwYAML). */
export async function jobFiles(mirror: Mirror, tree: string): Promise<JobText[]> {
  const found = await mirror.readTree(tree, [FOLDER, FILE, IGNORE], LIMITS.files);
  const root = found.find((file) => file.path === FOLDER);
  if (root && root.mode !== LINK && root.mode !== SUBMODULE)
    throw new CutwaterError('user', `${FOLDER} is a file, and has to be a folder`);
  // Prow finds nothing behind a link or in a submodule, and does not look for the file then.
  if (root) return [];
  const inFolder = found.filter((file) => file.path.startsWith(`${FOLDER}/`));
  if (inFolder.length > 0) return folderFiles(mirror, tree, found, inFolder);
  const single = found.find((file) => file.path === FILE);
  return single ? textsOf(mirror, tree, [single]) : [];
}

async function folderFiles(
  mirror: Mirror,
  tree: string,
  found: readonly TreeFile[],
  inFolder: readonly TreeFile[],
): Promise<JobText[]> {
  const ignores = await textsOf(
    mirror,
    tree,
    found.filter((file) => path.posix.basename(file.path) === IGNORE),
  );
  const ignored = ignoredBy(ignores);
  const wanted = inFolder.filter((file) => /\.ya?ml$/.test(file.path) && !ignored(file.path));
  return textsOf(
    mirror,
    tree,
    wanted.toSorted((a, b) => inWalkOrder(a.path, b.path)),
  );
}

/** The order of Go's filepath.Walk: name by name, a folder where its own name stands. */
function inWalkOrder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((name, index) => name !== right[index]);
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

/** As with .gitignore: the file nearest to a path that says something about it decides. */
export function ignoredBy(ignores: readonly JobText[]): (file: string) => boolean {
  const rules = ignores
    .map(({ path: file, text }) => ({ folder: path.posix.dirname(file), rules: ignore().add(text) }))
    .sort((a, b) => b.folder.length - a.folder.length);
  return (file) => {
    for (const { folder, rules: own } of rules) {
      const inside = folder === '.' ? file : file.startsWith(`${folder}/`) && file.slice(folder.length + 1);
      if (!inside) continue;
      const verdict = own.test(inside);
      if (verdict.ignored || verdict.unignored) return verdict.ignored;
    }
    return false;
  };
}

async function textsOf(mirror: Mirror, tree: string, files: readonly TreeFile[]): Promise<JobText[]> {
  const real = await Promise.all(files.map((file) => behindLinks(mirror, tree, file)));
  const blobs = await mirror.readBlobs(
    real.map(({ oid }) => oid),
    LIMITS.bytes,
  );
  return files.map((file, index) => ({ path: file.path, text: blobs[index]?.toString('utf8') ?? '' }));
}

/** Links are followed as a checkout would follow them, but never out of the repository. */
async function behindLinks(mirror: Mirror, tree: string, file: TreeFile): Promise<TreeFile> {
  let at = file;
  for (let hop = 0; at.mode === LINK; hop++) {
    const target = (await mirror.readBlob(at.oid, LIMITS.linkBytes)).toString('utf8');
    const to = path.posix.join(path.posix.dirname(at.path), target);
    if (target.startsWith('/') || to.startsWith('../') || hop >= LIMITS.linkHops)
      throw new CutwaterError('user', `${file.path} is a link that leads out of the repository or too far`);
    const next = (await mirror.readTree(tree, [to], LIMITS.files)).find((candidate) => candidate.path === to);
    if (!next) throw new CutwaterError('user', `${file.path} is a link to ${to}, which is no file`);
    at = next;
  }
  return at;
}
