import { port, read, write } from './port.ts';

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

/** GitHub's search, and GraphQL for what REST does not have. */
export const search = port(
  'search',
  { issues: 'read', pull_requests: 'read' },
  {
    /** At most 1,000, which is GitHub's own limit. */
    issues: read(async (gh, _at, query: string): Promise<Found[]> => {
      const found = await gh.paginate('GET /search/issues', { q: query, per_page: 100, advanced_search: 'true' });
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
);
