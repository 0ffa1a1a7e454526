import { type GitHubClient, issueOf, once, orMissing, port, repoOf, state, type Target, write } from './port.ts';

export type Reaction = '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes';

export interface Comment {
  id: number;
  body: string;
  author: string;
  /** Whether the author is a Bot account. */
  byBot: boolean;
  createdAt: string;
  updatedAt: string;
  url: string;
}

interface RawComment {
  id: number | bigint;
  body?: string | undefined;
  user: { login: string; type: string } | null;
  created_at: string;
  updated_at: string;
  html_url: string;
}

function toComment(raw: RawComment): Comment {
  return {
    id: Number(raw.id),
    body: raw.body ?? '',
    author: raw.user?.login ?? '',
    byBot: raw.user?.type === 'Bot',
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
    url: raw.html_url,
  };
}

async function create(gh: GitHubClient, at: Target, body: string): Promise<Comment> {
  const { data } = await gh.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...issueOf(at),
    body,
  });
  return toComment(data);
}

/** A comment that says the same and was written since: GitHub got the first attempt although we never saw its answer. */
async function find(gh: GitHubClient, at: Target, since: Date, body: string): Promise<Comment | undefined> {
  const recent = await gh.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...issueOf(at),
    since: since.toISOString(),
    per_page: 100,
  });
  const same = recent.find(
    (raw) =>
      raw.body?.replaceAll('\r\n', '\n').trim() === body.replaceAll('\r\n', '\n').trim() &&
      Date.parse(raw.created_at) >= since.getTime() - 1000,
  );
  return same && toComment(same);
}

/** The conversation of an issue or pull request, oldest first. */
export const comments = port(
  'comments',
  { issues: 'write', pull_requests: 'write' },
  {
    list: state(async (gh, at): Promise<Comment[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...issueOf(at),
        per_page: 100,
      });
      return found.map(toComment);
    }),
    create: once(create, find, {
      forgets: [],
      changes: {
        'comments.list': (before: Comment[], { answer }) =>
          before.some(({ id }) => id === answer.id) ? before : [...before, answer],
      },
    }),
    edit: write(
      async (gh, at, id: number, body: string): Promise<void> => {
        await gh.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
          ...repoOf(at),
          comment_id: id,
          body,
        });
      },
      {
        forgets: [],
        changes: {
          'comments.list': (before: Comment[], _write, id, body) =>
            before.map((comment) => (comment.id === id ? { ...comment, body } : comment)),
        },
      },
    ),
    /** `+1`, `heart`, `hooray` …; GitHub keeps one of each from each person. */
    react: write(
      async (gh, at, id: number, content: Reaction): Promise<void> => {
        await gh.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
          ...repoOf(at),
          comment_id: id,
          content,
        });
      },
      { forgets: [] },
    ),
    /** Deleting what is gone is done already. */
    delete: write(
      async (gh, at, id: number): Promise<void> => {
        await orMissing(
          gh.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...repoOf(at), comment_id: id }),
        );
      },
      {
        forgets: [],
        changes: {
          'comments.list': (before: Comment[], _write, gone) => before.filter(({ id }) => id !== gone),
        },
      },
    ),
  },
);
