import { associationOf } from '../model/access.ts';
import { labelsOf } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { Comment, Issue, IssueEvent, Reaction } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount } from './accounts.ts';
import { presentApp } from './apps.ts';
import { presentLabel, presentMilestone, repoApi, repoHtml } from './repos.ts';

export function issueNodeId(issue: Issue): string {
  return issue.pull ? nodeId('PR', issue.pull.id) : nodeId('I', issue.id);
}

export function issueHtml(world: World, issue: Issue): string {
  const repo = world.repos.need(issue.repoId);
  return `${repoHtml(world, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
}

const CONTENTS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function reactionSummary(world: World, subject: Reaction['subject'], id: number, url: string): Json {
  const reactions = world.reactions.in(`${subject}/${id}`);
  const counts = CONTENTS.map((content) => [content, reactions.filter((it) => it.content === content).length]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

export function presentReaction(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('RE', reaction.id),
    user: presentAccount(world, world.accounts.need(reaction.userId)),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** The fields that issues and pull requests share, apart from their ids and addresses. */
export function presentCommon(world: World, issue: Issue): Json {
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(issue.authorId);
  const milestone = world.milestones.get(issue.milestoneId);
  const assignees = issue.assigneeIds.map((id) => presentAccount(world, world.accounts.need(id)));
  return {
    number: issue.number,
    title: issue.title,
    user: presentAccount(world, author),
    labels: labelsOf(world, issue).map((label) => presentLabel(world, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: milestone ? presentMilestone(world, milestone) : null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(world, repo, author),
    active_lock_reason: issue.lockReason,
    body: issue.body,
  };
}

/** An issue, or a pull request seen as one. */
export function presentIssue(world: World, issue: Issue): Json {
  const repo = world.repos.need(issue.repoId);
  const url = `${repoApi(world, repo)}/issues/${issue.number}`;
  const html = issueHtml(world, issue);
  const closedBy = world.accounts.get(issue.closedById);
  return {
    url,
    repository_url: repoApi(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: issueNodeId(issue),
    ...presentCommon(world, issue),
    comments: world.comments.in(issue.id).length,
    ...(issue.pull ? { draft: issue.pull.draft, pull_request: pullLinks(world, issue) } : {}),
    closed_by: closedBy ? presentAccount(world, closedBy) : null,
    reactions: reactionSummary(world, 'issue', issue.id, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
  };
}

function pullLinks(world: World, issue: Issue): Json {
  const html = issueHtml(world, issue);
  return {
    url: `${repoApi(world, world.repos.need(issue.repoId))}/pulls/${issue.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: issue.pull?.mergedAt ?? null,
  };
}

export function presentComment(world: World, comment: Comment): Json {
  const issue = world.issues.need(comment.issueId);
  const repo = world.repos.need(issue.repoId);
  const author = world.accounts.need(comment.authorId);
  const url = `${repoApi(world, repo)}/issues/comments/${comment.id}`;
  const app = world.apps.get(comment.appId);
  return {
    url,
    html_url: `${issueHtml(world, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repoApi(world, repo)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: presentAccount(world, author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(world, repo, author),
    body: comment.body,
    reactions: reactionSummary(world, 'comment', comment.id, url),
    performed_via_github_app: app ? presentApp(world, app) : null,
  };
}

export function presentEvent(world: World, event: IssueEvent): Json {
  const repo = world.repos.need(world.issues.need(event.issueId).repoId);
  return {
    id: event.id,
    node_id: nodeId('EV', event.id),
    url: `${repoApi(world, repo)}/issues/events/${event.id}`,
    actor: presentAccount(world, world.accounts.need(event.actorId)),
    event: event.event,
    commit_id: event.commitId,
    commit_url: event.commitId ? `${repoApi(world, repo)}/commits/${event.commitId}` : null,
    created_at: event.createdAt,
    ...event.data,
    performed_via_github_app: null,
  };
}
