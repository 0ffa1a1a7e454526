import type { CommitData, Person } from './commits.ts';
import { log, writeCommit } from './commits.ts';
import { mergeBase } from './refs.ts';
import { GitFailure, git } from './run.ts';

/** The tree that merging two commits gives, or undefined where they conflict. */
export async function mergeTrees(dir: string, ours: string, theirs: string): Promise<string | undefined> {
  try {
    return (await git(dir, ['merge-tree', '--write-tree', '--allow-unrelated-histories', ours, theirs])).split('\n')[0];
  } catch (error) {
    if (error instanceof GitFailure && error.code === 1) return undefined;
    throw error;
  }
}

/** A merge commit of `theirs` into `ours`, or undefined where they conflict; nothing points to it yet. */
export async function mergeCommit(
  dir: string,
  ours: string,
  theirs: string,
  message: string,
  author: Person,
): Promise<string | undefined> {
  const tree = await mergeTrees(dir, ours, theirs);
  return tree && writeCommit(dir, { tree, parents: [ours, theirs], message, author });
}

/** One commit on top of `ours` with everything that `theirs` brings, or undefined where they conflict. */
export async function squashCommit(
  dir: string,
  ours: string,
  theirs: string,
  message: string,
  author: Person,
): Promise<string | undefined> {
  const tree = await mergeTrees(dir, ours, theirs);
  return tree && writeCommit(dir, { tree, parents: [ours], message, author });
}

/** Puts each commit of `theirs` on top of `ours`; gives the last new commit, or undefined where one conflicts. */
export async function rebaseCommits(
  dir: string,
  ours: string,
  theirs: string,
  committer: Person,
): Promise<string | undefined> {
  const base = await mergeBase(dir, ours, theirs);
  const commits = await log(dir, theirs, { reverse: true, ...(base ? { not: base } : {}) });
  let head = ours;
  for (const commit of commits.filter((it) => it.parents.length < 2)) {
    const next = await cherryPick(dir, head, commit, committer);
    if (!next) return undefined;
    head = next;
  }
  return head;
}

/** Puts one commit's change on top of another commit, or gives undefined where it conflicts. */
export async function cherryPick(
  dir: string,
  onto: string,
  commit: CommitData,
  committer: Person,
): Promise<string | undefined> {
  const parent = commit.parents[0];
  if (!parent) return undefined;
  // merge-tree finds its own merge base, so `onto` is dressed up as a child of the commit's parent.
  const disguised = await writeCommit(dir, {
    tree: `${onto}^{tree}`,
    parents: [parent],
    message: 'base',
    author: committer,
  });
  const tree = await mergeTrees(dir, disguised, commit.sha);
  return tree && writeCommit(dir, { tree, parents: [onto], message: commit.message, author: commit.author, committer });
}
