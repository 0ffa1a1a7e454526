import { presentAccount } from '../../present/accounts.ts';
import { presentIssue } from '../../present/issues.ts';
import { presentFullPull } from '../../present/pulls.ts';
import { presentMilestone, presentRepo } from '../../present/repos.ts';
import type { Announcement } from '../happen.ts';
import { happen } from '../happen.ts';
import { fullName, isPull, labelByName } from '../lookup.ts';
import type { Account, Issue, Label, Milestone, Repo } from '../records.ts';
import { invalid, Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/** Keeps an entry of GitHub's issue events, which `…/events` and `…/timeline` show. */
export function addEvent(
  world: World,
  issue: Issue,
  actor: Account,
  event: string,
  data: Record<string, unknown> = {},
  commitId: string | null = null,
): void {
  world.events.put({
    id: world.nextId(),
    issueId: issue.id,
    event,
    actorId: actor.id,
    createdAt: world.now(),
    commitId,
    data,
  });
}

/** The webhook about an issue, or about a pull request if it is one. */
export async function announcementOf(
  world: World,
  issue: Issue,
  action: string,
  extra: Record<string, unknown> = {},
): Promise<Announcement> {
  if (!isPull(issue)) return { event: 'issues', action, payload: { issue: presentIssue(world, issue), ...extra } };
  return {
    event: 'pull_request',
    action,
    payload: { number: issue.number, pull_request: await presentFullPull(world, issue), ...extra },
  };
}

/** Marks an issue as changed now. */
export function touch(world: World, issue: Issue): void {
  issue.updatedAt = world.now();
  world.issues.put(issue);
}

function newNumber(world: World, repo: Repo): number {
  repo.lastNumber += 1;
  world.repos.put(repo);
  return repo.lastNumber;
}

export interface OpenIssue {
  actor: Account;
  repo: Repo;
  title: string;
  body?: string | null;
  labels?: readonly Label[];
  assignees?: readonly Account[];
  milestone?: Milestone | null;
}

/** Opens an issue. */
export async function openIssue(world: World, wish: OpenIssue): Promise<Issue> {
  const { actor, repo } = wish;
  if (!repo.hasIssues) throw new Refusal(410, 'Issues are disabled for this repo');
  if (wish.title.trim() === '') throw invalid('Issue', 'title', 'missing_field');
  const issue = world.issues.put({
    ...blankIssue(world, repo, actor, wish.title, wish.body ?? null),
    labelIds: (wish.labels ?? []).map((label) => label.id),
    assigneeIds: (wish.assignees ?? []).map((account) => account.id),
    milestoneId: wish.milestone?.id ?? null,
  });
  happen(world, {
    kind: 'issue.opened',
    actor,
    repo,
    issues: [issue],
    data: { title: issue.title, body: issue.body },
    announce: [await announcementOf(world, issue, 'opened')],
  });
  return issue;
}

/** A new open issue or pull request that is not stored yet. */
export function blankIssue(world: World, repo: Repo, actor: Account, title: string, body: string | null): Issue {
  const now = world.now();
  return {
    id: world.nextId(),
    repoId: repo.id,
    number: newNumber(world, repo),
    title,
    body,
    state: 'open',
    stateReason: null,
    authorId: actor.id,
    labelIds: [],
    assigneeIds: [],
    milestoneId: null,
    locked: false,
    lockReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
  };
}

/** Changes title or body of an issue or a pull request; nothing happens where nothing changes. */
export async function editIssue(
  world: World,
  actor: Account,
  issue: Issue,
  edit: { title?: string; body?: string | null },
): Promise<void> {
  const changes: Record<string, { from: string | null }> = {};
  if (edit.title !== undefined && edit.title !== issue.title) {
    if (edit.title.trim() === '') throw invalid('Issue', 'title', 'missing_field');
    changes.title = { from: issue.title };
    addEvent(world, issue, actor, 'renamed', { rename: { from: issue.title, to: edit.title } });
    issue.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes.body = { from: issue.body };
    issue.body = edit.body;
  }
  if (Object.keys(changes).length === 0) return;
  touch(world, issue);
  happen(world, {
    kind: issue.pull ? 'pull.edited' : 'issue.edited',
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { title: issue.title, changes },
    announce: [await announcementOf(world, issue, 'edited', { changes })],
  });
}

/** Closes or reopens an issue or a pull request; nothing happens where it already is so. */
export async function setState(
  world: World,
  actor: Account,
  issue: Issue,
  state: Issue['state'],
  reason: Issue['stateReason'] = null,
): Promise<void> {
  if (issue.state === state) {
    if (state === 'closed' && reason && !issue.pull) issue.stateReason = reason;
    return touch(world, issue);
  }
  if (issue.pull?.merged)
    throw invalid('PullRequest', 'state', 'invalid', 'state cannot be changed. The pull request has been merged.');
  const closing = state === 'closed';
  issue.state = state;
  issue.closedAt = closing ? world.now() : null;
  issue.closedById = closing ? actor.id : null;
  if (!issue.pull) issue.stateReason = closing ? (reason ?? 'completed') : 'reopened';
  touch(world, issue);
  addEvent(world, issue, actor, closing ? 'closed' : 'reopened', issue.pull ? {} : { state_reason: issue.stateReason });
  const verb = closing ? 'closed' : 'reopened';
  happen(world, {
    kind: issue.pull ? `pull.${verb}` : `issue.${verb}`,
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { reason: issue.stateReason },
    announce: [await announcementOf(world, issue, verb)],
  });
}

/** Locks or unlocks a conversation. */
export async function setLocked(
  world: World,
  actor: Account,
  issue: Issue,
  locked: boolean,
  reason: Issue['lockReason'] = null,
): Promise<void> {
  if (issue.locked === locked) return;
  issue.locked = locked;
  issue.lockReason = locked ? reason : null;
  touch(world, issue);
  const verb = locked ? 'locked' : 'unlocked';
  addEvent(world, issue, actor, verb, locked ? { lock_reason: reason } : {});
  happen(world, {
    kind: issue.pull ? `pull.${verb}` : `issue.${verb}`,
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    announce: [await announcementOf(world, issue, verb)],
  });
}

/** Sets or takes away the milestone. */
export async function setMilestone(
  world: World,
  actor: Account,
  issue: Issue,
  milestone: Milestone | null,
): Promise<void> {
  const before = world.milestones.get(issue.milestoneId);
  if ((before?.id ?? null) === (milestone?.id ?? null)) return;
  issue.milestoneId = milestone?.id ?? null;
  touch(world, issue);
  const repo = world.repos.need(issue.repoId);
  for (const [entry, verb, kind] of [
    [before, 'demilestoned', 'milestone.removed'],
    [milestone, 'milestoned', 'milestone.added'],
  ] as const) {
    if (!entry) continue;
    addEvent(world, issue, actor, verb, { milestone: { title: entry.title } });
    const announce = [await announcementOf(world, issue, verb, { milestone: presentMilestone(world, entry) })];
    happen(world, { kind, actor, repo, issues: [issue], data: { milestone: entry.title }, announce });
  }
}

/** Pins an issue to its repository's list; at most three, as on GitHub. */
export async function setPinned(world: World, actor: Account, issue: Issue, pinned: boolean): Promise<void> {
  const repo = world.repos.need(issue.repoId);
  if (repo.pinnedIssueIds.includes(issue.id) === pinned) return;
  if (pinned && repo.pinnedIssueIds.length >= 3) throw new Refusal(422, 'Maximum 3 pinned issues per repository');
  repo.pinnedIssueIds = pinned
    ? [...repo.pinnedIssueIds, issue.id]
    : repo.pinnedIssueIds.filter((id) => id !== issue.id);
  world.repos.put(repo);
  const verb = pinned ? 'pinned' : 'unpinned';
  addEvent(world, issue, actor, verb);
  happen(world, {
    kind: `issue.${verb}`,
    actor,
    repo,
    issues: [issue],
    announce: [await announcementOf(world, issue, verb)],
  });
}

/** Moves an issue with its comments to another repository of the same owner; labels that exist there by name stay. */
export async function transferIssue(world: World, actor: Account, issue: Issue, target: Repo): Promise<Issue> {
  const source = world.repos.need(issue.repoId);
  if (issue.pull) throw new Refusal(422, 'Pull requests cannot be transferred');
  if (source.ownerId !== target.ownerId)
    throw new Refusal(422, 'New repository must have the same owner as the current repository');
  const labelIds = issue.labelIds.flatMap((id) => labelByName(world, target, world.labels.need(id).name)?.id ?? []);
  const moved = world.issues.put({
    ...issue,
    id: world.nextId(),
    repoId: target.id,
    number: newNumber(world, target),
    labelIds,
    milestoneId: null,
  });
  for (const comment of world.comments.in(issue.id)) {
    world.comments.drop(comment);
    world.comments.put({ ...comment, issueId: moved.id });
  }
  const extra = { changes: { new_issue: presentIssue(world, moved), new_repository: presentRepo(world, target) } };
  const announce = [await announcementOf(world, issue, 'transferred', extra)];
  world.issues.drop(issue);
  happen(world, {
    kind: 'issue.transferred',
    actor,
    repo: source,
    issues: [issue],
    data: { to: fullName(world, target), number: moved.number },
    announce,
  });
  happen(world, {
    kind: 'issue.opened',
    actor,
    repo: target,
    issues: [moved],
    data: { title: moved.title, body: moved.body },
    announce: [await announcementOf(world, moved, 'opened')],
  });
  return moved;
}

/** Adds or removes people who look after an issue. Unknown to it means: nothing happens. */
export async function setAssigned(
  world: World,
  actor: Account,
  issue: Issue,
  people: readonly Account[],
  assigned: boolean,
): Promise<void> {
  for (const person of people) {
    if (issue.assigneeIds.includes(person.id) === assigned) continue;
    // GitHub keeps at most ten.
    if (assigned && issue.assigneeIds.length >= 10) return;
    issue.assigneeIds = assigned
      ? [...issue.assigneeIds, person.id]
      : issue.assigneeIds.filter((id) => id !== person.id);
    touch(world, issue);
    const verb = assigned ? 'assigned' : 'unassigned';
    const assignee = presentAccount(world, person);
    addEvent(world, issue, actor, verb, { assignee, assigner: presentAccount(world, actor) });
    happen(world, {
      kind: assigned ? 'assignee.added' : 'assignee.removed',
      actor,
      repo: world.repos.need(issue.repoId),
      issues: [issue],
      data: { login: person.login },
      announce: [await announcementOf(world, issue, verb, { assignee })],
    });
  }
}
