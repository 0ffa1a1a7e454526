import { once, orMissing, port, pullOf, repoOf, state, write } from './port.ts';

export interface Review {
  id: number;
  author: string;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  submittedAt: string;
  url: string;
}

export interface ReviewComment {
  id: number;
  author: string;
  body: string;
  path: string;
  line?: number;
  createdAt: string;
  updatedAt: string;
  url: string;
}

export interface NewReview {
  /** The commit that the comments are about. */
  commit: string;
  body: string;
  event: 'COMMENT' | 'REQUEST_CHANGES' | 'APPROVE';
  comments: { path: string; body: string; line?: number; position?: number }[];
}

/** Reviews and the comments on lines of the change, oldest first. */
export const reviews = port(
  'reviews',
  { pull_requests: 'write' },
  {
    list: state(async (gh, at): Promise<Review[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
        ...pullOf(at),
        per_page: 100,
      });
      return found.map((raw) => ({
        id: Number(raw.id),
        author: raw.user?.login ?? '',
        body: raw.body,
        state: raw.state as Review['state'],
        submittedAt: raw.submitted_at ?? '',
        url: raw.html_url,
      }));
    }),
    lineComments: state(async (gh, at): Promise<ReviewComment[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
        ...pullOf(at),
        per_page: 100,
      });
      return found.map((raw) => ({
        id: Number(raw.id),
        author: raw.user.login,
        body: raw.body,
        path: raw.path,
        ...(raw.line !== undefined && raw.line !== null && { line: raw.line }),
        createdAt: raw.created_at,
        updatedAt: raw.updated_at,
        url: raw.html_url,
      }));
    }),
    create: once(
      async (gh, at, review: NewReview): Promise<true> => {
        const { commit, ...rest } = review;
        await gh.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
          ...pullOf(at),
          commit_id: commit,
          ...rest,
        });
        return true;
      },
      async (gh, at, since, review): Promise<true | undefined> => {
        const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
          ...pullOf(at),
          per_page: 100,
        });
        return (
          found.some(
            (raw) => raw.body === review.body && Date.parse(raw.submitted_at ?? '') >= since.getTime() - 1000,
          ) || undefined
        );
      },
    ),
    editLineComment: write(async (gh, at, id: number, body: string): Promise<void> => {
      await gh.request('PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
        ...repoOf(at),
        comment_id: id,
        body,
      });
    }),
    deleteLineComment: write(async (gh, at, id: number): Promise<void> => {
      await orMissing(
        gh.request('DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}', { ...repoOf(at), comment_id: id }),
      );
    }),
  },
);
