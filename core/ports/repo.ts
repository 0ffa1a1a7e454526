import { Buffer } from 'node:buffer';
import { fork } from './fork.ts';
import { type GitHubClient, orMissing, port, read, repoOf, state, statusOf, type Target, write } from './port.ts';

export interface TreeEntry {
  path: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  mode: string;
}

/**
 * The contexts that a branch's protection waits for. GitHub shows them with the branch itself; where it does not, whoever may not see the
 * protection learns of none.
 */
async function requiredContexts(gh: GitHubClient, at: Target, branch: string): Promise<string[]> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...repoOf(at), branch });
  if (!data.protected) return [];
  const shown = data.protection?.required_status_checks?.contexts;
  if (shown) return shown;
  try {
    const route = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';
    const answer = await orMissing(gh.request(route, { ...repoOf(at), branch }));
    return answer?.data.required_status_checks?.contexts ?? [];
  } catch (error) {
    if (statusOf(error) === 403) return [];
    throw error;
  }
}

export interface BlameRange {
  /** Lines from 1 on, both ends included. */
  start: number;
  end: number;
  /** Lower-case login; empty where the commit belongs to no account. */
  author: string;
  date: string;
}

const BLAME = `query blame($owner: String!, $name: String!, $ref: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: $ref) {
      ... on Commit { blame(path: $path) { ranges { startingLine endingLine commit { author { date user { login } } } } } }
    }
  }
}`;

interface BlameAnswer {
  repository: { object: { blame?: { ranges: RawRange[] } } | null } | null;
}

interface RawRange {
  startingLine: number;
  endingLine: number;
  commit: { author: { date: string; user: { login: string } | null } | null };
}

/** Who wrote the lines of a file as it is at a commit or branch. */
async function blame(gh: GitHubClient, at: Target, ref: string, path: string): Promise<BlameRange[]> {
  const answer = await gh.graphql<BlameAnswer>(BLAME, { owner: at.org, name: at.repo, ref, path });
  return (answer.repository?.object?.blame?.ranges ?? []).map(({ startingLine, endingLine, commit }) => ({
    start: startingLine,
    end: endingLine,
    author: commit.author?.user?.login.toLowerCase() ?? '',
    date: commit.author?.date ?? '',
  }));
}

/** The repository: its settings, branches and files. */
export const repo = port(
  'repo',
  { contents: 'write', metadata: 'read' },
  {
    get: read(
      async (
        gh,
        at,
      ): Promise<{
        defaultBranch: string;
        archived: boolean;
        private: boolean;
        nodeId: string;
        mergeMethods: string[];
        permissions: Record<string, boolean>;
      }> => {
        const { data } = await gh.request('GET /repos/{owner}/{repo}', repoOf(at));
        const methods = {
          merge: data.allow_merge_commit,
          squash: data.allow_squash_merge,
          rebase: data.allow_rebase_merge,
        };
        return {
          defaultBranch: data.default_branch,
          archived: data.archived,
          private: data.private,
          nodeId: data.node_id,
          mergeMethods: Object.entries(methods).flatMap(([method, allowed]) => (allowed ? [method] : [])),
          permissions: { ...data.permissions },
        };
      },
    ),
    /** The commit that a ref (`heads/main`) stands at; undefined where there is no such ref. */
    ref: state(async (gh, at, ref: string): Promise<string | undefined> => {
      const answer = await orMissing(gh.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...repoOf(at), ref }));
      return answer?.data.object.sha;
    }),
    fork: write(fork, { forgets: [] }),
    deleteRef: write(
      async (gh, at, ref: string): Promise<void> => {
        await orMissing(gh.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...repoOf(at), ref }));
      },
      { forgets: ['repo.ref', 'repo.branches', 'repo.requiredContexts'] },
    ),
    /** A file's text at a commit or branch; undefined where there is none. */
    file: read(async (gh, at, path: string, ref: string): Promise<string | undefined> => {
      const answer = await orMissing(
        gh.request('GET /repos/{owner}/{repo}/contents/{path}', { ...repoOf(at), path, ref }),
      );
      if (!answer || Array.isArray(answer.data) || answer.data.type !== 'file') return undefined;
      return Buffer.from(answer.data.content, 'base64').toString('utf8');
    }),
    /** All files below a commit or tree. */
    tree: read(async (gh, at, sha: string): Promise<{ entries: TreeEntry[]; truncated: boolean }> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...repoOf(at),
        tree_sha: sha,
        recursive: '1',
      });
      const entries = data.tree.map(({ path, type, sha: blob, mode }) => ({
        path,
        type: type as TreeEntry['type'],
        sha: blob,
        mode,
      }));
      return { entries, truncated: data.truncated };
    }),
    blob: read(async (gh, at, sha: string): Promise<Buffer> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
        ...repoOf(at),
        file_sha: sha,
      });
      return Buffer.from(data.content, 'base64');
    }),
    /** A commit's message, tree and parents. */
    commit: read(
      async (
        gh,
        at,
        ref: string,
      ): Promise<{ sha: string; message: string; tree: string; parents: string[]; author: string }> => {
        const { data } = await gh.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...repoOf(at), ref });
        return {
          sha: data.sha,
          message: data.commit.message,
          tree: data.commit.tree.sha,
          parents: data.parents.map(({ sha }) => sha),
          author: data.author && 'login' in data.author ? String(data.author.login) : '',
        };
      },
    ),
    /** The commit at which `head` left `base`. */
    mergeBase: read(async (gh, at, base: string, head: string): Promise<string> => {
      const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
      const { data } = await gh.request(route, { ...repoOf(at), basehead: `${base}...${head}`, per_page: 1 });
      return data.merge_base_commit.sha;
    }),
    blame: read(blame),
    requiredContexts: read(requiredContexts),
    branches: read(async (gh, at): Promise<{ name: string; protected: boolean; sha: string }[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/branches', { ...repoOf(at), per_page: 100 });
      return found.map(({ name, protected: isProtected, commit }) => ({
        name,
        protected: isProtected,
        sha: commit.sha,
      }));
    }),
  },
  { ofRepo: true },
);
