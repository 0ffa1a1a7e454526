import { type GitHubClient, port, read, write } from './port.ts';

export interface Found {
  org: string;
  repo: string;
  number: number;
  title: string;
  author: string;
  state: string;
  isPull: boolean;
  labels: string[];
}

const PAGE = 100;
const PAGES = 10;

/** Page by page, because Octokit's paginate takes the first key that it does not know (`search_type`) for the list. */
async function pagesOf(gh: GitHubClient, query: string) {
  const parameters = { q: query, per_page: PAGE, advanced_search: 'true' };
  const first = await gh.request('GET /search/issues', parameters);
  const found = first.data.items;
  for (let page = 2; page <= PAGES && found.length === (page - 1) * PAGE; page++) {
    const { data } = await gh.request('GET /search/issues', { ...parameters, page });
    found.push(...data.items);
  }
  return found;
}

/** GitHub's search, and GraphQL for what REST does not have. */
export const search = port(
  'search',
  { issues: 'read', pull_requests: 'read' },
  {
    /** At most 1,000, which is GitHub's own limit. */
    issues: read(async (gh, _at, query: string): Promise<Found[]> => {
      const found = await pagesOf(gh, query);
      return found.map((raw) => {
        const [org = '', repo = ''] = raw.repository_url.split('/').slice(-2);
        return {
          org,
          repo,
          number: raw.number,
          title: raw.title,
          author: raw.user?.login ?? '',
          state: raw.state,
          isPull: raw.pull_request !== undefined,
          labels: raw.labels.map(({ name }) => name ?? ''),
        };
      });
    }),
    query: read(
      <T>(
        gh: Parameters<Parameters<typeof read>[0]>[0],
        _at: unknown,
        text: string,
        variables: Record<string, unknown>,
      ): Promise<T> => gh.graphql<T>(text, variables),
    ),
    mutate: write(
      <T>(
        gh: Parameters<Parameters<typeof read>[0]>[0],
        _at: unknown,
        text: string,
        variables: Record<string, unknown>,
      ): Promise<T> => gh.graphql<T>(text, variables),
    ),
  },
  { ofRepo: true },
);
