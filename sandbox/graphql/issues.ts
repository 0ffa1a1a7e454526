import { log } from '../git/commits.ts';
import { diffFiles } from '../git/diff.ts';
import { mergeBase } from '../git/refs.ts';
import { associationOf, atLeast } from '../model/access.ts';
import { gitDir, isPull, labelsOf } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { Comment, Issue, PullIssue, Review, ReviewComment } from '../model/records.ts';
import { latestOpinions, reviewDecision } from '../model/reviews.ts';
import { issueHtml, issueNodeId } from '../present/issues.ts';
import { currentBase, pullNumbers } from '../present/pulls.ts';
import { actorNode, labelNode, milestoneNode, teamNode } from './actors.ts';
import { commitBySha, commitNode } from './commits.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import { type Context, permissionIn } from './context.ts';

export function issueOrPullNode(context: Context, issue: Issue): Node {
  return isPull(issue) ? pullNode(context, issue) : issueNode(context, issue);
}

/** What issues and pull requests share. */
function commonFields(context: Context, issue: Issue): Node {
  const { world } = context;
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(issue.authorId);
  const milestone = world.milestones.get(issue.milestoneId);
  return {
    id: issueNodeId(issue),
    databaseId: issue.pull?.id ?? issue.id,
    fullDatabaseId: String(issue.pull?.id ?? issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    bodyText: issue.body ?? '',
    url: issueHtml(world, issue),
    author: () => actorNode(context, author),
    authorAssociation: associationOf(world, repo, author),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    closed: issue.state === 'closed',
    locked: issue.locked,
    activeLockReason: issue.lockReason?.toUpperCase().replace(/[- ]/g, '_') ?? null,
    repository: () => context.nodes.repository(context, repo),
    milestone: milestone ? () => milestoneNode(context, milestone) : null,
    labels: (args: PageArgs) => connection(labelsOf(world, issue), args, (it) => labelNode(context, it)),
    assignees: (args: PageArgs) =>
      connection(issue.assigneeIds, args, (id) => actorNode(context, world.accounts.need(id))),
    comments: (args: PageArgs) => connection(world.comments.in(issue.id), args, (it) => commentNode(context, it)),
    viewerCanUpdate: atLeast(permissionIn(context, repo), 'triage') || context.caller.account?.id === issue.authorId,
  };
}

export function issueNode(context: Context, issue: Issue): Node {
  const pinned = context.world.repos.need(issue.repoId).pinnedIssueIds.includes(issue.id);
  return {
    __typename: 'Issue',
    ...commonFields(context, issue),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    isPinned: pinned,
  };
}

export function commentNode(context: Context, comment: Comment): Node {
  const { world } = context;
  const issue = world.issues.need(comment.issueId);
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(comment.authorId);
  return {
    __typename: 'IssueComment',
    id: nodeId('IC', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    author: () => actorNode(context, author),
    authorAssociation: associationOf(world, repo, author),
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    url: `${issueHtml(world, issue)}#issuecomment-${comment.id}`,
    isMinimized: comment.minimizedReason !== null,
    minimizedReason: comment.minimizedReason,
    viewerDidAuthor: context.caller.account?.id === author.id,
    viewerCanMinimize: atLeast(permissionIn(context, repo), 'write'),
    issue: () => issueNode(context, issue),
    pullRequest: () => (isPull(issue) ? pullNode(context, issue) : null),
    repository: () => context.nodes.repository(context, repo),
  };
}

export function pullNode(context: Context, issue: PullIssue): Node {
  const { world } = context;
  const { pull } = issue;
  const repo = world.repos.need(issue.repoId);
  const headRepo = world.repos.get(pull.headRepoId);
  const mergedBy = world.accounts.get(pull.mergedById);
  const numbers = () => pullNumbers(world, issue);
  return {
    __typename: 'PullRequest',
    ...commonFields(context, issue),
    state: pull.merged ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    isCrossRepository: pull.headRepoId !== issue.repoId,
    maintainerCanModify: pull.maintainerCanModify,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRef: () => context.nodes.ref(context, repo, `refs/heads/${pull.baseRef}`),
    headRef: () => (headRepo ? context.nodes.ref(context, headRepo, `refs/heads/${pull.headRef}`) : null),
    baseRepository: () => context.nodes.repository(context, repo),
    headRepository: () => (headRepo ? context.nodes.repository(context, headRepo) : null),
    headRepositoryOwner: () => (headRepo ? actorNode(context, world.accounts.need(headRepo.ownerId)) : null),
    permalink: issueHtml(world, issue),
    merged: pull.merged,
    mergedAt: pull.mergedAt,
    mergedBy: mergedBy ? () => actorNode(context, mergedBy) : null,
    mergeCommit: () => (pull.mergeCommitSha ? commitBySha(context, repo, pull.mergeCommitSha) : null),
    mergeable: async () =>
      issue.state === 'closed' ? 'UNKNOWN' : (await numbers()).mergeable ? 'MERGEABLE' : 'CONFLICTING',
    mergeStateStatus: async () =>
      issue.state === 'closed' ? 'UNKNOWN' : (await numbers()).mergeable ? (pull.draft ? 'DRAFT' : 'CLEAN') : 'DIRTY',
    canBeRebased: async () => (await numbers()).mergeable,
    additions: async () => (await numbers()).additions,
    deletions: async () => (await numbers()).deletions,
    changedFiles: async () => (await numbers()).changedFiles,
    reviewDecision: () => reviewDecision(world, issue),
    autoMergeRequest: null,
    ...listFields(context, issue),
  };
}

function listFields(context: Context, issue: PullIssue): Node {
  const { world } = context;
  const { pull } = issue;
  const repo = world.repos.need(issue.repoId);
  const dir = gitDir(world, repo);
  const fork = async () => {
    const base = await currentBase(world, issue);
    return (await mergeBase(dir, base, pull.headSha)) ?? base;
  };
  const reviews = () => world.reviews.in(issue.id).filter((it) => it.state !== 'PENDING');
  const requests = [
    ...pull.requestedReviewerIds.map((id) => () => actorNode(context, world.accounts.need(id))),
    ...pull.requestedTeamIds.map((id) => () => teamNode(context, world.teams.need(id))),
  ];
  return {
    commits: async (args: PageArgs) =>
      connection(await log(dir, pull.headSha, { not: await fork(), reverse: true }), args, (it) => ({
        __typename: 'PullRequestCommit',
        id: `PURC_${pull.id}_${it.sha}`,
        commit: () => commitNode(context, repo, it),
        pullRequest: () => pullNode(context, issue),
      })),
    files: async (args: PageArgs) =>
      connection(await diffFiles(dir, await fork(), pull.headSha, false), args, (it) => ({
        path: it.path,
        additions: it.additions,
        deletions: it.deletions,
        changeType: it.status === 'removed' ? 'DELETED' : it.status.toUpperCase(),
      })),
    reviews: (args: PageArgs & { states?: string[] | null; author?: string | null }) =>
      connection(
        reviews().filter(
          (it) =>
            (!args.states || args.states.includes(it.state)) &&
            (!args.author || world.accounts.need(it.authorId).login === args.author),
        ),
        args,
        (it) => reviewNode(context, it),
      ),
    latestReviews: (args: PageArgs) =>
      connection([...new Map(reviews().map((it) => [it.authorId, it])).values()], args, (it) =>
        reviewNode(context, it),
      ),
    latestOpinionatedReviews: (args: PageArgs) =>
      connection(latestOpinions(world, issue), args, (it) => reviewNode(context, it)),
    reviewRequests: (args: PageArgs) =>
      connection(requests, args, (it) => ({
        __typename: 'ReviewRequest',
        id: 'RR',
        asCodeOwner: false,
        requestedReviewer: it,
      })),
    reviewThreads: (args: PageArgs) => connection(threads(context, issue), args, (it) => it),
  };
}

/** Comments on lines, each with its answers. */
function threads(context: Context, issue: PullIssue): Node[] {
  const all = context.world.reviewComments.in(issue.id);
  return all
    .filter((it) => it.inReplyToId === null)
    .map((first) => ({
      __typename: 'PullRequestReviewThread',
      id: `PRRT_${first.id}`,
      path: first.path,
      line: first.line,
      isResolved: false,
      isOutdated: first.commitId !== issue.pull.headSha,
      comments: (args: PageArgs) =>
        connection([first, ...all.filter((it) => it.inReplyToId === first.id)], args, (it) =>
          reviewCommentNode(context, it),
        ),
    }));
}

export function reviewNode(context: Context, review: Review): Node {
  const { world } = context;
  const issue = world.issues.need(review.issueId);
  const author = world.accounts.need(review.authorId);
  const repo = world.repos.need(issue.repoId);
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', review.id),
    databaseId: review.id,
    state: review.state,
    body: review.body,
    author: () => actorNode(context, author),
    authorAssociation: associationOf(world, repo, author),
    submittedAt: review.submittedAt,
    createdAt: review.submittedAt ?? issue.createdAt,
    updatedAt: review.submittedAt ?? issue.createdAt,
    url: `${issueHtml(world, issue)}#pullrequestreview-${review.id}`,
    commit: () => commitBySha(context, repo, review.commitId),
    comments: (args: PageArgs) =>
      connection(
        world.reviewComments.in(issue.id).filter((it) => it.reviewId === review.id),
        args,
        (it) => reviewCommentNode(context, it),
      ),
    pullRequest: () => (isPull(issue) ? pullNode(context, issue) : null),
  };
}

function reviewCommentNode(context: Context, comment: ReviewComment): Node {
  const { world } = context;
  const issue = world.issues.need(comment.issueId);
  return {
    __typename: 'PullRequestReviewComment',
    id: nodeId('PRRC', comment.id),
    databaseId: comment.id,
    body: comment.body,
    path: comment.path,
    line: comment.line,
    diffHunk: comment.diffHunk,
    author: () => actorNode(context, world.accounts.need(comment.authorId)),
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    url: `${issueHtml(world, issue)}#discussion_r${comment.id}`,
  };
}
