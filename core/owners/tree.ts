import { type GitHubClient, repoOf, type Target } from '../ports/port.ts';

interface TreeFile {
  path: string;
  sha: string;
}

/** Regular files below a tree. A tree too large for one answer is read directory by directory. */
export async function filesOf(gh: GitHubClient, at: Target, tree: string, prefix = ''): Promise<TreeFile[]> {
  const whole = await treeAt(gh, at, tree, true);
  if (!whole.truncated) return whole.tree.flatMap((entry) => regular(entry, prefix));
  const { tree: entries } = await treeAt(gh, at, tree, false);
  const found = entries.flatMap((entry) => regular(entry, prefix));
  for (const entry of entries)
    if (entry.type === 'tree') found.push(...(await filesOf(gh, at, entry.sha, `${prefix}${entry.path}/`)));
  return found;
}

async function treeAt(gh: GitHubClient, at: Target, sha: string, recursive: boolean) {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...repoOf(at),
    tree_sha: sha,
    ...(recursive && { recursive: '1' }),
  });
  return data;
}

/** Not links, as Go's walk leaves them out, and not submodules. */
function regular(entry: { path: string; sha: string; mode: string; type: string }, prefix: string): TreeFile[] {
  const isFile = entry.type === 'blob' && entry.mode !== '120000';
  return isFile ? [{ path: prefix + entry.path, sha: entry.sha }] : [];
}
