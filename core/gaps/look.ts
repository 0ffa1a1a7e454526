import type { Octokit } from '../github/octokit.ts';

/** A repository, as GitHub shows it. */
export interface Place {
  owner: string;
  repo: string;
}

/** An account as it stands in what GitHub shows. */
interface Account {
  login: string;
}

export interface ShownIssue {
  number: number;
  created_at: string;
  updated_at: string;
  state: string;
  user: Account | null;
  pull_request?: unknown;
}

export interface ShownPull extends ShownIssue {
  node_id: string;
  merged_at: string | null;
  head: { sha: string };
}

/** A comment, or a review that was handed in. */
export interface Written {
  id: number;
  user: Account | null;
  created_at?: string;
  submitted_at?: string;
  issue_url?: string;
  pull_request_url?: string;
  /** Of reviews, in capitals; payloads have it in small letters. */
  state?: string;
}

/**
 * Issues and pull requests that something has happened to since then, page by page: there may be thousands. The oldest come first: what is touched while the
 * pages are read moves others to later pages, and none to those that were read.
 */
export async function* touchedSince(gh: Octokit, at: Place, since: number): AsyncGenerator<ShownIssue> {
  const pages = gh.paginate.iterator('GET /repos/{owner}/{repo}/issues', {
    ...at,
    state: 'all',
    sort: 'created',
    direction: 'asc',
    since: new Date(since).toISOString(),
    per_page: 100,
  });
  for await (const { data } of pages) yield* data as ShownIssue[];
}

/** Comments of a repository by the number of what they are about, asked for once somebody wants them. */
export interface Comments {
  conversation(): Promise<ReadonlyMap<number, Written[]>>;
  lines(): Promise<ReadonlyMap<number, Written[]>>;
}

export function commentsIn(gh: Octokit, at: Place, since: number): Comments {
  let conversation: Promise<ReadonlyMap<number, Written[]>> | undefined;
  let lines: Promise<ReadonlyMap<number, Written[]>> | undefined;
  return {
    conversation: () => (conversation ??= commentsSince(gh, at, 'issues', since)),
    lines: () => (lines ??= commentsSince(gh, at, 'pulls', since)),
  };
}

/** Comments by the number of what they are about: of conversations, or on lines of pull requests. */
async function commentsSince(
  gh: Octokit,
  at: Place,
  kind: 'issues' | 'pulls',
  since: number,
): Promise<Map<number, Written[]>> {
  const list = (await gh.paginate(`GET /repos/{owner}/{repo}/${kind}/comments`, {
    ...at,
    sort: 'created',
    direction: 'asc',
    since: new Date(since).toISOString(),
    per_page: 100,
  })) as Written[];
  return Map.groupBy(list, ({ issue_url, pull_request_url }) =>
    Number(/\/(\d+)$/.exec(issue_url ?? pull_request_url ?? '')?.[1]),
  );
}

export async function pullOf(gh: Octokit, at: Place, pull_number: number): Promise<ShownPull> {
  return (await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number })).data;
}

export async function reviewsOf(gh: Octokit, at: Place, pull_number: number): Promise<Written[]> {
  const list = (await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    ...at,
    pull_number,
    per_page: 100,
  })) as Written[];
  return list
    .filter(({ submitted_at, state }) => submitted_at !== undefined && state !== 'DISMISSED')
    .map((review) => ({ ...review, state: review.state?.toLowerCase() ?? 'commented' }));
}

/** When a commit was made, in milliseconds since 1970. */
export async function committedAt(gh: Octokit, at: Place, ref: string): Promise<number> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...at, ref });
  return Date.parse(data.commit.committer?.date ?? '') || 0;
}

interface Recorded {
  event: string;
  actor: Account | null;
  created_at: string;
  label?: { name?: string };
}

/** What GitHub has recorded of an issue or pull request, oldest first. */
export async function eventsOf(gh: Octokit, at: Place, issue_number: number): Promise<Recorded[]> {
  return (await gh.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
    ...at,
    issue_number,
    per_page: 100,
  })) as Recorded[];
}
