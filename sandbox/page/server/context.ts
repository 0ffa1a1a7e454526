import { atLeast, isMember, permissionOf } from '../../model/access.ts';
import { accountByLogin, fullName, repoByName } from '../../model/lookup.ts';
import type { Account, Repo } from '../../model/records.ts';
import type { World } from '../../model/world.ts';
import type { Person, Theme } from '../views.ts';

/** What every page is made from: the state, who reads, and what the reader's cookies remember. */
export interface Reading {
  world: World;
  repo: Repo;
  actor: Account;
  people: Account[];
  theme: Theme;
  /** The reader has opened a log from here. */
  readLog: boolean;
  jobsUrl: string | null;
  /** When each change was made, in milliseconds: the feed itself counts whole seconds. */
  arrivals: ReadonlyMap<number, number>;
}

/** A login as people know it: an App's account without `[bot]`. */
export function shownLogin(account: Account): string {
  return account.login.replace(/\[bot\]$/, '');
}

/** Whether nobody sits behind an account: an App's own, or the user of the same name through which a bot with a token acts. */
export function isBotAccount(world: World, account: Account): boolean {
  if (account.type === 'Bot') return true;
  return accountByLogin(world, `${account.login}[bot]`)?.type === 'Bot';
}

/** "maintainer" keeps the repository, "contributor" belongs to it or to its organisation, everyone else has no rights. */
export function roleOf(world: World, repo: Repo, account: Account): string {
  if (isBotAccount(world, account)) return 'bot';
  const permission = permissionOf(world, repo, account);
  if (atLeast(permission, 'maintain')) return 'maintainer';
  const owner = world.accounts.need(repo.ownerId);
  const known = isMember(world, owner, account) || repo.collaborators.some(({ userId }) => userId === account.id);
  return known || atLeast(permission, 'triage') ? 'contributor' : 'no rights';
}

export function personOf(world: World, repo: Repo, account: Account): Person {
  return { login: shownLogin(account), role: roleOf(world, repo, account), bot: isBotAccount(world, account) };
}

export function repoPath(world: World, repo: Repo): string {
  return `/${fullName(world, repo)}`;
}

/** The repository of a path such as `/acme/widgets/…`. */
export function repoOfPath(world: World, owner: string, name: string): Repo | undefined {
  return accountByLogin(world, owner) ? repoByName(world, owner, name) : undefined;
}
