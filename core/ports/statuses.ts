import { port, read, repoOf, state, write } from './port.ts';

export type StatusState = 'pending' | 'success' | 'failure' | 'error';

export interface CommitStatus {
  context: string;
  state: StatusState;
  description: string;
  url: string;
  updatedAt: string;
  creator?: string;
}

export interface CheckRun {
  id: number;
  name: string;
  /** The App that made it. */
  app: string;
  status: string;
  conclusion: string;
  url: string;
}

/** What tests said about a commit. */
export const statuses = port(
  'statuses',
  { statuses: 'write', checks: 'write' },
  {
    /** The latest status of each context of a commit. */
    combined: state(async (gh, at, sha: string): Promise<CommitStatus[]> => {
      const found: CommitStatus[] = [];
      for (let page = 1; ; page++) {
        const { data } = await gh.request('GET /repos/{owner}/{repo}/commits/{ref}/status', {
          ...repoOf(at),
          ref: sha,
          per_page: 100,
          page,
        });
        found.push(
          ...data.statuses.map((raw) => ({
            context: raw.context,
            state: raw.state as StatusState,
            description: raw.description ?? '',
            url: raw.target_url ?? '',
            updatedAt: raw.updated_at,
          })),
        );
        if (data.statuses.length < 100) return found;
      }
    }),
    /** Every status that was ever set, newest first, with who set it. */
    list: state(async (gh, at, ref: string): Promise<CommitStatus[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
        ...repoOf(at),
        ref,
        per_page: 100,
      });
      return found.map((raw) => ({
        context: raw.context,
        state: raw.state as StatusState,
        description: raw.description ?? '',
        url: raw.target_url ?? '',
        updatedAt: raw.updated_at,
        creator: raw.creator?.login ?? '',
      }));
    }),
    set: write(
      async (
        gh,
        at,
        sha: string,
        status: { context: string; state: StatusState; description: string; url?: string },
      ): Promise<void> => {
        const { url, ...rest } = status;
        await gh.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
          ...repoOf(at),
          sha,
          ...rest,
          ...(url && { target_url: url }),
        });
      },
      {
        forgets: ['statuses.list'],
        changes: {
          'statuses.combined': (before: CommitStatus[], { of }, sha, { url = '', ...status }) => {
            if (of[0] !== sha) return before;
            const others = before.filter(({ context }) => context !== status.context);
            return [{ ...status, url, updatedAt: new Date().toISOString() }, ...others];
          },
        },
      },
    ),
    checkRuns: read(async (gh, at, ref: string): Promise<CheckRun[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
        ...repoOf(at),
        ref,
        per_page: 100,
      });
      return found.map((raw) => ({
        id: raw.id,
        name: raw.name,
        app: raw.app?.slug ?? '',
        status: raw.status,
        conclusion: raw.conclusion ?? '',
        url: raw.html_url ?? '',
      }));
    }),
    /** A check run that has ended already, as /override makes one. */
    createCheckRun: write(
      async (
        gh,
        at,
        sha: string,
        run: { name: string; conclusion: 'success' | 'failure'; title: string; summary: string },
      ): Promise<void> => {
        const { name, conclusion, title, summary } = run;
        await gh.request('POST /repos/{owner}/{repo}/check-runs', {
          ...repoOf(at),
          head_sha: sha,
          name,
          status: 'completed',
          conclusion,
          output: { title, summary },
        });
      },
      { forgets: ['statuses.checkRuns'] },
    ),
  },
  { ofRepo: true },
);
