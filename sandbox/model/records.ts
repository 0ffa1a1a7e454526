/**
 * What the sandbox's GitHub remembers, as plain records that refer to each other by id. Times are ISO 8601 without
 * fractions, as GitHub's; commits live in the git repositories, not here.
 */
export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  name: string | null;
  email: string | null;
  siteAdmin: boolean;
  /** Organisations only: what members may do in every repository. */
  defaultPermission: Permission;
  createdAt: string;
}

export interface Membership {
  id: number;
  orgId: number;
  userId: number;
  role: 'admin' | 'member';
  state: 'active' | 'pending';
  public: boolean;
}

export interface Team {
  id: number;
  orgId: number;
  slug: string;
  name: string;
  description: string;
  privacy: 'closed' | 'secret';
  parentId: number | null;
  members: { userId: number; role: 'member' | 'maintainer' }[];
  repos: { repoId: number; permission: Permission }[];
}

export interface BranchProtection {
  pattern: string;
  /** As sent to the REST API, so that it can be given back. */
  rule: Record<string, unknown>;
}

export interface Repo {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  homepage: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  parentId: number | null;
  topics: string[];
  collaborators: { userId: number; permission: Permission }[];
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
  hasIssues: boolean;
  hasProjects: boolean;
  hasWiki: boolean;
  protections: BranchProtection[];
  pinnedIssueIds: number[];
  /** The number that the last issue or pull request got. */
  lastNumber: number;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

export interface Label {
  id: number;
  repoId: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Milestone {
  id: number;
  repoId: number;
  number: number;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  creatorId: number;
  dueOn: string | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

interface PullPart {
  id: number;
  draft: boolean;
  baseRef: string;
  /** The base branch's commit when the pull request was opened or its base was changed. */
  baseSha: string;
  headRepoId: number;
  headRef: string;
  headSha: string;
  maintainerCanModify: boolean;
  requestedReviewerIds: number[];
  requestedTeamIds: number[];
  merged: boolean;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  autoMerge: { enabledById: number; method: 'merge' | 'squash' | 'rebase' } | null;
}

export interface Issue {
  id: number;
  repoId: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  authorId: number;
  labelIds: number[];
  assigneeIds: number[];
  milestoneId: number | null;
  locked: boolean;
  lockReason: 'off-topic' | 'too heated' | 'resolved' | 'spam' | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  /** Only pull requests have it. */
  pull?: PullPart;
}

export interface PullIssue extends Issue {
  pull: PullPart;
}

export interface Comment {
  id: number;
  issueId: number;
  authorId: number;
  body: string;
  createdAt: string;
  updatedAt: string;
  minimizedReason: string | null;
  /** The App through which a bot wrote it. */
  appId: number | null;
}

export interface Review {
  id: number;
  issueId: number;
  authorId: number;
  body: string;
  state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';
  commitId: string;
  submittedAt: string | null;
}

export interface ReviewComment {
  id: number;
  issueId: number;
  reviewId: number;
  authorId: number;
  body: string;
  path: string;
  line: number | null;
  startLine: number | null;
  side: 'LEFT' | 'RIGHT';
  position: number | null;
  diffHunk: string;
  commitId: string;
  inReplyToId: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface Status {
  id: number;
  repoId: number;
  sha: string;
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  description: string | null;
  targetUrl: string | null;
  creatorId: number;
  createdAt: string;
}

export interface CheckSuite {
  id: number;
  repoId: number;
  headSha: string;
  headBranch: string | null;
  appId: number;
  createdAt: string;
  updatedAt: string;
}

export interface CheckRun {
  id: number;
  repoId: number;
  suiteId: number;
  headSha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
  startedAt: string;
  completedAt: string | null;
}

export interface WorkflowRun {
  id: number;
  repoId: number;
  name: string;
  headSha: string;
  headBranch: string;
  event: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  attempt: number;
  createdAt: string;
  updatedAt: string;
}

/** An entry of GitHub's issue events ("labeled", "closed", "head_ref_force_pushed", …). */
export interface IssueEvent {
  id: number;
  issueId: number;
  event: string;
  actorId: number;
  createdAt: string;
  commitId: string | null;
  data: Record<string, unknown>;
}

export interface Reaction {
  id: number;
  subject: 'issue' | 'comment' | 'reviewComment';
  subjectId: number;
  userId: number;
  content: '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes';
  createdAt: string;
}

export interface Invitation {
  id: number;
  repoId: number;
  inviteeId: number;
  inviterId: number;
  permission: Permission;
  createdAt: string;
}

export interface App {
  id: number;
  slug: string;
  name: string;
  ownerId: number;
  /** The account as which the App acts: `slug[bot]`. */
  botId: number;
  publicKey: string;
  privateKey: string;
  clientId: string;
  clientSecret: string;
  permissions: Record<string, string>;
  events: string[];
  /** What a manifest's program exchanges, once, for the App's keys. */
  manifestCode?: string | null;
  /** Where people go on after they installed it. */
  setupUrl?: string;
  createdAt: string;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  suspended: boolean;
  /** What the account has agreed to, where that is not what the App asks for by now. */
  permissions?: Record<string, string>;
  events?: string[];
  /** Repositories that were chosen; all of them where there are none. */
  repoIds?: number[];
  createdAt: string;
}

export interface Token {
  id: number;
  value: string;
  accountId: number;
  installationId: number | null;
  /** Repositories that an installation token was narrowed to. */
  repoIds: number[] | null;
  expiresAt: string | null;
}

export interface Hook {
  id: number;
  target: 'repository' | 'organization' | 'integration';
  /** Repository, organisation or App. */
  targetId: number;
  url: string;
  secret: string;
  contentType: 'json' | 'form';
  events: string[];
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface Delivery {
  id: number;
  guid: string;
  hookId: number;
  event: string;
  action: string | null;
  /** What in the change feed caused it; null for a ping. */
  changeId: number | null;
  installationId: number | null;
  repositoryId: number | null;
  redelivery: boolean;
  /** "queued" until an answer, a time-out or an error is there. */
  state: 'queued' | 'done';
  /** GitHub's words: "OK", "timed out", "failed to connect to host", … */
  status: string;
  statusCode: number;
  durationMs: number;
  deliveredAt: string;
  requestHeaders: Record<string, string>;
  /** The exact bytes that are signed and sent. */
  body: string;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

/** A classic project board, of a repository or an organisation. */
export interface Project {
  id: number;
  number: number;
  /** The organisation, where it is no repository's. */
  orgId: number | null;
  repoId: number | null;
  name: string;
  body: string | null;
  creatorId: number;
  createdAt: string;
  columns: { id: number; name: string }[];
  cards: {
    id: number;
    columnId: number;
    issueId: number | null;
    note: string | null;
    creatorId: number;
    createdAt: string;
  }[];
}

/** A branch from which a pull request can be opened, or a commit that can be pushed to one, made ready by the seed. */
export interface Prepared {
  id: number;
  kind: 'branch' | 'commit';
  repoId: number;
  /** Where the branch lives: the repository itself or a fork. */
  headRepoId: number;
  branch: string;
  login: string;
  title: string;
  body: string;
  sha: string;
  used: boolean;
}

/** Says that the seed was finished. */
export interface Mark {
  id: number;
  seed: string;
  at: string;
}
