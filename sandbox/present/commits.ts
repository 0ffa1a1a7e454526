import type { CommitData, Person } from '../git/commits.ts';
import { readCommit } from '../git/commits.ts';
import type { FileChange } from '../git/diff.ts';
import { diffFiles } from '../git/diff.ts';
import { gitDir } from '../model/lookup.ts';
import type { Account, Repo } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount } from './accounts.ts';
import { repoApi, repoHtml } from './repos.ts';

/** Who wrote a commit, by the e-mail address in it: an account's own, or GitHub's noreply form. */
export function accountByEmail(world: World, email: string): Account | undefined {
  const login = /^(?:\d+\+)?([^@]+)@users\.noreply\./.exec(email)?.[1]?.toLowerCase();
  return world.accounts
    .all()
    .find((it) => it.email === email || (login !== undefined && it.login.toLowerCase() === login));
}

export function emailOf(account: Account): string {
  return account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
}

/** The author that a change on the web interface or over the API has. */
export function personOf(world: World, account: Account): Person {
  return { name: account.name ?? account.login, email: emailOf(account), date: world.now() };
}

function userOf(world: World, person: Person): Json | null {
  const account = accountByEmail(world, person.email);
  return account ? presentAccount(world, account) : null;
}

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A commit as REST lists show it. */
export function presentCommit(world: World, repo: Repo, commit: CommitData): Json {
  const api = repoApi(world, repo);
  const html = repoHtml(world, repo);
  return {
    sha: commit.sha,
    node_id: `C_${repo.id}_${commit.sha}`,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: userOf(world, commit.author),
    committer: userOf(world, commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/commit/${sha}` })),
  };
}

/** A commit as the git data API shows it. */
export function presentGitCommit(world: World, repo: Repo, commit: CommitData): Json {
  const api = repoApi(world, repo);
  const html = repoHtml(world, repo);
  return {
    sha: commit.sha,
    node_id: `C_${repo.id}_${commit.sha}`,
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

export function presentFile(world: World, repo: Repo, head: string, file: FileChange): Json {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repoHtml(world, repo)}/blob/${head}/${path}`,
    raw_url: `${repoHtml(world, repo)}/raw/${head}/${path}`,
    contents_url: `${repoApi(world, repo)}/contents/${path}?ref=${head}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

/** A commit as the `push` webhook shows it, with the paths that it touches. */
export async function presentPushedCommit(world: World, repo: Repo, commit: CommitData): Promise<Json> {
  const parent = commit.parents[0] ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  const files = await diffFiles(gitDir(world, repo), parent, commit.sha, false);
  const named = (person: Person) => {
    const account = accountByEmail(world, person.email);
    return { name: person.name, email: person.email, ...(account ? { username: account.login } : {}) };
  };
  const paths = (...wanted: FileChange['status'][]) =>
    files.filter((it) => wanted.includes(it.status)).map((it) => it.path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.author.date,
    url: `${repoHtml(world, repo)}/commit/${commit.sha}`,
    author: named(commit.author),
    committer: named(commit.committer),
    added: paths('added', 'copied', 'renamed'),
    removed: [...paths('removed'), ...files.flatMap((it) => it.previousPath ?? [])],
    modified: paths('modified', 'changed'),
  };
}

export async function needCommit(world: World, repo: Repo, sha: string): Promise<CommitData> {
  const commit = await readCommit(gitDir(world, repo), sha);
  if (!commit) throw new Error(`commit ${sha} is not in ${repo.name}`);
  return commit;
}
