import { isPull } from '../model/lookup.ts';
import { parseNodeId } from '../model/nodeid.ts';
import type { Account, Comment, Issue, Label, PullIssue, Repo, Review } from '../model/records.ts';
import type { World } from '../model/world.ts';
import { actorNode, labelNode, milestoneNode, teamNode } from './actors.ts';
import { commitBySha, runNode } from './commits.ts';
import type { Node } from './connection.ts';
import { type Context, canRead } from './context.ts';
import { unresolved } from './failure.ts';
import { commentNode, issueNode, pullNode, reviewNode } from './issues.ts';
import { repositoryNode } from './repository.ts';

function missing(id: string): never {
  throw unresolved(`a node with the global id of '${id}'`);
}

function idOf(id: string, ...prefixes: string[]): number {
  const parsed = parseNodeId(id);
  return parsed && prefixes.includes(parsed.prefix) ? parsed.id : missing(id);
}

export function needPullById(world: World, id: string): PullIssue {
  const wanted = idOf(id, 'PR');
  return (
    world.issues
      .all()
      .filter(isPull)
      .find((it) => it.pull.id === wanted) ?? missing(id)
  );
}

/** An issue or a pull request. */
export function needIssueById(world: World, id: string): Issue {
  return id.startsWith('PR_') ? needPullById(world, id) : (world.issues.get(idOf(id, 'I')) ?? missing(id));
}

export function needRepoById(world: World, id: string): Repo {
  return world.repos.get(idOf(id, 'R')) ?? missing(id);
}

export function needCommentById(world: World, id: string): Comment {
  return world.comments.get(idOf(id, 'IC')) ?? missing(id);
}

function needReviewById(world: World, id: string): Review {
  return world.reviews.get(idOf(id, 'PRR')) ?? missing(id);
}

export function needLabelById(world: World, id: string): Label {
  return world.labels.get(idOf(id, 'LA')) ?? missing(id);
}

export function needAccountById(world: World, id: string): Account {
  return world.accounts.get(idOf(id, 'U', 'O', 'BOT')) ?? missing(id);
}

/** What a global id names, for whoever may see it. */
export function nodeById(context: Context, id: string): Node | Promise<Node | null> {
  const { world } = context;
  const commit = /^C_(\d+)_([0-9a-f]{40})$/.exec(id);
  if (commit) {
    const repo = world.repos.get(Number(commit[1]));
    return repo && canRead(context, repo) ? commitBySha(context, repo, commit[2] ?? '') : missing(id);
  }
  const prefix = parseNodeId(id)?.prefix;
  if (prefix === 'U' || prefix === 'O' || prefix === 'BOT') return actorNode(context, needAccountById(world, id));
  if (prefix === 'LA') return labelNode(context, needLabelById(world, id));
  if (prefix === 'MI') return milestoneNode(context, world.milestones.get(idOf(id, 'MI')) ?? missing(id));
  if (prefix === 'T') return teamNode(context, world.teams.get(idOf(id, 'T')) ?? missing(id));
  if (prefix === 'CR') return runNode(context, world.checkRuns.get(idOf(id, 'CR')) ?? missing(id));
  return ofRepository(context, prefix, id);
}

function ofRepository(context: Context, prefix: string | undefined, id: string): Node {
  const { world } = context;
  const visible = (repoId: number) => {
    if (!canRead(context, world.repos.need(repoId))) missing(id);
  };
  if (prefix === 'R') {
    const repo = needRepoById(world, id);
    visible(repo.id);
    return repositoryNode(context, repo);
  }
  if (prefix === 'I' || prefix === 'PR') {
    const issue = needIssueById(world, id);
    visible(issue.repoId);
    return isPull(issue) ? pullNode(context, issue) : issueNode(context, issue);
  }
  if (prefix === 'IC') {
    const comment = needCommentById(world, id);
    visible(world.issues.need(comment.issueId).repoId);
    return commentNode(context, comment);
  }
  if (prefix === 'PRR') {
    const review = needReviewById(world, id);
    visible(world.issues.need(review.issueId).repoId);
    return reviewNode(context, review);
  }
  return missing(id);
}
