import { type GitHubClient, once, port, pullOf, read, repoOf, state, type Target, write } from './port.ts';

export interface PullRequest {
  number: number;
  nodeId: string;
  title: string;
  body: string;
  author: string;
  authorIsBot: boolean;
  state: 'open' | 'closed';
  draft: boolean;
  merged: boolean;
  /** null: GitHub has not computed it yet. */
  mergeable: boolean | null;
  mergeCommitSha?: string;
  labels: string[];
  assignees: string[];
  requestedReviewers: string[];
  requestedTeams: string[];
  head: { ref: string; sha: string; org: string; repo: string; user: string };
  base: { ref: string; sha: string; org: string; repo: string };
  url: string;
  commits: number;
}

export interface ChangedFile {
  path: string;
  previousPath?: string;
  status: string;
  additions: number;
  deletions: number;
  patch: string;
  sha: string;
  url: string;
}

export interface Commit {
  sha: string;
  message: string;
  author: string;
  parents: string[];
  tree: string;
  url: string;
  /** The addresses that the commit itself carries, which need not belong to any account. */
  authorEmail: string;
  authorName: string;
}

async function get(gh: GitHubClient, at: Target): Promise<PullRequest> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', pullOf(at));
  return {
    number: data.number,
    nodeId: data.node_id,
    title: data.title,
    body: data.body ?? '',
    author: data.user.login,
    authorIsBot: data.user.type === 'Bot',
    state: data.state,
    draft: data.draft ?? false,
    merged: data.merged,
    mergeable: data.mergeable,
    ...(data.merge_commit_sha && { mergeCommitSha: data.merge_commit_sha }),
    labels: data.labels.map(({ name }) => name),
    assignees: (data.assignees ?? []).map(({ login }) => login),
    requestedReviewers: (data.requested_reviewers ?? []).map(({ login }) => login),
    requestedTeams: (data.requested_teams ?? []).map(({ slug }) => slug),
    head: {
      ref: data.head.ref,
      sha: data.head.sha,
      user: data.head.user?.login ?? '',
      org: data.head.repo?.owner.login ?? '',
      repo: data.head.repo?.name ?? '',
    },
    base: { ref: data.base.ref, sha: data.base.sha, org: data.base.repo.owner.login, repo: data.base.repo.name },
    url: data.html_url,
    commits: data.commits,
  };
}

async function files(gh: GitHubClient, at: Target): Promise<ChangedFile[]> {
  const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...pullOf(at),
    per_page: 100,
  });
  return found.map((file) => ({
    path: file.filename,
    ...(file.previous_filename && { previousPath: file.previous_filename }),
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    patch: file.patch ?? '',
    sha: file.sha ?? '',
    url: file.blob_url ?? '',
  }));
}

async function commits(gh: GitHubClient, at: Target): Promise<Commit[]> {
  const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
    ...pullOf(at),
    per_page: 100,
  });
  return found.map((raw) => ({
    sha: raw.sha,
    message: raw.commit.message,
    author: raw.author && 'login' in raw.author ? String(raw.author.login) : '',
    parents: raw.parents.map(({ sha }) => sha ?? ''),
    tree: raw.commit.tree.sha,
    url: raw.html_url,
    authorEmail: raw.commit.author?.email ?? '',
    authorName: raw.commit.author?.name ?? '',
  }));
}

export interface NewPull {
  title: string;
  body: string;
  /** A branch of this repository, or `owner:branch`. */
  head: string;
  base: string;
}

/** Gives the number. Maintainers may push to it. */
async function create(gh: GitHubClient, at: Target, { title, body, head, base }: NewPull): Promise<number> {
  const { data } = await gh.request('POST /repos/{owner}/{repo}/pulls', {
    ...repoOf(at),
    title,
    body,
    head,
    base,
    maintainer_can_modify: true,
  });
  return data.number;
}

/** The open pull request from `head` (`owner:branch`) to `base`; GitHub allows one. */
async function openFrom(
  gh: GitHubClient,
  at: Target,
  head: string,
  base: string,
): Promise<{ number: number; url: string } | undefined> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/pulls', { ...repoOf(at), head, base, state: 'open' });
  // GitHub passes over a filter that it cannot read.
  const found = data.find((raw) => raw.head.label.toLowerCase() === head.toLowerCase() && raw.base.ref === base);
  return found && { number: found.number, url: found.html_url };
}

async function findNew(gh: GitHubClient, at: Target, _since: Date, { head, base }: NewPull) {
  const label = head.includes(':') ? head : `${at.org}:${head}`;
  return (await openFrom(gh, at, label, base))?.number;
}

const hasName = (list: readonly string[], name: string) =>
  list.some((other) => other.toLowerCase() === name.toLowerCase());

/** A write that makes of those who are asked for a review what `changed` says. */
function onReviewers(changed: (asked: string[], named: string[]) => string[]) {
  const change = (before: PullRequest, _write: unknown, users: string[], teams: string[] = []): PullRequest => ({
    ...before,
    requestedReviewers: changed(before.requestedReviewers, users),
    requestedTeams: changed(before.requestedTeams, teams),
  });
  return { forgets: [], changes: { 'pull.get': change } };
}

/** A pull request with what only a pull request has. */
export const pull = port(
  'pull',
  { pull_requests: 'write', contents: 'read' },
  {
    get: state(get),
    openFrom: state(openFrom),
    create: once(create, findNew, { forgets: ['pull.openFrom'] }),
    /** At most 3,000, which is GitHub's own limit. */
    files: read(files),
    /** At most 250, which is GitHub's own limit. */
    commits: read(commits),
    /** The change as one diff. */
    diff: read(async (gh, at): Promise<string> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...pullOf(at),
        mediaType: { format: 'diff' },
      });
      return data as unknown as string;
    }),
    /** The change as a series of patches that `git am` takes. */
    patch: read(async (gh, at): Promise<string> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...pullOf(at),
        mediaType: { format: 'patch' },
      });
      return data as unknown as string;
    }),
    /** Asks people (logins) and teams (slugs) of the organisation for a review. */
    requestReview: write(
      async (gh, at, users: string[], teams: string[] = []): Promise<void> => {
        await gh.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
          ...pullOf(at),
          reviewers: users,
          team_reviewers: teams,
        });
      },
      onReviewers((asked, more) => [...asked, ...more.filter((name) => !hasName(asked, name))]),
    ),
    unrequestReview: write(
      async (gh, at, users: string[], teams: string[] = []): Promise<void> => {
        await gh.request('DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
          ...pullOf(at),
          reviewers: users,
          team_reviewers: teams,
        });
      },
      onReviewers((asked, gone) => asked.filter((name) => !hasName(gone, name))),
    ),
    /** Numbers of the open pull requests whose head is this commit. */
    withHead: read(async (gh, at, sha: string): Promise<number[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
        ...repoOf(at),
        commit_sha: sha,
        per_page: 100,
      });
      return found
        .filter((candidate) => candidate.state === 'open' && candidate.head.sha === sha)
        .map(({ number }) => number);
    }),
  },
);
