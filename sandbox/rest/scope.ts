import { atLeast, isMember, isOrgAdmin, permissionOf } from '../model/access.ts';
import { accountByLogin, isPull, issueByNumber, repoByName } from '../model/lookup.ts';
import type { Account, Issue, Permission, PullIssue, Repo } from '../model/records.ts';
import { notFound, Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import type { Answer, Call, Caller, Handler } from './call.ts';
import { needAccount } from './call.ts';

export interface RepoCall extends Call {
  repo: Repo;
  /** What the caller may do here. */
  permission: Permission;
}

export interface ActingCall extends RepoCall {
  actor: Account;
}

type Result = Answer | Promise<Answer>;

/** What a caller may do in a repository; installation tokens reach only what they were made for. */
export function callerPermission(world: World, caller: Caller, repo: Repo): Permission {
  if (caller.kind === 'app') return 'none';
  const { installation, repoIds } = caller;
  if (installation) {
    const reached = installation.accountId === repo.ownerId && (!repoIds || repoIds.includes(repo.id));
    if (!reached) return repo.private ? 'none' : 'read';
  }
  return permissionOf(world, repo, caller.account);
}

function find(call: Call): RepoCall {
  const repo = repoByName(call.world, call.params.owner ?? '', call.params.repo ?? '');
  if (!repo) throw notFound();
  const permission = callerPermission(call.world, call.caller, repo);
  if (permission === 'none') throw notFound();
  return { ...call, repo, permission };
}

/** A request that reads a repository: 404 where it is not there or not for this caller's eyes. */
export function reading(handler: (call: RepoCall) => Result): Handler {
  return (call) => handler(find(call));
}

/** A request that changes a repository: 401 without a login, 403 without the right, and where it is archived. */
export function acting(needed: Permission, handler: (call: ActingCall) => Result): Handler {
  return (call) => {
    const found = find(call);
    const actor = needAccount(call);
    if (!atLeast(found.permission, needed)) throw lacking(call, needed);
    if (found.repo.archived && call.method !== 'GET')
      throw new Refusal(403, 'Repository was archived so is read-only.');
    return handler({ ...found, actor });
  };
}

export function lacking(call: Call, needed: Permission): Refusal {
  if (call.caller.kind === 'installation') return new Refusal(403, 'Resource not accessible by integration');
  return new Refusal(
    403,
    needed === 'admin' ? 'Must have admin rights to Repository.' : `Must have ${needed} access to Repository.`,
  );
}

/** The issue or pull request that `:number` names. */
export function issueIn(call: RepoCall): Issue {
  const issue = issueByNumber(call.world, call.repo, Number(call.params.number));
  if (!issue) throw notFound();
  return issue;
}

export function pullIn(call: RepoCall): PullIssue {
  const issue = issueIn(call);
  if (!isPull(issue)) throw notFound();
  return issue;
}

/** Logins of a request to accounts; unknown ones are left out or refused as the endpoint does. */
export function accountsOf(world: World, logins: readonly string[]): { known: Account[]; unknown: string[] } {
  const found = logins.map((login) => ({ login, account: accountByLogin(world, login) }));
  return {
    known: found.flatMap(({ account }) => account ?? []),
    unknown: found.filter(({ account }) => !account).map(({ login }) => login),
  };
}

/** The organisation that `:org` names. */
export function orgIn(call: Call): Account {
  const org = accountByLogin(call.world, call.params.org ?? '');
  if (org?.type !== 'Organization') throw notFound();
  return org;
}

/** The organisation, for those who may change it. */
export function orgForAdmin(call: Call): { org: Account; actor: Account } {
  const org = orgIn(call);
  const actor = needAccount(call);
  if (!administers(call, org, actor)) throw new Refusal(403, 'You must be an admin of this organization');
  return { org, actor };
}

function administers(call: Call, org: Account, actor: Account): boolean {
  return call.caller.installation?.accountId === org.id || isOrgAdmin(call.world, org, actor);
}

/** True where the caller sees an organisation from inside: as a member or as an App that is installed there. */
export function seesInside(call: Call, org: Account): boolean {
  const { account, installation } = call.caller;
  return installation?.accountId === org.id || (account !== undefined && isMember(call.world, org, account));
}
