import { log } from '../git/commits.ts';
import { diffFiles } from '../git/diff.ts';
import { mergeTrees } from '../git/merge.ts';
import { mergeBase, readRef } from '../git/refs.ts';
import { associationOf } from '../model/access.ts';
import { gitDir } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { PullIssue, Repo, Review, ReviewComment } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount, presentTeam } from './accounts.ts';
import { issueHtml, presentCommon, reactionSummary } from './issues.ts';
import { presentRepo, repoApi } from './repos.ts';

/** What git says of a pull request; computed from its head and its base branch as they are now. */
export interface PullNumbers {
  commits: number;
  additions: number;
  deletions: number;
  changedFiles: number;
  mergeable: boolean;
}

const known = new Map<string, Promise<PullNumbers>>();
const KNOWN_KEPT = 500;

/** Counts and mergeability, remembered for each pair of commits. */
export async function pullNumbers(world: World, issue: PullIssue): Promise<PullNumbers> {
  const dir = gitDir(world, world.repos.need(issue.repoId));
  const base = await currentBase(world, issue);
  const key = `${dir} ${base} ${issue.pull.headSha}`;
  const found = known.get(key);
  if (found) return found;
  const numbers = computeNumbers(dir, base, issue.pull.headSha);
  known.set(key, numbers);
  numbers.catch(() => known.delete(key));
  const oldest = known.size > KNOWN_KEPT ? known.keys().next().value : undefined;
  if (oldest) known.delete(oldest);
  return numbers;
}

async function computeNumbers(dir: string, base: string, head: string): Promise<PullNumbers> {
  const fork = (await mergeBase(dir, base, head)) ?? base;
  const [commits, files, tree] = await Promise.all([
    log(dir, head, { not: fork }),
    diffFiles(dir, fork, head, false),
    mergeTrees(dir, base, head),
  ]);
  const sum = (pick: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + pick(file), 0);
  return {
    commits: commits.length,
    additions: sum((file) => file.additions),
    deletions: sum((file) => file.deletions),
    changedFiles: files.length,
    mergeable: tree !== undefined,
  };
}

/** The commit against which a pull request stands: its base branch now, or as it was when the pull request ended. */
export async function currentBase(world: World, issue: PullIssue): Promise<string> {
  if (issue.state === 'closed') return issue.pull.baseSha;
  const dir = gitDir(world, world.repos.need(issue.repoId));
  return (await readRef(dir, `refs/heads/${issue.pull.baseRef}`)) ?? issue.pull.baseSha;
}

function side(world: World, repo: Repo | undefined, ref: string, sha: string): Json {
  const owner = repo && world.accounts.need(repo.ownerId);
  return {
    label: owner ? `${owner.login}:${ref}` : ref,
    ref,
    sha,
    user: owner ? presentAccount(world, owner) : null,
    repo: repo ? presentRepo(world, repo) : null,
  };
}

/** A pull request as lists show it: without the counts and mergeability, which take git. */
export function presentPull(world: World, issue: PullIssue): Json {
  const { pull } = issue;
  const repo = world.repos.need(issue.repoId);
  const url = `${repoApi(world, repo)}/pulls/${issue.number}`;
  const html = issueHtml(world, issue);
  const issueUrl = `${repoApi(world, repo)}/issues/${issue.number}`;
  const statuses = `${repoApi(world, repo)}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    ...presentCommon(world, issue),
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    requested_reviewers: pull.requestedReviewerIds.map((id) => presentAccount(world, world.accounts.need(id))),
    requested_teams: pull.requestedTeamIds.flatMap((id) => {
      const team = world.teams.get(id);
      return team ? [presentTeam(world, team)] : [];
    }),
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoApi(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(world, world.repos.get(pull.headRepoId), pull.headRef, pull.headSha),
    base: side(world, repo, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repoApi(world, repo)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    auto_merge: pull.autoMerge
      ? {
          enabled_by: presentAccount(world, world.accounts.need(pull.autoMerge.enabledById)),
          merge_method: pull.autoMerge.method,
          commit_title: null,
          commit_message: null,
        }
      : null,
  };
}

/** A pull request as `GET …/pulls/{number}` and webhooks show it. */
export async function presentFullPull(world: World, issue: PullIssue): Promise<Json> {
  const { pull } = issue;
  const numbers = await pullNumbers(world, issue);
  const open = issue.state === 'open';
  const mergedBy = world.accounts.get(pull.mergedById);
  return {
    ...presentPull(world, issue),
    merged: pull.merged,
    mergeable: open ? numbers.mergeable : null,
    rebaseable: open ? numbers.mergeable : null,
    mergeable_state: open ? mergeableState(issue, numbers.mergeable) : 'unknown',
    merged_by: mergedBy ? presentAccount(world, mergedBy) : null,
    comments: world.comments.in(issue.id).length,
    review_comments: world.reviewComments.in(issue.id).length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: numbers.commits,
    additions: numbers.additions,
    deletions: numbers.deletions,
    changed_files: numbers.changedFiles,
  };
}

function mergeableState(issue: PullIssue, mergeable: boolean): string {
  if (!mergeable) return 'dirty';
  return issue.pull.draft ? 'draft' : 'clean';
}

/** REST shows a review's state in capitals, webhooks in small letters. */
export function presentReview(world: World, review: Review, webhook = false): Json {
  const issue = world.issues.need(review.issueId);
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(review.authorId);
  const html = `${issueHtml(world, issue)}#pullrequestreview-${review.id}`;
  const pullUrl = `${repoApi(world, repo)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: presentAccount(world, author),
    body: webhook && review.body === '' ? null : review.body,
    state: webhook ? review.state.toLowerCase() : review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(world, repo, author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(review.submittedAt ? { submitted_at: review.submittedAt } : {}),
    commit_id: review.commitId,
  };
}

export function presentReviewComment(world: World, comment: ReviewComment): Json {
  const issue = world.issues.need(comment.issueId);
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(comment.authorId);
  const url = `${repoApi(world, repo)}/pulls/comments/${comment.id}`;
  const html = `${issueHtml(world, issue)}#discussion_r${comment.id}`;
  const pullUrl = `${repoApi(world, repo)}/pulls/${issue.number}`;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    user: presentAccount(world, author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(world, repo, author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: reactionSummary(world, 'reviewComment', comment.id, url),
    start_line: comment.startLine,
    original_start_line: comment.startLine,
    start_side: comment.startLine === null ? null : comment.side,
    line: comment.line,
    original_line: comment.line,
    side: comment.side,
    original_position: comment.position ?? 1,
    position: comment.position ?? 1,
    subject_type: comment.line === null ? 'file' : 'line',
    ...(comment.inReplyToId ? { in_reply_to_id: comment.inReplyToId } : {}),
  };
}
