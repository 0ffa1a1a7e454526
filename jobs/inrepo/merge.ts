import { CutwaterError } from '../../core/errors.ts';
import type { Mirror } from '../../core/git/mirror.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** GitHub rebases no more than that either. */
const MAX_REBASED = 250;

/** The tree that merging the heads into the base in turn would give (Prow: MergeAndCheckout). Throws `user` where they conflict. */
export async function mergedTree(
  mirror: Mirror,
  base: string,
  heads: readonly string[],
  method: MergeMethod,
): Promise<string> {
  let current = base;
  for (const head of heads) {
    // What a squash leaves is what a merge leaves; only a rebase takes one commit after the other.
    const tree = method === 'rebase' ? await rebased(mirror, current, head) : await merged(mirror, current, head);
    if (heads.length === 1) return tree;
    current = await standIn(mirror, tree, [current, head], head);
  }
  return current;
}

async function merged(mirror: Mirror, base: string, head: string): Promise<string> {
  const result = await mirror.mergeTree(base, head);
  if ('tree' in result) return result.tree;
  throw conflict(head, result.conflicts);
}

async function rebased(mirror: Mirror, base: string, head: string): Promise<string> {
  const commits = await mirror.commitsBetween(base, head);
  if (commits.length > MAX_REBASED)
    throw new CutwaterError('user', `${commits.length} commits are more than ${MAX_REBASED} to rebase`);
  let tree = base;
  for (const sha of commits) {
    const { parents } = await mirror.readCommit(sha);
    const [parent] = parents;
    // A rebase leaves merges out.
    if (parent === undefined || parents.length > 1) continue;
    const result = await mirror.mergeTrees({ base: parent, ours: tree, theirs: sha });
    if (!('tree' in result)) throw conflict(head, result.conflicts);
    tree = result.tree;
  }
  return tree;
}

function conflict(head: string, paths: readonly string[]): CutwaterError {
  const named = paths.length > 5 ? [...paths.slice(0, 5), `${paths.length - 5} more`] : paths;
  return new CutwaterError('user', `failed to merge "${head}": conflicts in ${named.join(', ')}`);
}

async function standIn(mirror: Mirror, tree: string, parents: string[], head: string): Promise<string> {
  const { author } = await mirror.readCommit(head);
  return mirror.commit({ tree, parents, message: 'merge', author });
}
