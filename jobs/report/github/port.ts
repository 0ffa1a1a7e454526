/** A comment on a pull request. */
export interface ReportComment {
  id: number;
  body: string;
  author: string;
}

/** What the GitHub reporter asks of GitHub. Errors are CutwaterError: `not-found`, `invalid` (refused for good), the rest is tried again. */
export interface ReportGitHub {
  createStatus(
    org: string,
    repo: string,
    sha: string,
    status: {
      context: string;
      state: 'pending' | 'success' | 'failure' | 'error';
      description: string;
      targetUrl: string;
    },
  ): Promise<void>;
  /** All comments, oldest first. */
  listIssueComments(org: string, repo: string, pull: number): Promise<ReportComment[]>;
  createComment(org: string, repo: string, pull: number, body: string): Promise<void>;
  editComment(org: string, repo: string, id: number, body: string): Promise<void>;
  deleteComment(org: string, repo: string, id: number): Promise<void>;
  /** The login that our comments carry, with or without `[bot]`. */
  botName(org: string): Promise<string>;
}
