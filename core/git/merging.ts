import { type GitCalls, localFailure, text } from './calls.ts';
import type { MergeResult, Mirror, NewCommit, Person } from './mirror.ts';
import { objectName } from './names.ts';
import { personEnv } from './person-env.ts';

/** Trees and commits that stand for merges carry this name; they are seen by nobody. */
const NOBODY: Person = { name: 'cutwater', email: 'cutwater@localhost', date: '2000-01-01T00:00:00Z' };

/** New commits and merges in a mirror, which has no work tree. */
export function merging({ remotely, good }: GitCalls): Pick<Mirror, 'mergeTree' | 'mergeTrees' | 'commit'> {
  async function mergeTree(ours: string, theirs: string): Promise<MergeResult> {
    const names = [objectName(ours), objectName(theirs)];
    const outcome = await remotely(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...names]);
    const [tree = '', ...paths] = text(outcome).split('\0');
    if (outcome.code === 0) return { tree };
    if (outcome.code === 1) return { conflicts: paths.filter(Boolean) };
    throw localFailure('merge-tree', outcome);
  }

  async function commit({ tree, parents, message, author, committer = author }: NewCommit): Promise<string> {
    const args = ['commit-tree', objectName(tree), ...parents.flatMap((parent) => ['-p', objectName(parent)])];
    const env = { ...personEnv('AUTHOR', author), ...personEnv('COMMITTER', committer) };
    return text(await good(args, { env, input: message.replaceAll('\0', '') })).trim();
  }

  async function treeOf(treeish: string): Promise<string> {
    return text(await good(['rev-parse', '--verify', '--end-of-options', `${objectName(treeish)}^{tree}`])).trim();
  }

  const standIn = async (treeish: string, parents: string[]) =>
    commit({ tree: await treeOf(treeish), parents, message: 'stand-in', author: NOBODY, committer: NOBODY });

  return {
    mergeTree,
    /** Git below 2.40 merges with a base of our choice only where history says so: commits are made that say so. */
    async mergeTrees({ base, ours, theirs }) {
      const root = await standIn(base, []);
      return mergeTree(await standIn(ours, [root]), await standIn(theirs, [root]));
    },
    commit,
  };
}
