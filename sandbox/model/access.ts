import type { Account, Permission, Repo } from './records.ts';
import type { World } from './world.ts';

const ORDER: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function atLeast(permission: Permission, wanted: Permission): boolean {
  return ORDER.indexOf(permission) >= ORDER.indexOf(wanted);
}

function highest(permissions: readonly Permission[]): Permission {
  return permissions.reduce((best, it) => (atLeast(it, best) ? it : best), 'none');
}

/** True for active members of an organisation. */
export function isMember(world: World, org: Account, account: Account): boolean {
  return world.memberships.in(org.id).some((it) => it.userId === account.id && it.state === 'active');
}

export function isOrgAdmin(world: World, org: Account, account: Account): boolean {
  if (org.id === account.id || account.siteAdmin) return true;
  return world.memberships
    .in(org.id)
    .some((it) => it.userId === account.id && it.state === 'active' && it.role === 'admin');
}

/** What someone may do in a repository, by ownership, membership, teams and invitation; everyone reads public ones. */
export function permissionOf(world: World, repo: Repo, account: Account | undefined): Permission {
  const open: Permission = repo.private ? 'none' : 'read';
  if (!account) return open;
  const owner = world.accounts.need(repo.ownerId);
  if (isOrgAdmin(world, owner, account) || isInstalledBot(world, owner, account)) return 'admin';
  const member = isMember(world, owner, account);
  const teams = world.teams
    .in(owner.id)
    .filter((team) => team.members.some((it) => it.userId === account.id))
    .flatMap((team) => team.repos.filter((it) => it.repoId === repo.id).map((it) => it.permission));
  const direct = repo.collaborators.filter((it) => it.userId === account.id).map((it) => it.permission);
  return highest([open, ...(member ? [owner.defaultPermission] : []), ...teams, ...direct]);
}

/** An App's own account may do in an organisation what its installation allows; finer permissions are not told apart. */
function isInstalledBot(world: World, owner: Account, account: Account): boolean {
  if (account.type !== 'Bot') return false;
  const apps = new Set(
    world.apps
      .all()
      .filter((app) => app.botId === account.id)
      .map((app) => app.id),
  );
  return world.installations.all().some((it) => apps.has(it.appId) && it.accountId === owner.id && !it.suspended);
}

/** GitHub's `author_association`. */
export function associationOf(world: World, repo: Repo, account: Account): string {
  if (repo.ownerId === account.id) return 'OWNER';
  const owner = world.accounts.need(repo.ownerId);
  if (owner.type === 'Organization' && isMember(world, owner, account)) return 'MEMBER';
  if (repo.collaborators.some((it) => it.userId === account.id)) return 'COLLABORATOR';
  const pulls = world.issues.in(repo.id).filter((it) => it.pull && it.authorId === account.id);
  if (pulls.some((it) => it.pull?.merged)) return 'CONTRIBUTOR';
  return 'NONE';
}

/** True where someone may be assigned: those who can write, as GitHub offers them, and members. */
export function isAssignable(world: World, repo: Repo, account: Account): boolean {
  const owner = world.accounts.need(repo.ownerId);
  return atLeast(permissionOf(world, repo, account), 'triage') || isMember(world, owner, account);
}

/** Everyone with more than what everyone has, by account. */
export function collaboratorsOf(world: World, repo: Repo): { account: Account; permission: Permission }[] {
  return world.accounts
    .all()
    .filter((account) => account.type === 'User')
    .map((account) => ({ account, permission: permissionOf(world, repo, account) }))
    .filter(
      ({ account, permission }) => permission !== 'none' && (isKnown(world, repo, account) || permission !== 'read'),
    );
}

function isKnown(world: World, repo: Repo, account: Account): boolean {
  const owner = world.accounts.need(repo.ownerId);
  const invited = repo.collaborators.some((it) => it.userId === account.id);
  const inTeam = world.teams
    .in(owner.id)
    .some(
      (team) => team.members.some((it) => it.userId === account.id) && team.repos.some((it) => it.repoId === repo.id),
    );
  return invited || inTeam || (isMember(world, owner, account) && owner.defaultPermission !== 'none');
}
