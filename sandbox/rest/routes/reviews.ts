import { atLeast } from '../../model/access.ts';
import * as actions from '../../model/actions/index.ts';
import type { DraftComment } from '../../model/actions/reviews.ts';
import { needPull } from '../../model/need.ts';
import type { Review, ReviewComment } from '../../model/records.ts';
import { notFound } from '../../model/refusal.ts';
import { presentReview, presentReviewComment } from '../../present/pulls.ts';
import type { Answer, Body, Routes } from '../call.ts';
import { choiceOf, NO_CONTENT, needText, numberOf, objectsOf, textOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, lacking, pullIn, reading } from '../scope.ts';

const EVENTS = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;

function reviewIn(call: RepoCall): Review {
  const review = call.world.reviews.get(Number(call.params.id));
  if (!review || review.issueId !== pullIn(call).id) throw notFound();
  return review;
}

function draft(body: Body): DraftComment {
  const side = choiceOf(body, 'side', ['LEFT', 'RIGHT']);
  return {
    body: needText(body, 'body'),
    path: needText(body, 'path'),
    line: numberOf(body, 'line') ?? null,
    startLine: numberOf(body, 'start_line') ?? null,
    position: numberOf(body, 'position') ?? null,
    ...(side ? { side } : {}),
  };
}

function create(call: ActingCall): Answer {
  const { world, actor, body } = call;
  const event = choiceOf(body, 'event', EVENTS);
  const commitId = textOf(body, 'commit_id');
  const review = actions.submitReview(world, {
    actor,
    issue: pullIn(call),
    body: textOf(body, 'body') ?? '',
    comments: objectsOf(body, 'comments').map(draft),
    ...(event ? { event } : {}),
    ...(commitId ? { commitId } : {}),
  });
  return { body: presentReview(world, review) };
}

/** Pending reviews are seen by their author only. */
function visibleReviews(call: RepoCall): Review[] {
  return call.world.reviews
    .in(pullIn(call).id)
    .filter((it) => it.state !== 'PENDING' || it.authorId === call.caller.account?.id);
}

function commentIn(call: RepoCall): ReviewComment {
  const comment = call.world.reviewComments.get(Number(call.params.id));
  if (!comment || call.world.issues.need(comment.issueId).repoId !== call.repo.id) throw notFound();
  return comment;
}

function own(call: ActingCall): ReviewComment {
  const comment = commentIn(call);
  if (comment.authorId !== call.actor.id && !atLeast(call.permission, 'write')) throw lacking(call, 'write');
  return comment;
}

function createComment(call: ActingCall): Answer {
  const { world, actor, body } = call;
  const issue = pullIn(call);
  const answered = world.reviewComments.get(numberOf(body, 'in_reply_to'));
  if (answered) return reply(call, answered);
  return {
    status: 201,
    body: presentReviewComment(
      world,
      actions.commentOnLine(world, actor, issue, draft(body), needText(body, 'commit_id')),
    ),
  };
}

function reply(call: ActingCall, answered: ReviewComment): Answer {
  const { world, actor, body } = call;
  const { path, line, side, diffHunk, position } = answered;
  const inReplyToId = answered.inReplyToId ?? answered.id;
  const made = actions.commentOnLine(world, actor, needPull(world, answered.issueId), {
    body: needText(body, 'body'),
    path,
    line,
    side,
    diffHunk,
    position,
    inReplyToId,
  });
  return { status: 201, body: presentReviewComment(world, made) };
}

const BASE = '/repos/:owner/:repo/pulls';

export const reviewRoutes: Routes = {
  [`GET ${BASE}/comments`]: reading((call) => {
    const all = call.world.issues.in(call.repo.id).flatMap((issue) => call.world.reviewComments.in(issue.id));
    return paged(call, all, (it) => presentReviewComment(call.world, it));
  }),
  [`GET ${BASE}/comments/:id`]: reading((call) => ({ body: presentReviewComment(call.world, commentIn(call)) })),
  [`PATCH ${BASE}/comments/:id`]: acting('read', (call) => {
    const comment = own(call);
    actions.editReviewComment(call.world, call.actor, comment, needText(call.body, 'body'));
    return { body: presentReviewComment(call.world, comment) };
  }),
  [`DELETE ${BASE}/comments/:id`]: acting('read', (call) => {
    actions.deleteReviewComment(call.world, call.actor, own(call));
    return NO_CONTENT;
  }),
  [`GET ${BASE}/:number/comments`]: reading((call) =>
    paged(call, call.world.reviewComments.in(pullIn(call).id), (it) => presentReviewComment(call.world, it)),
  ),
  [`POST ${BASE}/:number/comments`]: acting('read', createComment),
  [`POST ${BASE}/:number/comments/:id/replies`]: acting('read', (call) => reply(call, commentIn(call))),
  [`GET ${BASE}/:number/reviews`]: reading((call) =>
    paged(call, visibleReviews(call), (it) => presentReview(call.world, it)),
  ),
  [`POST ${BASE}/:number/reviews`]: acting('read', create),
  [`GET ${BASE}/:number/reviews/:id`]: reading((call) => ({ body: presentReview(call.world, reviewIn(call)) })),
  [`PUT ${BASE}/:number/reviews/:id`]: acting('read', (call) => {
    const review = reviewIn(call);
    if (review.authorId !== call.actor.id) throw lacking(call, 'write');
    actions.editReview(call.world, call.actor, review, needText(call.body, 'body'));
    return { body: presentReview(call.world, review) };
  }),
  [`GET ${BASE}/:number/reviews/:id/comments`]: reading((call) => {
    const review = reviewIn(call);
    const list = call.world.reviewComments.in(review.issueId).filter((it) => it.reviewId === review.id);
    return paged(call, list, (it) => presentReviewComment(call.world, it));
  }),
  [`POST ${BASE}/:number/reviews/:id/events`]: acting('read', (call) => {
    const review = reviewIn(call);
    needText(call.body, 'event');
    actions.submitPending(
      call.world,
      call.actor,
      review,
      choiceOf(call.body, 'event', EVENTS) ?? 'COMMENT',
      textOf(call.body, 'body'),
    );
    return { body: presentReview(call.world, review) };
  }),
  [`PUT ${BASE}/:number/reviews/:id/dismissals`]: acting('write', (call) => {
    const review = reviewIn(call);
    actions.dismissReview(call.world, call.actor, review, needText(call.body, 'message'));
    return { body: presentReview(call.world, review) };
  }),
};
