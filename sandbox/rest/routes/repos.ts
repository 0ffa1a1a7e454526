import { listRefs, readRef } from '../../git/refs.ts';
import { collaboratorsOf, permissionOf } from '../../model/access.ts';
import * as actions from '../../model/actions/index.ts';
import { accountByLogin, gitDir } from '../../model/lookup.ts';
import type { Account, Permission, Repo } from '../../model/records.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import { presentAccount, presentTeam } from '../../present/accounts.ts';
import { needCommit, presentCommit } from '../../present/commits.ts';
import { permissionMap, presentFullRepo, presentRepo, protectionOf, repoApi } from '../../present/repos.ts';
import type { Answer, Body, Call, Routes } from '../call.ts';
import { flagOf, isObject, NO_CONTENT, needAccount, needText, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, callerPermission, orgForAdmin, orgIn, reading } from '../scope.ts';

/** GitHub's older words for the same rights. */
const OLD_NAMES: Record<string, Permission> = { pull: 'read', push: 'write' };

export function permissionFrom(text: string | undefined): Permission | undefined {
  const name = OLD_NAMES[text ?? ''] ?? text;
  return (['read', 'triage', 'write', 'maintain', 'admin'] as const).find((it) => it === name);
}

/** The old four-step word: triage counts as read, maintain as write. */
function oldWord(permission: Permission): string {
  return { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[permission];
}

function userIn(call: Call): Account {
  const account = accountByLogin(call.world, call.params.login ?? '');
  if (!account) throw notFound();
  return account;
}

function permission(call: RepoCall): Answer {
  const { world, repo } = call;
  const account = userIn(call);
  const found = permissionOf(world, repo, account);
  return {
    body: {
      permission: oldWord(found),
      role_name: found,
      user: { ...presentAccount(world, account), permissions: permissionMap(found), role_name: found },
    },
  };
}

function listCollaborators(call: RepoCall): Answer {
  const { world, repo, query } = call;
  const wanted = permissionFrom(query.get('permission') ?? undefined);
  const affiliation = query.get('affiliation') ?? 'all';
  const direct = new Set(repo.collaborators.map((it) => it.userId));
  const members = new Set(world.memberships.in(repo.ownerId).map((it) => it.userId));
  const list = collaboratorsOf(world, repo).filter(({ account, permission: has }) => {
    if (affiliation === 'direct' && !direct.has(account.id)) return false;
    if (affiliation === 'outside' && (!direct.has(account.id) || members.has(account.id))) return false;
    return !wanted || permissionMap(has)[{ read: 'pull', write: 'push' }[wanted as string] ?? wanted] === true;
  });
  return paged(call, list, ({ account, permission: has }) => ({
    ...presentAccount(world, account),
    permissions: permissionMap(has),
    role_name: has,
  }));
}

function isCollaborator(call: RepoCall): Answer {
  const account = userIn(call);
  if (!collaboratorsOf(call.world, call.repo).some((it) => it.account.id === account.id)) throw notFound();
  return NO_CONTENT;
}

/** Invites a person; members of the organisation get the right at once. */
function addCollaborator(call: ActingCall): Answer {
  const { world, repo, actor, body } = call;
  const user = userIn(call);
  const right = permissionFrom(textOf(body, 'permission') ?? 'push') ?? 'write';
  const member = world.memberships.in(repo.ownerId).some((it) => it.userId === user.id && it.state === 'active');
  if (member || repo.collaborators.some((it) => it.userId === user.id)) {
    actions.setCollaborator(world, actor, repo, user, right);
    return NO_CONTENT;
  }
  const invitation = world.invitations.put({
    id: world.nextId(),
    repoId: repo.id,
    inviteeId: user.id,
    inviterId: actor.id,
    permission: right,
    createdAt: world.now(),
  });
  return { status: 201, body: presentInvitation(call, invitation.id) };
}

export function presentInvitation(call: Call, id: number): Body {
  const { world } = call;
  const it = world.invitations.need(id);
  const repo = world.repos.need(it.repoId);
  return {
    id: it.id,
    node_id: `INV_${it.id}`,
    repository: presentRepo(world, repo),
    invitee: presentAccount(world, world.accounts.need(it.inviteeId)),
    inviter: presentAccount(world, world.accounts.need(it.inviterId)),
    permissions: it.permission,
    created_at: it.createdAt,
    expired: false,
    url: `${world.urls.api}/user/repository_invitations/${it.id}`,
    html_url: `${world.urls.html}/${repo.name}/invitations`,
  };
}

function protection(call: RepoCall, branch: string): Body | undefined {
  return protectionOf(call.repo, branch)?.rule;
}

async function branchBody(call: RepoCall, name: string, sha: string): Promise<Body> {
  const { world, repo } = call;
  const url = `${repoApi(world, repo)}/branches/${name}`;
  const commit = presentCommit(world, repo, await needCommit(world, repo, sha));
  return { name, commit, _links: { self: url, html: url }, ...protectionFields(call, name) };
}

function protectionFields(call: RepoCall, name: string): Body {
  const rule = protection(call, name);
  const checks = isObject(rule?.required_status_checks) ? rule.required_status_checks : undefined;
  return {
    protected: rule !== undefined,
    protection: {
      enabled: rule !== undefined,
      required_status_checks: {
        enforcement_level: checks ? 'non_admins' : 'off',
        contexts: checks ? (textsOf(checks, 'contexts') ?? []) : [],
        checks: [],
      },
    },
    protection_url: `${repoApi(call.world, call.repo)}/branches/${name}/protection`,
  };
}

async function listBranches(call: RepoCall): Promise<Answer> {
  const { world, repo, query } = call;
  const refs = (await listRefs(gitDir(world, repo), 'refs/heads/')).map((it) => ({
    name: it.ref.slice(11),
    sha: it.sha,
  }));
  const wanted = query.get('protected');
  const list = refs.filter(
    (it) => wanted === null || (protection(call, it.name) !== undefined) === (wanted === 'true'),
  );
  return paged(call, list, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repoApi(world, repo)}/commits/${sha}` },
    ...protectionFields(call, name),
  }));
}

async function oneBranch(call: RepoCall): Promise<Answer> {
  const name = call.params.branch ?? '';
  const sha = await readRef(gitDir(call.world, call.repo), `refs/heads/${name}`);
  if (!sha) throw new Refusal(404, 'Branch not found');
  return { body: await branchBody(call, name, sha) };
}

function getProtection(call: ActingCall): Answer {
  const rule = protection(call, call.params.branch ?? '');
  if (!rule) throw new Refusal(404, 'Branch not protected');
  return { body: presentProtection(call, rule) };
}

/** GitHub sends flags as `{enabled}` and gives people as objects; what was sent as texts comes back so. */
function presentProtection(call: RepoCall, rule: Body): Body {
  const url = `${repoApi(call.world, call.repo)}/branches/${call.params.branch}/protection`;
  const flags = Object.entries(rule).map(([name, value]) => [
    name,
    typeof value === 'boolean' ? { url: `${url}/${name}`, enabled: value } : value,
  ]);
  return { url, ...Object.fromEntries(flags.filter(([, value]) => value !== null)) };
}

function setProtection(call: ActingCall, rule: Body | undefined): Answer {
  const pattern = call.params.branch ?? '';
  const others = call.repo.protections.filter((it) => it.pattern !== pattern);
  if (!rule && others.length === call.repo.protections.length) throw new Refusal(404, 'Branch not protected');
  actions.editRepo(call.world, call.actor, call.repo, { protections: rule ? [...others, { pattern, rule }] : others });
  return rule ? { body: presentProtection(call, rule) } : NO_CONTENT;
}

function settings(body: Body): Partial<Repo> {
  const flags = {
    private: 'private',
    archived: 'archived',
    has_issues: 'hasIssues',
    has_projects: 'hasProjects',
    has_wiki: 'hasWiki',
    allow_merge_commit: 'allowMergeCommit',
    allow_squash_merge: 'allowSquashMerge',
    allow_rebase_merge: 'allowRebaseMerge',
    delete_branch_on_merge: 'deleteBranchOnMerge',
  };
  const texts = { name: 'name', description: 'description', homepage: 'homepage', default_branch: 'defaultBranch' };
  const found: [string, unknown][] = [
    ...Object.entries(flags).map(([key, name]): [string, unknown] => [name, flagOf(body, key)]),
    ...Object.entries(texts).map(([key, name]): [string, unknown] => [name, textOf(body, key)]),
  ];
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

async function createRepo(call: Call, owner: Account): Promise<Answer> {
  const actor = needAccount(call);
  const repo = await actions.createRepo(call.world, actor, owner, {
    ...settings(call.body),
    name: needText(call.body, 'name'),
  });
  if (flagOf(call.body, 'auto_init')) {
    await actions.pushCommit(call.world, {
      actor,
      repo,
      branch: repo.defaultBranch,
      message: 'Initial commit',
      files: [{ path: 'README.md', content: `# ${repo.name}\n` }],
    });
  }
  return { status: 201, body: presentFullRepo(call.world, repo, 'admin') };
}

async function fork(call: RepoCall): Promise<Answer> {
  const actor = needAccount(call);
  const wanted = textOf(call.body, 'organization');
  const owner = wanted ? accountByLogin(call.world, wanted) : actor;
  if (!owner) throw notFound();
  const made = await actions.forkRepo(call.world, actor, call.repo, owner, textOf(call.body, 'name') ?? call.repo.name);
  return { status: 202, body: presentFullRepo(call.world, made, 'admin') };
}

export function visibleRepos(call: Call, filter: (repo: Repo) => boolean): Repo[] {
  return call.world.repos
    .all()
    .filter((repo) => filter(repo) && callerPermission(call.world, call.caller, repo) !== 'none');
}

function listRepos(call: Call, owner: Account): Answer {
  const kind = call.query.get('type') ?? 'all';
  const list = visibleRepos(
    call,
    (repo) =>
      repo.ownerId === owner.id &&
      (kind === 'public'
        ? !repo.private
        : kind === 'private'
          ? repo.private
          : kind === 'forks'
            ? repo.parentId !== null
            : kind === 'sources'
              ? repo.parentId === null
              : true),
  );
  return paged(call, list, (repo) => ({
    ...presentRepo(call.world, repo),
    permissions: permissionMap(callerPermission(call.world, call.caller, repo)),
  }));
}

const BASE = '/repos/:owner/:repo';

export const repoRoutes: Routes = {
  [`GET ${BASE}`]: reading((call) => ({ body: presentFullRepo(call.world, call.repo, call.permission) })),
  [`PATCH ${BASE}`]: (call) => {
    const edit = settings(call.body);
    const archived = edit.archived === false;
    return acting('admin', ({ world, actor, repo }) => {
      actions.editRepo(world, actor, repo, edit);
      return { body: presentFullRepo(world, repo, 'admin') };
    })(archived ? unarchived(call) : call);
  },
  [`GET ${BASE}/topics`]: reading((call) => ({ body: { names: call.repo.topics } })),
  [`PUT ${BASE}/topics`]: acting('admin', (call) => {
    actions.editRepo(call.world, call.actor, call.repo, { topics: textsOf(call.body, 'names') ?? [] });
    return { body: { names: call.repo.topics } };
  }),
  [`GET ${BASE}/languages`]: reading(() => ({ body: {} })),
  [`GET ${BASE}/teams`]: reading((call) => {
    const list = call.world.teams
      .in(call.repo.ownerId)
      .filter((team) => team.repos.some((it) => it.repoId === call.repo.id));
    return paged(call, list, (team) => presentTeam(call.world, team));
  }),
  [`GET ${BASE}/forks`]: reading((call) =>
    paged(
      call,
      visibleRepos(call, (it) => it.parentId === call.repo.id),
      (it) => presentRepo(call.world, it),
    ),
  ),
  [`POST ${BASE}/forks`]: reading(fork),
  [`GET ${BASE}/branches`]: reading(listBranches),
  [`GET ${BASE}/branches/*branch/protection`]: acting('admin', getProtection),
  [`PUT ${BASE}/branches/*branch/protection`]: acting('admin', (call) => setProtection(call, call.body)),
  [`DELETE ${BASE}/branches/*branch/protection`]: acting('admin', (call) => setProtection(call, undefined)),
  [`GET ${BASE}/branches/*branch`]: reading(oneBranch),
  [`GET ${BASE}/collaborators`]: acting('read', listCollaborators),
  [`GET ${BASE}/collaborators/:login`]: acting('read', isCollaborator),
  [`PUT ${BASE}/collaborators/:login`]: acting('admin', addCollaborator),
  [`DELETE ${BASE}/collaborators/:login`]: acting('admin', (call) => {
    actions.setCollaborator(call.world, call.actor, call.repo, userIn(call), 'none');
    return NO_CONTENT;
  }),
  [`GET ${BASE}/collaborators/:login/permission`]: acting('read', permission),
  [`GET ${BASE}/invitations`]: acting('admin', (call) =>
    paged(
      call,
      call.world.invitations.all().filter((it) => it.repoId === call.repo.id),
      (it) => presentInvitation(call, it.id),
    ),
  ),
  [`DELETE ${BASE}/invitations/:id`]: acting('admin', (call) => {
    const found = call.world.invitations.get(Number(call.params.id));
    if (!found) throw notFound();
    call.world.invitations.drop(found);
    return NO_CONTENT;
  }),
  'GET /orgs/:org/repos': (call) => listRepos(call, orgIn(call)),
  'POST /orgs/:org/repos': (call) => createRepo(call, orgForAdmin(call).org),
  'GET /users/:login/repos': (call) => listRepos(call, userIn(call)),
  'POST /user/repos': (call) => createRepo(call, needAccount(call)),
  'GET /user/repos': (call) => {
    const account = needAccount(call);
    const list = visibleRepos(
      call,
      (repo) =>
        repo.ownerId === account.id ||
        repo.collaborators.some((it) => it.userId === account.id) ||
        call.world.memberships.in(repo.ownerId).some((it) => it.userId === account.id),
    );
    return paged(call, list, (repo) => ({
      ...presentRepo(call.world, repo),
      permissions: permissionMap(callerPermission(call.world, call.caller, repo)),
    }));
  },
};

/** An archived repository refuses changes, except the one that ends it. */
function unarchived(call: Call): Call {
  const { owner = '', repo: name = '' } = call.params;
  const account = accountByLogin(call.world, owner);
  const repo = call.world.repos
    .all()
    .find((it) => it.ownerId === account?.id && it.name.toLowerCase() === name.toLowerCase());
  if (repo && callerPermission(call.world, call.caller, repo) === 'admin') repo.archived = false;
  return call;
}
