import { atLeast } from '../../model/access.ts';
import { isPull } from '../../model/lookup.ts';
import type { Project } from '../../model/records.ts';
import { invalid, notFound, Refusal } from '../../model/refusal.ts';
import type { World } from '../../model/world.ts';
import { presentAccount } from '../../present/accounts.ts';
import { repoApi } from '../../present/repos.ts';
import type { Answer, Body, Call, Routes } from '../call.ts';
import { NO_CONTENT, needAccount, needText, numberOf, textOf } from '../call.ts';
import { paged } from '../page.ts';
import { acting, callerPermission, orgForAdmin, orgIn, reading, seesInside } from '../scope.ts';

type Column = Project['columns'][number];
type Card = Project['cards'][number];

function present(world: World, project: Project): Body {
  const url = `${world.urls.api}/projects/${project.id}`;
  const owner =
    project.repoId === null
      ? `${world.urls.api}/orgs/${world.accounts.need(project.orgId ?? 0).login}`
      : repoApi(world, world.repos.need(project.repoId));
  return {
    id: project.id,
    node_id: `PJ_${project.id}`,
    number: project.number,
    name: project.name,
    body: project.body,
    state: 'open',
    owner_url: owner,
    url,
    html_url: `${world.urls.html}/projects/${project.id}`,
    columns_url: `${url}/columns`,
    creator: presentAccount(world, world.accounts.need(project.creatorId)),
    created_at: project.createdAt,
    updated_at: project.createdAt,
  };
}

function presentColumn(world: World, project: Project, column: Column): Body {
  const url = `${world.urls.api}/projects/columns/${column.id}`;
  return {
    id: column.id,
    node_id: `PJC_${column.id}`,
    name: column.name,
    url,
    project_url: `${world.urls.api}/projects/${project.id}`,
    cards_url: `${url}/cards`,
    created_at: project.createdAt,
    updated_at: project.createdAt,
  };
}

function presentCard(world: World, project: Project, card: Card): Body {
  const issue = world.issues.get(card.issueId);
  const url = `${world.urls.api}/projects/columns/cards/${card.id}`;
  return {
    id: card.id,
    node_id: `PJCA_${card.id}`,
    note: card.note,
    archived: false,
    url,
    column_url: `${world.urls.api}/projects/columns/${card.columnId}`,
    project_url: `${world.urls.api}/projects/${project.id}`,
    ...(issue ? { content_url: `${repoApi(world, world.repos.need(issue.repoId))}/issues/${issue.number}` } : {}),
    creator: presentAccount(world, world.accounts.need(card.creatorId)),
    created_at: card.createdAt,
    updated_at: card.createdAt,
  };
}

/** Whoever sees the repository or the organisation sees its boards; whoever writes there changes them. */
function checkAccess(call: Call, project: Project, writing: boolean): void {
  const repo = call.world.repos.get(project.repoId);
  if (repo) {
    const permission = callerPermission(call.world, call.caller, repo);
    if (permission === 'none') throw notFound();
    if (writing && !atLeast(permission, 'write')) throw new Refusal(403, 'Must have write access to Repository.');
  } else if (!seesInside(call, call.world.accounts.need(project.orgId ?? 0))) throw notFound();
  if (writing) needAccount(call);
}

function projectIn(call: Call, writing = false): Project {
  const project = call.world.projects.get(Number(call.params.id));
  if (!project) throw notFound();
  checkAccess(call, project, writing);
  return project;
}

function columnIn(call: Call, writing = false): { project: Project; column: Column } {
  for (const project of call.world.projects.all()) {
    const column = project.columns.find((it) => it.id === Number(call.params.column));
    if (!column) continue;
    checkAccess(call, project, writing);
    return { project, column };
  }
  throw notFound();
}

function cardIn(call: Call): { project: Project; card: Card } {
  for (const project of call.world.projects.all()) {
    const card = project.cards.find((it) => it.id === Number(call.params.card));
    if (!card) continue;
    checkAccess(call, project, true);
    return { project, card };
  }
  throw notFound();
}

function create(call: Call, owner: Pick<Project, 'orgId' | 'repoId'>): Answer {
  const { world, body } = call;
  const same = world.projects.all().filter((it) => it.orgId === owner.orgId && it.repoId === owner.repoId);
  const project = world.projects.put({
    ...owner,
    id: world.nextId(),
    number: same.length + 1,
    name: needText(body, 'name'),
    body: textOf(body, 'body') ?? null,
    creatorId: needAccount(call).id,
    createdAt: world.now(),
    columns: [],
    cards: [],
  });
  return { status: 201, body: present(world, project) };
}

function createColumn(call: Call): Answer {
  const project = projectIn(call, true);
  const column = { id: call.world.nextId(), name: needText(call.body, 'name') };
  project.columns.push(column);
  call.world.projects.put(project);
  return { status: 201, body: presentColumn(call.world, project, column) };
}

/** A card is a note, or an issue or pull request named by its id and kind; one board holds each once. */
function createCard(call: Call): Answer {
  const { world, body } = call;
  const { project, column } = columnIn(call, true);
  const contentId = numberOf(body, 'content_id');
  const issue = world.issues
    .all()
    .find((it) => (isPull(it) && textOf(body, 'content_type') === 'PullRequest' ? it.pull.id : it.id) === contentId);
  if (contentId !== undefined && !issue) throw invalid('ProjectCard', 'content_id', 'invalid');
  if (issue && project.cards.some((it) => it.issueId === issue.id))
    throw invalid('ProjectCard', 'data', 'unprocessable', 'Project already has the associated issue');
  const card = {
    id: world.nextId(),
    columnId: column.id,
    issueId: issue?.id ?? null,
    note: textOf(body, 'note') ?? null,
    creatorId: needAccount(call).id,
    createdAt: world.now(),
  };
  project.cards.push(card);
  world.projects.put(project);
  return { status: 201, body: presentCard(world, project, card) };
}

function moveCard(call: Call): Answer {
  const { project, card } = cardIn(call);
  const target = numberOf(call.body, 'column_id') ?? card.columnId;
  if (!project.columns.some((it) => it.id === target)) throw invalid('ProjectCard', 'column_id', 'invalid');
  card.columnId = target;
  const others = project.cards.filter((it) => it !== card);
  project.cards = needText(call.body, 'position') === 'top' ? [card, ...others] : [...others, card];
  call.world.projects.put(project);
  return { status: 201, body: {} };
}

export const projectRoutes: Routes = {
  'GET /repos/:owner/:repo/projects': reading((call) =>
    paged(
      call,
      call.world.projects.all().filter((it) => it.repoId === call.repo.id),
      (it) => present(call.world, it),
    ),
  ),
  'POST /repos/:owner/:repo/projects': acting('write', (call) => create(call, { orgId: null, repoId: call.repo.id })),
  'GET /orgs/:org/projects': (call) => {
    const org = orgIn(call);
    if (!seesInside(call, org)) throw notFound();
    return paged(
      call,
      call.world.projects.all().filter((it) => it.orgId === org.id),
      (it) => present(call.world, it),
    );
  },
  'POST /orgs/:org/projects': (call) => create(call, { orgId: orgForAdmin(call).org.id, repoId: null }),
  'GET /projects/columns/:column/cards': (call) => {
    const { project, column } = columnIn(call);
    return paged(
      call,
      project.cards.filter((it) => it.columnId === column.id),
      (it) => presentCard(call.world, project, it),
    );
  },
  'POST /projects/columns/:column/cards': createCard,
  'POST /projects/columns/cards/:card/moves': moveCard,
  'DELETE /projects/columns/cards/:card': (call) => {
    const { project, card } = cardIn(call);
    project.cards = project.cards.filter((it) => it !== card);
    call.world.projects.put(project);
    return NO_CONTENT;
  },
  'GET /projects/:id': (call) => ({ body: present(call.world, projectIn(call)) }),
  'GET /projects/:id/columns': (call) => {
    const project = projectIn(call);
    return paged(call, project.columns, (it) => presentColumn(call.world, project, it));
  },
  'POST /projects/:id/columns': createColumn,
};
