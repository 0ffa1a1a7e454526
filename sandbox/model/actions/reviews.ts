import { presentPull, presentReview, presentReviewComment } from '../../present/pulls.ts';
import { happen } from '../happen.ts';
import { needPull } from '../need.ts';
import type { Account, PullIssue, Review, ReviewComment } from '../records.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { addEvent, touch } from './issues.ts';

export interface DraftComment {
  body: string;
  path: string;
  line?: number | null;
  startLine?: number | null;
  side?: 'LEFT' | 'RIGHT';
  position?: number | null;
  diffHunk?: string;
  inReplyToId?: number | null;
}

export interface NewReview {
  actor: Account;
  issue: PullIssue;
  /** Left out: the review stays pending and nobody hears of it. */
  event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  body?: string;
  commitId?: string;
  comments?: readonly DraftComment[];
}

const STATE = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

/** Reviews a pull request, with comments on lines. */
export function submitReview(world: World, wish: NewReview): Review {
  const { actor, issue, event, body = '', comments = [] } = wish;
  if ((event === 'APPROVE' || event === 'REQUEST_CHANGES') && actor.id === issue.authorId) {
    const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new Refusal(422, 'Unprocessable Entity', [`Can not ${verb} your own pull request`]);
  }
  if ((event === 'REQUEST_CHANGES' || (event === 'COMMENT' && comments.length === 0)) && body.trim() === '') {
    throw new Refusal(422, 'Unprocessable Entity', ['Body is required']);
  }
  const review = world.reviews.put({
    id: world.nextId(),
    issueId: issue.id,
    authorId: actor.id,
    body,
    state: event ? STATE[event] : 'PENDING',
    commitId: wish.commitId ?? issue.pull.headSha,
    submittedAt: event ? world.now() : null,
  });
  const made = comments.map((draft) => storeComment(world, actor, issue, review, draft));
  if (event) tellSubmitted(world, actor, issue, review, made);
  return review;
}

/** Sends a pending review. */
export function submitPending(
  world: World,
  actor: Account,
  review: Review,
  event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT',
  body?: string,
): void {
  if (review.state !== 'PENDING') throw new Refusal(422, 'Can only submit a pending review');
  review.state = STATE[event];
  review.body = body ?? review.body;
  review.submittedAt = world.now();
  world.reviews.put(review);
  const made = world.reviewComments.in(review.issueId).filter((it) => it.reviewId === review.id);
  tellSubmitted(world, actor, needPull(world, review.issueId), review, made);
}

function tellSubmitted(
  world: World,
  actor: Account,
  issue: PullIssue,
  review: Review,
  made: readonly ReviewComment[],
): void {
  issue.pull.requestedReviewerIds = issue.pull.requestedReviewerIds.filter((id) => id !== actor.id);
  touch(world, issue);
  addEvent(world, issue, actor, 'reviewed', {
    state: review.state.toLowerCase(),
    body: review.body,
    submitted_at: review.submittedAt,
  });
  tellReview(world, actor, issue, review, 'submitted');
  for (const it of made) tellComment(world, actor, issue, it, 'created');
}

function tellReview(
  world: World,
  actor: Account,
  issue: PullIssue,
  review: Review,
  action: 'submitted' | 'edited' | 'dismissed',
  extra = {},
): void {
  happen(world, {
    kind: `review.${action}`,
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { reviewId: review.id, state: review.state, body: review.body },
    announce: [
      {
        event: 'pull_request_review',
        action,
        payload: { review: presentReview(world, review, true), pull_request: presentPull(world, issue), ...extra },
      },
    ],
  });
}

export function editReview(world: World, actor: Account, review: Review, body: string): void {
  const changes = { body: { from: review.body } };
  review.body = body;
  world.reviews.put(review);
  tellReview(world, actor, needPull(world, review.issueId), review, 'edited', { changes });
}

export function dismissReview(world: World, actor: Account, review: Review, message: string): void {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, 'Can not dismiss a comment review');
  review.state = 'DISMISSED';
  world.reviews.put(review);
  const issue = needPull(world, review.issueId);
  addEvent(world, issue, actor, 'review_dismissed', {
    dismissed_review: { state: 'dismissed', review_id: review.id, dismissal_message: message },
  });
  tellReview(world, actor, issue, review, 'dismissed');
}

function storeComment(
  world: World,
  actor: Account,
  issue: PullIssue,
  review: Review,
  draft: DraftComment,
): ReviewComment {
  const now = world.now();
  return world.reviewComments.put({
    id: world.nextId(),
    issueId: issue.id,
    reviewId: review.id,
    authorId: actor.id,
    body: draft.body,
    path: draft.path,
    line: draft.line ?? null,
    startLine: draft.startLine ?? null,
    side: draft.side ?? 'RIGHT',
    position: draft.position ?? null,
    diffHunk: draft.diffHunk ?? '@@ -1 +1 @@',
    commitId: review.commitId,
    inReplyToId: draft.inReplyToId ?? null,
    createdAt: now,
    updatedAt: now,
  });
}

/** One comment on a line, or an answer to one: GitHub wraps it into a review of its own. */
export function commentOnLine(
  world: World,
  actor: Account,
  issue: PullIssue,
  draft: DraftComment,
  commitId?: string,
): ReviewComment {
  if (draft.body.trim() === '')
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'PullRequestReviewComment', field: 'body', code: 'missing_field' },
    ]);
  const review = world.reviews.put({
    id: world.nextId(),
    issueId: issue.id,
    authorId: actor.id,
    body: '',
    state: 'COMMENTED',
    commitId: commitId ?? issue.pull.headSha,
    submittedAt: world.now(),
  });
  const made = storeComment(world, actor, issue, review, draft);
  tellSubmitted(world, actor, issue, review, [made]);
  return made;
}

function tellComment(
  world: World,
  actor: Account,
  issue: PullIssue,
  made: ReviewComment,
  action: 'created' | 'edited' | 'deleted',
  extra = {},
): void {
  happen(world, {
    kind: `reviewComment.${action}`,
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { reviewCommentId: made.id, body: made.body, path: made.path, line: made.line },
    announce: [
      {
        event: 'pull_request_review_comment',
        action,
        payload: { comment: presentReviewComment(world, made), pull_request: presentPull(world, issue), ...extra },
      },
    ],
  });
}

export function editReviewComment(world: World, actor: Account, made: ReviewComment, body: string): void {
  const changes = { body: { from: made.body } };
  made.body = body;
  made.updatedAt = world.now();
  world.reviewComments.put(made);
  tellComment(world, actor, needPull(world, made.issueId), made, 'edited', { changes });
}

export function deleteReviewComment(world: World, actor: Account, made: ReviewComment): void {
  world.reviewComments.drop(made);
  tellComment(world, actor, needPull(world, made.issueId), made, 'deleted');
}
