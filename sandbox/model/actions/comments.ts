import { presentComment, presentIssue } from '../../present/issues.ts';
import { atLeast, permissionOf } from '../access.ts';
import { happen } from '../happen.ts';
import type { Account, Comment, Issue, Reaction } from '../records.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { touch } from './issues.ts';

const LONGEST = 65_536;

function checkBody(resource: string, body: string): void {
  if (body.trim() === '')
    throw new Refusal(422, 'Validation Failed', [{ resource, code: 'missing_field', field: 'body' }]);
  if ([...body].length <= LONGEST) return;
  const message = `body is too long (maximum is ${LONGEST} characters)`;
  throw new Refusal(422, 'Validation Failed', [{ resource, code: 'unprocessable', field: 'data', message }]);
}

export interface NewComment {
  actor: Account;
  issue: Issue;
  body: string;
  /** The App through which it is written. */
  appId?: number | null;
}

/** Comments on an issue or a pull request. */
export function comment(world: World, { actor, issue, body, appId = null }: NewComment): Comment {
  checkBody('IssueComment', body);
  const repo = world.repos.need(issue.repoId);
  if (issue.locked && !atLeast(permissionOf(world, repo, actor), 'write')) {
    throw new Refusal(403, 'Unable to create comment because issue is locked.');
  }
  const now = world.now();
  const made = world.comments.put({
    id: world.nextId(),
    issueId: issue.id,
    authorId: actor.id,
    body,
    createdAt: now,
    updatedAt: now,
    minimizedReason: null,
    appId,
  });
  touch(world, issue);
  tell(world, actor, issue, made, 'created');
  return made;
}

function tell(
  world: World,
  actor: Account,
  issue: Issue,
  made: Comment,
  action: 'created' | 'edited' | 'deleted',
  extra: Record<string, unknown> = {},
): void {
  const payload = { issue: presentIssue(world, issue), comment: presentComment(world, made), ...extra };
  happen(world, {
    kind: `comment.${action}`,
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { commentId: made.id, body: made.body },
    announce: [{ event: 'issue_comment', action, payload }],
  });
}

export function editComment(world: World, actor: Account, made: Comment, body: string): void {
  checkBody('IssueComment', body);
  if (body === made.body) return;
  const changes = { body: { from: made.body } };
  made.body = body;
  made.updatedAt = world.now();
  world.comments.put(made);
  tell(world, actor, world.issues.need(made.issueId), made, 'edited', { changes });
}

export function deleteComment(world: World, actor: Account, made: Comment): void {
  world.comments.drop(made);
  tell(world, actor, world.issues.need(made.issueId), made, 'deleted');
}

/** Hides a comment behind a reason; GitHub sends no webhook for it. */
export function minimizeComment(world: World, actor: Account, made: Comment, reason: string): void {
  made.minimizedReason = reason;
  world.comments.put(made);
  const issue = world.issues.need(made.issueId);
  const repo = world.repos.need(issue.repoId);
  happen(world, { kind: 'comment.minimized', actor, repo, issues: [issue], data: { commentId: made.id, reason } });
}

/** Adds a reaction, or gives the one that this person already left. GitHub sends no webhook for it. */
export function react(
  world: World,
  actor: Account,
  issue: Issue,
  subject: Reaction['subject'],
  subjectId: number,
  content: Reaction['content'],
): { reaction: Reaction; isNew: boolean } {
  const before = world.reactions
    .in(`${subject}/${subjectId}`)
    .find((it) => it.userId === actor.id && it.content === content);
  if (before) return { reaction: before, isNew: false };
  const reaction = world.reactions.put({
    id: world.nextId(),
    subject,
    subjectId,
    userId: actor.id,
    content,
    createdAt: world.now(),
  });
  const repo = world.repos.need(issue.repoId);
  happen(world, { kind: 'reaction.added', actor, repo, issues: [issue], data: { subject, subjectId, content } });
  return { reaction, isNew: true };
}

export function unreact(world: World, actor: Account, issue: Issue, reaction: Reaction): void {
  world.reactions.drop(reaction);
  const { subject, subjectId, content } = reaction;
  const repo = world.repos.need(issue.repoId);
  happen(world, { kind: 'reaction.removed', actor, repo, issues: [issue], data: { subject, subjectId, content } });
}
