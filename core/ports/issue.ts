import type { Reaction } from './comments.ts';
import { type GitHubClient, issueOf, once, port, repoOf, state, type Target, write } from './port.ts';

export interface Issue {
  number: number;
  nodeId: string;
  title: string;
  body: string;
  author: string;
  state: 'open' | 'closed';
  isPull: boolean;
  labels: string[];
  assignees: string[];
  milestone?: { number: number; title: string };
}

export interface NewIssue {
  title: string;
  body: string;
  assignees: string[];
}

/** Gives the number. */
async function create(gh: GitHubClient, at: Target, wanted: NewIssue): Promise<number> {
  const { data } = await gh.request('POST /repos/{owner}/{repo}/issues', { ...repoOf(at), ...wanted });
  return data.number;
}

/** An issue that says the same and was opened since. */
async function findNew(
  gh: GitHubClient,
  at: Target,
  since: Date,
  { title, body }: NewIssue,
): Promise<number | undefined> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/issues', {
    ...repoOf(at),
    state: 'all',
    since: since.toISOString(),
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim();
  return data.find((raw) => raw.title === title && plain(raw.body ?? '') === plain(body))?.number;
}

/** A write that changes the head as `changed` says, which the pull request of that number has as well. */
function onHead<A extends unknown[]>(changed: (...args: A) => object) {
  const change = (before: object, _write: unknown, ...args: A) => ({ ...before, ...changed(...args) });
  return { forgets: [], changes: { 'issue.get': change, 'pull.get': change } };
}

/** The issue or pull request itself: what stands in its head. */
export const issue = port(
  'issue',
  { issues: 'write', pull_requests: 'write' },
  {
    get: state(async (gh, at): Promise<Issue> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/issues/{issue_number}', issueOf(at));
      return {
        number: data.number,
        nodeId: data.node_id,
        title: data.title,
        body: data.body ?? '',
        author: data.user?.login ?? '',
        state: data.state === 'closed' ? 'closed' : 'open',
        isPull: data.pull_request !== undefined,
        labels: data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
        assignees: (data.assignees ?? []).map(({ login }) => login),
        ...(data.milestone && { milestone: { number: data.milestone.number, title: data.milestone.title } }),
      };
    }),
    create: once(create, findNew, { forgets: [] }),
    edit: write(
      async (gh, at, change: { title?: string; body?: string }): Promise<void> => {
        await gh.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...issueOf(at), ...change });
      },
      onHead((change: { title?: string; body?: string }) => change),
    ),
    close: write(
      async (gh, at, reason?: 'completed' | 'not_planned'): Promise<void> => {
        await gh.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
          ...issueOf(at),
          state: 'closed',
          ...(reason && { state_reason: reason }),
        });
      },
      onHead(() => ({ state: 'closed' })),
    ),
    reopen: write(
      async (gh, at): Promise<void> => {
        await gh.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...issueOf(at), state: 'open' });
      },
      onHead(() => ({ state: 'open' })),
    ),
    react: write(
      async (gh, at, content: Reaction): Promise<void> => {
        await gh.request('POST /repos/{owner}/{repo}/issues/{issue_number}/reactions', { ...issueOf(at), content });
      },
      { forgets: [] },
    ),
    /** Sets the milestone by its number; null takes it away. */
    setMilestone: write(
      async (gh, at, milestone: number | null): Promise<void> => {
        await gh.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...issueOf(at), milestone });
      },
      { forgets: ['issue.get'] },
    ),
    /** The repository's milestones, open and closed. */
    milestones: state(async (gh, at): Promise<{ number: number; title: string; state: string }[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/milestones', {
        ...repoOf(at),
        state: 'all',
        per_page: 100,
      });
      return found.map(({ number, title, state: open }) => ({ number, title, state: open }));
    }),
    assign: write(
      async (gh, at, ...logins: string[]): Promise<string[]> => {
        const { data } = await gh.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
          ...issueOf(at),
          assignees: logins,
        });
        return (data.assignees ?? []).map(({ login }) => login);
      },
      { forgets: ['issue.get'] },
    ),
    unassign: write(
      async (gh, at, ...logins: string[]): Promise<void> => {
        await gh.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
          ...issueOf(at),
          assignees: logins,
        });
      },
      { forgets: ['issue.get'] },
    ),
  },
);
