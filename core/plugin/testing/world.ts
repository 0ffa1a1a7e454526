import type {
  BlameRange,
  Card,
  ChangedFile,
  CheckRun,
  Comment,
  Commit,
  CommitStatus,
  LabelEvent,
  Named,
  NewIssue,
  NewPull,
  Review,
  ReviewComment,
  WorkflowRun,
} from '../../ports/index.ts';

/** All that a plugin's tests say about the world before, and may ask of it after: one repository with one issue or pull request. */
export interface World {
  bot: string;
  org: string;
  repo: string;
  number: number;
  isPull: boolean;
  title: string;
  body: string;
  author: string;
  authorIsBot: boolean;
  state: 'open' | 'closed';
  closedAs: string | undefined;
  draft: boolean;
  merged: boolean;
  mergeable: boolean | null;
  mergeCommitSha: string | undefined;
  labels: string[];
  repoLabels: string[];
  labelHistory: LabelEvent[];
  assignees: string[];
  /** Logins that GitHub refuses to assign or to ask for a review. */
  unassignable: string[];
  reviewers: string[];
  reviewerTeams: string[];
  comments: Comment[];
  /** `heart`, or `heart to comment 1`. */
  reactions: string[];
  reviews: Review[];
  lineComments: ReviewComment[];
  files: ChangedFile[];
  commits: Commit[];
  headRef: string;
  headSha: string;
  headOrg: string;
  baseRef: string;
  baseSha: string;
  defaultBranch: string;
  /** By commit. */
  statuses: Record<string, CommitStatus[]>;
  checkRuns: CheckRun[];
  workflowRuns: (WorkflowRun & { approved?: boolean; rerun?: boolean })[];
  /** Organisation to logins. */
  members: Record<string, string[]>;
  collaborators: string[];
  permissions: Record<string, string>;
  /** `org/slug` to logins; the team's number is its place in this list, from 1. */
  teams: Record<string, string[]>;
  milestones: { number: number; title: string; state: string }[];
  milestone: number | null;
  /** Path to text, at every ref. */
  repoFiles: Record<string, string>;
  /** Path to who wrote its lines. */
  blame: Record<string, BlameRange[]>;
  /** What the base branch's protection waits for. */
  requiredContexts: string[];
  /** Ref (`heads/topic`) to commit. */
  refs: Record<string, string>;
  /** What GitHub's search answers, whatever was asked. */
  found: {
    org: string;
    repo: string;
    number: number;
    title: string;
    author: string;
    state: string;
    isPull: boolean;
    labels: string[];
  }[];
  /** Address to answer, for the `web` port. */
  pages: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>;
  /** What was created anew, numbered from 101 on. */
  created: (({ kind: 'pull' } & NewPull) | ({ kind: 'issue' } & NewIssue))[];
  /** Open pull requests by `owner:branch base`. */
  openPulls: Record<string, number>;
  /** Classic project boards; `of` is an organisation or a repository. undefined: GitHub has none any more. */
  boards: (Named & { of: string; columns: (Named & { cards: Card[] })[] })[] | undefined;
  /** What GitHub says to forking. */
  forking: 'allowed' | 'forbidden' | 'invalid';
  /** Every call of a port in order, as `labels.add(size/S)`. */
  calls: string[];
}

/** acme/widgets#5, opened by bob; alice is a member, `ci-robot` the bot. */
export function createWorld(change: Partial<World> = {}): World {
  return {
    bot: 'ci-robot',
    org: 'acme',
    repo: 'widgets',
    number: 5,
    isPull: true,
    title: 'A change',
    body: '',
    author: 'bob',
    authorIsBot: false,
    state: 'open',
    closedAs: undefined,
    draft: false,
    merged: false,
    mergeable: true,
    mergeCommitSha: undefined,
    labels: [],
    repoLabels: [],
    labelHistory: [],
    assignees: [],
    unassignable: [],
    reviewers: [],
    reviewerTeams: [],
    comments: [],
    reactions: [],
    reviews: [],
    lineComments: [],
    files: [],
    commits: [],
    headRef: 'topic',
    headSha: 'b'.repeat(40),
    headOrg: 'bob',
    baseRef: 'main',
    baseSha: 'a'.repeat(40),
    defaultBranch: 'main',
    statuses: {},
    checkRuns: [],
    workflowRuns: [],
    members: { acme: ['alice'] },
    collaborators: ['alice'],
    permissions: {},
    teams: {},
    milestones: [],
    milestone: null,
    repoFiles: {},
    blame: {},
    requiredContexts: [],
    refs: {},
    found: [],
    pages: {},
    created: [],
    openPulls: {},
    boards: undefined,
    forking: 'allowed',
    calls: [],
    ...change,
  };
}

let lastComment = 1000;

/** A comment of the conversation, for `comments`. */
export function comment(author: string, body: string, more: Partial<Comment> = {}): Comment {
  const id = ++lastComment;
  const at = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  return {
    id,
    author,
    body,
    byBot: false,
    createdAt: at,
    updatedAt: at,
    url: `https://github.com/acme/widgets/pull/5#issuecomment-${id}`,
    ...more,
  };
}

/** A changed file, for `files`. */
export function file(path: string, more: Partial<ChangedFile> = {}): ChangedFile {
  return {
    path,
    status: 'modified',
    additions: 1,
    deletions: 0,
    patch: '',
    sha: '0'.repeat(40),
    url: `https://github.com/acme/widgets/blob/b/${path}`,
    ...more,
  };
}

/** A commit of the pull request, for `commits`. */
export function commit(message: string, more: Partial<Commit> = {}): Commit {
  return {
    sha: 'b'.repeat(40),
    message,
    author: 'bob',
    parents: ['a'.repeat(40)],
    tree: 'c'.repeat(40),
    url: 'https://github.com/acme/widgets/commit/b',
    authorEmail: 'bob@example.test',
    authorName: 'Bob',
    ...more,
  };
}
