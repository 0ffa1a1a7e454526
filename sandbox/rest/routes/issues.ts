import { atLeast, isAssignable } from '../../model/access.ts';
import * as actions from '../../model/actions/index.ts';
import { accountByLogin, labelByName, labelsOf } from '../../model/lookup.ts';
import type { Issue, Milestone } from '../../model/records.ts';
import { invalid, notFound, Refusal } from '../../model/refusal.ts';
import { presentAccount } from '../../present/accounts.ts';
import { presentComment, presentEvent, presentIssue } from '../../present/issues.ts';
import { presentReview } from '../../present/pulls.ts';
import { presentMilestone } from '../../present/repos.ts';
import type { Answer, Body, Routes } from '../call.ts';
import { choiceOf, isObject, NO_CONTENT, needText, numberOf, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { accountsOf, acting, issueIn, lacking, reading } from '../scope.ts';

function sorted(call: RepoCall, issues: Issue[]): Issue[] {
  const key = call.query.get('sort') ?? 'created';
  const by = (issue: Issue): string | number =>
    key === 'updated' ? issue.updatedAt : key === 'comments' ? call.world.comments.in(issue.id).length : issue.number;
  const up = call.query.get('direction') === 'asc' ? 1 : -1;
  return issues.sort((a, b) => (by(a) < by(b) ? -up : by(a) > by(b) ? up : up * (a.number - b.number)));
}

function listIssues(call: RepoCall): Answer {
  const { world, repo, query } = call;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '')
    .split(',')
    .filter(Boolean)
    .map((name) => name.toLowerCase());
  const login = (name: string) => accountByLogin(world, query.get(name) ?? '')?.id;
  const milestone = query.get('milestone');
  const since = query.get('since');
  const list = world.issues.in(repo.id).filter((issue) => {
    const names = labelsOf(world, issue).map((label) => label.name.toLowerCase());
    const assignee = query.get('assignee');
    return (
      (state === 'all' || issue.state === state) &&
      labels.every((name) => names.includes(name)) &&
      (!query.has('creator') || issue.authorId === login('creator')) &&
      (!assignee ||
        (assignee === 'none'
          ? issue.assigneeIds.length === 0
          : assignee === '*'
            ? issue.assigneeIds.length > 0
            : issue.assigneeIds.includes(login('assignee') ?? 0))) &&
      (!milestone || milestone === '*' || world.milestones.get(issue.milestoneId)?.number === Number(milestone)) &&
      (!since || issue.updatedAt >= since)
    );
  });
  return paged(call, sorted(call, list), (issue) => presentIssue(world, issue));
}

function milestoneOf(call: RepoCall, body: Body): Milestone | null | undefined {
  if (!('milestone' in body)) return undefined;
  if (body.milestone === null) return null;
  const number = numberOf(body, 'milestone') ?? Number(textOf(body, 'milestone'));
  const found = call.world.milestones.in(call.repo.id).find((it) => it.number === number);
  if (!found) throw invalid('Issue', 'milestone', 'invalid');
  return found;
}

/** Label names of a body: texts or objects with a name. */
function labelNames(body: Body, list?: unknown[]): string[] | undefined {
  const values = list ?? body.labels;
  if (values === undefined) return undefined;
  if (!Array.isArray(values)) throw invalid('Label', 'labels', 'invalid');
  return values.map((it: unknown) => {
    const name = isObject(it) ? it.name : it;
    if (typeof name !== 'string') throw invalid('Label', 'name', 'invalid');
    return name;
  });
}

async function createIssue(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body, permission } = call;
  const trusted = atLeast(permission, 'triage');
  const { known } = accountsOf(world, textsOf(body, 'assignees') ?? []);
  const names = trusted ? (labelNames(body) ?? []) : [];
  const issue = await actions.openIssue(world, {
    actor,
    repo,
    title: needText(body, 'title'),
    body: textOf(body, 'body') ?? null,
    labels: names.map((name) => labelByName(world, repo, name) ?? actions.createLabel(world, actor, repo, { name })),
    assignees: trusted ? known : [],
    milestone: trusted ? (milestoneOf(call, body) ?? null) : null,
  });
  return { status: 201, body: presentIssue(world, issue) };
}

async function editIssue(call: ActingCall): Promise<Answer> {
  const { world, actor, body } = call;
  const issue = issueIn(call);
  if (issue.authorId !== actor.id && !atLeast(call.permission, 'triage')) throw lacking(call, 'triage');
  const title = textOf(body, 'title');
  await actions.editIssue(world, actor, issue, {
    ...(title === undefined ? {} : { title }),
    ...('body' in body ? { body: textOf(body, 'body') ?? null } : {}),
  });
  const state = choiceOf(body, 'state', ['open', 'closed']);
  const reason = choiceOf(body, 'state_reason', ['completed', 'not_planned', 'duplicate', 'reopened']) ?? null;
  if (state) await actions.setState(world, actor, issue, state, reason);
  const labels = labelNames(body);
  if (labels) await actions.setLabels(world, actor, issue, labels);
  const milestone = milestoneOf(call, body);
  if (milestone !== undefined) await actions.setMilestone(world, actor, issue, milestone);
  const assignees = textsOf(body, 'assignees');
  if (assignees) await replaceAssignees(call, issue, assignees);
  return { body: presentIssue(world, issue) };
}

async function replaceAssignees(call: ActingCall, issue: Issue, logins: readonly string[]): Promise<void> {
  const { world, actor } = call;
  const { known } = accountsOf(world, logins);
  const gone = issue.assigneeIds.filter((id) => !known.some((it) => it.id === id)).map((id) => world.accounts.need(id));
  await actions.setAssigned(world, actor, issue, gone, false);
  await actions.setAssigned(world, actor, issue, known, true);
}

/** GitHub leaves out silently whoever cannot be assigned. */
async function changeAssignees(call: ActingCall, assigned: boolean): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const issue = issueIn(call);
  const { known } = accountsOf(world, textsOf(body, 'assignees') ?? []);
  const commented = new Set(world.comments.in(issue.id).map((it) => it.authorId));
  const people = known.filter(
    (it) => !assigned || isAssignable(world, repo, it) || commented.has(it.id) || issue.authorId === it.id,
  );
  await actions.setAssigned(world, actor, issue, people, assigned);
  return { status: assigned ? 201 : 200, body: presentIssue(world, issue) };
}

function lock(call: ActingCall, locked: boolean): Promise<Answer> {
  const reason = choiceOf(call.body, 'lock_reason', ['off-topic', 'too heated', 'resolved', 'spam']) ?? null;
  return actions.setLocked(call.world, call.actor, issueIn(call), locked, reason).then(() => NO_CONTENT);
}

/** The timeline joins events, comments and reviews in their order. */
function timeline(call: RepoCall): Answer {
  const { world } = call;
  const issue = issueIn(call);
  const entries = [
    ...world.events
      .in(issue.id)
      .filter((it) => it.event !== 'reviewed')
      .map((it) => ({ at: it.createdAt, id: it.id, body: presentEvent(world, it) })),
    ...world.comments.in(issue.id).map((it) => {
      const shown = presentComment(world, it);
      return { at: it.createdAt, id: it.id, body: { event: 'commented', actor: shown.user, ...shown } };
    }),
    ...world.reviews
      .in(issue.id)
      .filter((it) => it.submittedAt !== null)
      .map((it) => ({
        at: it.submittedAt ?? '',
        id: it.id,
        body: { event: 'reviewed', ...presentReview(world, it, true) },
      })),
  ].sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id);
  return paged(call, entries, (entry) => entry.body);
}

function milestoneIn(call: RepoCall): Milestone {
  const found = call.world.milestones.in(call.repo.id).find((it) => it.number === Number(call.params.number));
  if (!found) throw notFound();
  return found;
}

function createMilestone(call: ActingCall): Answer {
  const { world, repo, actor, body } = call;
  const title = needText(body, 'title');
  const all = world.milestones.in(repo.id);
  if (all.some((it) => it.title === title)) throw invalid('Milestone', 'title', 'already_exists');
  const now = world.now();
  const milestone = world.milestones.put({
    id: world.nextId(),
    repoId: repo.id,
    number: Math.max(0, ...all.map((it) => it.number)) + 1,
    title,
    description: textOf(body, 'description') ?? null,
    state: choiceOf(body, 'state', ['open', 'closed']) ?? 'open',
    creatorId: actor.id,
    dueOn: textOf(body, 'due_on') ?? null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  });
  return { status: 201, body: presentMilestone(world, milestone) };
}

function editMilestone(call: ActingCall): Answer {
  const { world, body } = call;
  const milestone = milestoneIn(call);
  const state = choiceOf(body, 'state', ['open', 'closed']) ?? milestone.state;
  milestone.title = textOf(body, 'title') ?? milestone.title;
  milestone.description = textOf(body, 'description') ?? milestone.description;
  milestone.dueOn = textOf(body, 'due_on') ?? milestone.dueOn;
  milestone.closedAt = state === 'closed' ? (milestone.closedAt ?? world.now()) : null;
  milestone.state = state;
  milestone.updatedAt = world.now();
  world.milestones.put(milestone);
  return { body: presentMilestone(world, milestone) };
}

function repoEvents(call: RepoCall): Answer {
  const { world, repo } = call;
  const events = world.issues.in(repo.id).flatMap((issue) => world.events.in(issue.id));
  return paged(
    call,
    events.sort((a, b) => b.id - a.id),
    (it) => ({ ...presentEvent(world, it), issue: presentIssue(world, world.issues.need(it.issueId)) }),
  );
}

const BASE = '/repos/:owner/:repo';

export const issueRoutes: Routes = {
  [`GET ${BASE}/issues`]: reading(listIssues),
  [`POST ${BASE}/issues`]: acting('read', createIssue),
  [`GET ${BASE}/issues/events`]: reading(repoEvents),
  [`GET ${BASE}/issues/:number`]: reading((call) => ({ body: presentIssue(call.world, issueIn(call)) })),
  [`PATCH ${BASE}/issues/:number`]: acting('read', editIssue),
  [`POST ${BASE}/issues/:number/assignees`]: acting('triage', (call) => changeAssignees(call, true)),
  [`DELETE ${BASE}/issues/:number/assignees`]: acting('triage', (call) => changeAssignees(call, false)),
  [`PUT ${BASE}/issues/:number/lock`]: acting('triage', (call) => lock(call, true)),
  [`DELETE ${BASE}/issues/:number/lock`]: acting('triage', (call) => lock(call, false)),
  [`GET ${BASE}/issues/:number/events`]: reading((call) =>
    paged(call, call.world.events.in(issueIn(call).id), (it) => presentEvent(call.world, it)),
  ),
  [`GET ${BASE}/issues/:number/timeline`]: reading(timeline),
  [`GET ${BASE}/assignees`]: reading((call) =>
    paged(
      call,
      call.world.accounts.all().filter((it) => it.type === 'User' && isAssignable(call.world, call.repo, it)),
      (it) => presentAccount(call.world, it),
    ),
  ),
  [`GET ${BASE}/assignees/:login`]: reading((call) => {
    const account = accountByLogin(call.world, call.params.login ?? '');
    if (!account || !isAssignable(call.world, call.repo, account)) throw new Refusal(404, 'Not Found');
    return NO_CONTENT;
  }),
  [`GET ${BASE}/milestones`]: reading((call) => {
    const state = call.query.get('state') ?? 'open';
    const list = call.world.milestones.in(call.repo.id).filter((it) => state === 'all' || it.state === state);
    return paged(call, list, (it) => presentMilestone(call.world, it));
  }),
  [`POST ${BASE}/milestones`]: acting('triage', createMilestone),
  [`GET ${BASE}/milestones/:number`]: reading((call) => ({ body: presentMilestone(call.world, milestoneIn(call)) })),
  [`PATCH ${BASE}/milestones/:number`]: acting('triage', editMilestone),
  [`DELETE ${BASE}/milestones/:number`]: acting('triage', (call) => {
    const milestone = milestoneIn(call);
    for (const issue of call.world.issues.in(call.repo.id).filter((it) => it.milestoneId === milestone.id))
      call.world.issues.put(Object.assign(issue, { milestoneId: null }));
    call.world.milestones.drop(milestone);
    return NO_CONTENT;
  }),
};
