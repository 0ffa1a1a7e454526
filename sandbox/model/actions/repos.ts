import { fetchFrom, initRepository, listRefs, updateRef } from '../../git/refs.ts';
import { presentAccount, presentTeam } from '../../present/accounts.ts';
import { presentRepo } from '../../present/repos.ts';
import { happen } from '../happen.ts';
import { accountByLogin, fullName, gitDir, repoByName } from '../lookup.ts';
import type { Account, Membership, Permission, Repo, Team } from '../records.ts';
import { invalid, Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

export interface NewAccount {
  login: string;
  type?: Account['type'];
  name?: string | null;
  email?: string | null;
  siteAdmin?: boolean;
  defaultPermission?: Permission;
}

/** Makes a person, an organisation or a bot. */
export function createAccount(world: World, wish: NewAccount): Account {
  if (accountByLogin(world, wish.login)) throw invalid('User', 'login', 'already_exists');
  return world.accounts.put({
    id: world.nextId(),
    login: wish.login,
    type: wish.type ?? 'User',
    name: wish.name ?? null,
    email: wish.email ?? null,
    siteAdmin: wish.siteAdmin ?? false,
    defaultPermission: wish.defaultPermission ?? 'read',
    createdAt: world.now(),
  });
}

/** Puts someone into an organisation, or changes their role. Pending members have been invited only. */
export function setMembership(
  world: World,
  actor: Account,
  org: Account,
  user: Account,
  role: Membership['role'] = 'member',
  state: Membership['state'] = 'active',
): Membership {
  const before = world.memberships.in(org.id).find((it) => it.userId === user.id);
  const membership = world.memberships.put({
    ...(before ?? { id: world.nextId(), orgId: org.id, userId: user.id, public: true, state }),
    role,
  });
  const payload = { membership: { role, state: membership.state, user: presentAccount(world, user) } };
  const announce = before
    ? []
    : [{ event: 'organization', action: state === 'active' ? 'member_added' : 'member_invited', payload }];
  happen(world, { kind: 'members.changed', actor, org, data: { login: user.login, role }, announce });
  return membership;
}

export function removeMembership(world: World, actor: Account, org: Account, user: Account): void {
  const before = world.memberships.in(org.id).find((it) => it.userId === user.id);
  if (!before) return;
  world.memberships.drop(before);
  const payload = { membership: { role: before.role, state: before.state, user: presentAccount(world, user) } };
  happen(world, {
    kind: 'members.changed',
    actor,
    org,
    data: { login: user.login },
    announce: [{ event: 'organization', action: 'member_removed', payload }],
  });
}

export interface NewTeam {
  name: string;
  description?: string;
  privacy?: Team['privacy'];
  parentId?: number | null;
}

export function createTeam(world: World, actor: Account, org: Account, wish: NewTeam): Team {
  const slug = wish.name.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-');
  if (world.teams.in(org.id).some((it) => it.slug === slug)) throw invalid('Team', 'name', 'already_exists');
  const team = world.teams.put({
    id: world.nextId(),
    orgId: org.id,
    slug,
    name: wish.name,
    description: wish.description ?? '',
    privacy: wish.privacy ?? 'closed',
    parentId: wish.parentId ?? null,
    members: [],
    repos: [],
  });
  happen(world, {
    kind: 'members.changed',
    actor,
    org,
    data: { team: slug },
    announce: [{ event: 'team', action: 'created', payload: { team: presentTeam(world, team) } }],
  });
  return team;
}

/** Puts someone into a team, changes the role, or takes them out (`role` null). */
export function setTeamMember(
  world: World,
  actor: Account,
  team: Team,
  user: Account,
  role: 'member' | 'maintainer' | null,
): void {
  const others = team.members.filter((it) => it.userId !== user.id);
  const before = others.length !== team.members.length;
  team.members = role ? [...others, { userId: user.id, role }] : others;
  world.teams.put(team);
  if (before === (role !== null)) return;
  const action = role ? 'added' : 'removed';
  const payload = { scope: 'team', member: presentAccount(world, user), team: presentTeam(world, team) };
  happen(world, {
    kind: 'members.changed',
    actor,
    org: world.accounts.need(team.orgId),
    data: { team: team.slug, login: user.login },
    announce: [{ event: 'membership', action, payload }],
  });
}

export type NewRepo = { name: string } & Partial<
  Omit<
    Repo,
    | 'id'
    | 'ownerId'
    | 'name'
    | 'createdAt'
    | 'updatedAt'
    | 'pushedAt'
    | 'collaborators'
    | 'protections'
    | 'pinnedIssueIds'
  >
>;

/** Makes an empty repository with its bare git repository. */
export async function createRepo(world: World, actor: Account, owner: Account, wish: NewRepo): Promise<Repo> {
  if (repoByName(world, owner.login, wish.name))
    throw invalid('Repository', 'name', 'custom', 'name already exists on this account');
  if (!/^[\w.-]+$/.test(wish.name)) throw invalid('Repository', 'name', 'invalid');
  const now = world.now();
  const repo: Repo = {
    description: null,
    homepage: null,
    private: false,
    archived: false,
    defaultBranch: 'main',
    parentId: null,
    topics: [],
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    deleteBranchOnMerge: false,
    hasIssues: true,
    hasProjects: true,
    hasWiki: true,
    lastNumber: 0,
    ...wish,
    id: world.nextId(),
    ownerId: owner.id,
    collaborators: [],
    protections: [],
    pinnedIssueIds: [],
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  };
  await initRepository(gitDir(world, repo), repo.defaultBranch);
  world.repos.put(repo);
  happen(world, {
    kind: 'repository.changed',
    actor,
    repo,
    data: { action: 'created' },
    announce: [{ event: 'repository', action: 'created', payload: {} }],
  });
  return repo;
}

/** Copies a repository with its branches to another owner, or gives the copy that is there. */
export async function forkRepo(
  world: World,
  actor: Account,
  source: Repo,
  owner: Account,
  name = source.name,
): Promise<Repo> {
  const before = world.repos.all().find((it) => it.parentId === source.id && it.ownerId === owner.id);
  if (before) return before;
  if (source.ownerId === owner.id)
    throw new Refusal(422, 'Validation Failed', ['A repository cannot be forked into its own account']);
  const fork = await createRepo(world, actor, owner, {
    name,
    parentId: source.id,
    private: source.private,
    defaultBranch: source.defaultBranch,
    hasIssues: false,
  });
  const from = gitDir(world, source);
  for (const { ref, sha } of await listRefs(from, 'refs/heads/')) {
    await fetchFrom(gitDir(world, fork), from, sha);
    await updateRef(gitDir(world, fork), ref, sha);
  }
  happen(world, {
    kind: 'repository.changed',
    actor,
    repo: source,
    data: { action: 'forked', fork: fullName(world, fork) },
    announce: [{ event: 'fork', payload: { forkee: presentRepo(world, fork) } }],
  });
  return fork;
}

/** Gives someone a right in a repository at once, or takes it (`none`). */
export function setCollaborator(world: World, actor: Account, repo: Repo, user: Account, permission: Permission): void {
  const others = repo.collaborators.filter((it) => it.userId !== user.id);
  const action = permission === 'none' ? 'removed' : others.length === repo.collaborators.length ? 'added' : 'edited';
  repo.collaborators = permission === 'none' ? others : [...others, { userId: user.id, permission }];
  world.repos.put(repo);
  happen(world, {
    kind: 'members.changed',
    actor,
    repo,
    data: { login: user.login, permission },
    announce: [{ event: 'member', action, payload: { member: presentAccount(world, user) } }],
  });
}

/** Changes a repository's settings. */
export function editRepo(world: World, actor: Account, repo: Repo, edit: Partial<Repo>): void {
  Object.assign(repo, edit);
  repo.updatedAt = world.now();
  world.repos.put(repo);
  happen(world, {
    kind: 'repository.changed',
    actor,
    repo,
    data: { action: 'edited', ...edit },
    announce: [{ event: 'repository', action: 'edited', payload: { changes: {} } }],
  });
}
