import { atLeast } from '../../model/access.ts';
import * as actions from '../../model/actions/index.ts';
import type { Comment, Issue, Reaction } from '../../model/records.ts';
import { notFound } from '../../model/refusal.ts';
import { presentComment, presentReaction } from '../../present/issues.ts';
import type { Answer, Handler, Routes } from '../call.ts';
import { choiceOf, NO_CONTENT, needText } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, issueIn, lacking, reading } from '../scope.ts';

function commentIn(call: RepoCall): Comment {
  const comment = call.world.comments.get(Number(call.params.id));
  if (!comment || call.world.issues.need(comment.issueId).repoId !== call.repo.id) throw notFound();
  return comment;
}

function since(call: RepoCall, comments: readonly Comment[]): Comment[] {
  const from = call.query.get('since') ?? '';
  return comments.filter((it) => it.updatedAt >= from);
}

function ofRepo(call: RepoCall): Answer {
  const { world, repo, query } = call;
  const all = since(
    call,
    world.issues.in(repo.id).flatMap((issue) => world.comments.in(issue.id)),
  );
  const key = (it: Comment) => (query.get('sort') === 'updated' ? it.updatedAt : String(it.id).padStart(12, '0'));
  const up = query.get('direction') === 'desc' ? -1 : 1;
  return paged(
    call,
    all.sort((a, b) => up * key(a).localeCompare(key(b))),
    (it) => presentComment(world, it),
  );
}

function create(call: ActingCall): Answer {
  const { world, actor, body, caller } = call;
  const comment = actions.comment(world, {
    actor,
    issue: issueIn(call),
    body: needText(body, 'body'),
    appId: caller.app?.id ?? null,
  });
  return { status: 201, body: presentComment(world, comment) };
}

/** A comment may be changed by who wrote it and by those who can write to the repository. */
function own(call: ActingCall): Comment {
  const comment = commentIn(call);
  if (comment.authorId !== call.actor.id && !atLeast(call.permission, 'write')) throw lacking(call, 'write');
  return comment;
}

const CONTENTS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;

type Subject = (call: RepoCall) => { subject: Reaction['subject']; id: number; issue: Issue };

function listReactions(subject: Subject): Handler {
  return reading((call) => {
    const { subject: kind, id } = subject(call);
    const content = call.query.get('content');
    const list = call.world.reactions.in(`${kind}/${id}`).filter((it) => !content || it.content === content);
    return paged(call, list, (it) => presentReaction(call.world, it));
  });
}

function addReaction(subject: Subject): Handler {
  return acting('read', (call) => {
    const { subject: kind, id, issue } = subject(call);
    needText(call.body, 'content');
    const content = choiceOf(call.body, 'content', CONTENTS) ?? '+1';
    const { reaction, isNew } = actions.react(call.world, call.actor, issue, kind, id, content);
    return { status: isNew ? 201 : 200, body: presentReaction(call.world, reaction) };
  });
}

function removeReaction(subject: Subject): Handler {
  return acting('read', (call) => {
    const { subject: kind, id, issue } = subject(call);
    const reaction = call.world.reactions.in(`${kind}/${id}`).find((it) => it.id === Number(call.params.reaction));
    if (!reaction) throw notFound();
    actions.unreact(call.world, call.actor, issue, reaction);
    return NO_CONTENT;
  });
}

function reactionRoutes(base: string, subject: Subject): Routes {
  return {
    [`GET ${base}/reactions`]: listReactions(subject),
    [`POST ${base}/reactions`]: addReaction(subject),
    [`DELETE ${base}/reactions/:reaction`]: removeReaction(subject),
  };
}

const BASE = '/repos/:owner/:repo';

export const commentRoutes: Routes = {
  [`GET ${BASE}/issues/comments`]: reading(ofRepo),
  [`GET ${BASE}/issues/comments/:id`]: reading((call) => ({ body: presentComment(call.world, commentIn(call)) })),
  [`PATCH ${BASE}/issues/comments/:id`]: acting('read', (call) => {
    const comment = own(call);
    actions.editComment(call.world, call.actor, comment, needText(call.body, 'body'));
    return { body: presentComment(call.world, comment) };
  }),
  [`DELETE ${BASE}/issues/comments/:id`]: acting('read', (call) => {
    actions.deleteComment(call.world, call.actor, own(call));
    return NO_CONTENT;
  }),
  [`GET ${BASE}/issues/:number/comments`]: reading((call) =>
    paged(call, since(call, call.world.comments.in(issueIn(call).id)), (it) => presentComment(call.world, it)),
  ),
  [`POST ${BASE}/issues/:number/comments`]: acting('read', create),
  ...reactionRoutes(`${BASE}/issues/comments/:id`, (call) => {
    const comment = commentIn(call);
    return { subject: 'comment', id: comment.id, issue: call.world.issues.need(comment.issueId) };
  }),
  ...reactionRoutes(`${BASE}/issues/:number`, (call) => {
    const issue = issueIn(call);
    return { subject: 'issue', id: issue.id, issue };
  }),
  ...reactionRoutes(`${BASE}/pulls/comments/:id`, (call) => {
    const comment = call.world.reviewComments.get(Number(call.params.id));
    if (!comment) throw notFound();
    return { subject: 'reviewComment', id: comment.id, issue: call.world.issues.need(comment.issueId) };
  }),
};
