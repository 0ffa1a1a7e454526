import type { Search } from './queries.ts';
import type { Judged } from './rules.ts';

/** A pull request as the search finds it. */
export interface FoundPull extends Omit<Judged, 'mergeable'> {
  org: string;
  repo: string;
  number: number;
  /** undefined: GitHub has not computed it yet, and does so now that it was asked. */
  mergeable: boolean | undefined;
}

/** GitHub's GraphQL, in the name of an organisation. */
type Ask = <T>(org: string, query: string, variables: Record<string, unknown>) => Promise<T>;

/** GitHub shows no more of one search. */
const MOST = 1000;

const QUERY = `query openPulls($search: String!, $cursor: String) {
  search(type: ISSUE, first: 100, after: $cursor, query: $search) {
    pageInfo { hasNextPage endCursor }
    nodes {
      ... on PullRequest {
        number
        createdAt
        mergeable
        state
        author { login __typename }
        repository { name owner { login } }
        labels(first: 100) { nodes { name } }
      }
    }
  }
}`;

interface Node {
  number: number;
  createdAt: string;
  mergeable: 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN';
  state: string;
  author: { login: string; __typename: string } | null;
  repository: { name: string; owner: { login: string } };
  labels: { nodes: { name: string }[] } | null;
}

interface Answer {
  search: {
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: (Partial<Node> | null)[];
  };
}

/** All open pull requests of a search, a hundred a request. Where there are more than GitHub shows, the search goes on at the oldest one that it did show. */
export async function openPulls(ask: Ask, { org, query }: Search): Promise<FoundPull[]> {
  const found = new Map<string, FoundPull>();
  let narrowed = query;
  for (;;) {
    const nodes = await pages(ask, org, narrowed);
    const before = found.size;
    for (const node of nodes) {
      const pull = toPull(node);
      if (node.state === 'OPEN') found.set(`${pull.org}/${pull.repo}#${pull.number}`, pull);
    }
    const oldest = nodes.at(-1)?.createdAt;
    if (nodes.length < MOST || oldest === undefined || found.size === before) return [...found.values()];
    narrowed = `${query} created:<=${oldest}`;
  }
}

async function pages(ask: Ask, org: string, query: string): Promise<Node[]> {
  const all: Node[] = [];
  let cursor: string | null = null;
  for (;;) {
    const { search }: Answer = await ask<Answer>(org, QUERY, { search: query, cursor });
    all.push(...search.nodes.filter(isPull));
    if (!search.pageInfo.hasNextPage || search.pageInfo.endCursor === null) return all;
    cursor = search.pageInfo.endCursor;
  }
}

/** What the search finds and we may not see is null, or empty. */
function isPull(node: Partial<Node> | null): node is Node {
  return node?.number !== undefined && node.repository !== undefined;
}

/** GraphQL names Apps without the `[bot]` that they carry everywhere else. */
function toPull({ number, author, repository, labels, mergeable }: Node): FoundPull {
  return {
    org: repository.owner.login,
    repo: repository.name,
    number,
    author: author ? `${author.login}${author.__typename === 'Bot' ? '[bot]' : ''}` : '',
    labels: labels?.nodes.map(({ name }) => name) ?? [],
    mergeable: mergeable === 'UNKNOWN' ? undefined : mergeable === 'MERGEABLE',
  };
}
