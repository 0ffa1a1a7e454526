import { join } from 'node:path';
import type { Account, App, Installation, Issue, Label, PullIssue, Repo, Team } from './records.ts';
import type { World } from './world.ts';

/** Logins, organisations and repositories are found whatever the case, as on GitHub. */
export function accountByLogin(world: World, login: string): Account | undefined {
  return world.accounts.by(login.toLowerCase());
}

export function repoByName(world: World, owner: string, name: string): Repo | undefined {
  const account = accountByLogin(world, owner);
  const wanted = name.toLowerCase();
  return account && world.repos.all().find((repo) => repo.ownerId === account.id && repo.name.toLowerCase() === wanted);
}

/** "acme/widgets" */
export function fullName(world: World, repo: Repo): string {
  return `${world.accounts.need(repo.ownerId).login}/${repo.name}`;
}

/** The folder of a repository's bare git repository. */
export function gitDir(world: World, repo: Repo): string {
  return join(world.dataDir, 'repositories', `${repo.id}.git`);
}

export function issueByNumber(world: World, repo: Repo, number: number): Issue | undefined {
  return world.issues.by(`${repo.id}#${number}`);
}

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

export function pullByNumber(world: World, repo: Repo, number: number): PullIssue | undefined {
  const issue = issueByNumber(world, repo, number);
  return issue && isPull(issue) ? issue : undefined;
}

export function labelByName(world: World, repo: Repo, name: string): Label | undefined {
  const wanted = name.toLowerCase();
  return world.labels.in(repo.id).find((label) => label.name.toLowerCase() === wanted);
}

export function labelsOf(world: World, issue: Issue): Label[] {
  return issue.labelIds.flatMap((id) => world.labels.get(id) ?? []);
}

export function teamBySlug(world: World, org: Account, slug: string): Team | undefined {
  return world.teams.in(org.id).find((team) => team.slug === slug.toLowerCase());
}

/** Open pull requests of any repository whose head is this branch. */
export function pullsFromBranch(world: World, headRepo: Repo, branch: string): PullIssue[] {
  return world.issues
    .all()
    .filter(isPull)
    .filter((it) => it.state === 'open' && it.pull.headRepoId === headRepo.id && it.pull.headRef === branch);
}

/** Pull requests of a repository, open or not, whose head is this commit. */
export function pullsAtCommit(world: World, repo: Repo, sha: string): PullIssue[] {
  return world.issues
    .in(repo.id)
    .filter(isPull)
    .filter((it) => it.pull.headSha === sha);
}

/** The Apps that are installed with an account. */
export function installationsFor(world: World, account: Account): { app: App; installation: Installation }[] {
  const own = world.installations.all().filter((it) => it.accountId === account.id && !it.suspended);
  return own.map((installation) => ({ app: world.apps.need(installation.appId), installation }));
}

/** A login as an App's account has it in mentions and `search`: without `[bot]`. */
export function slugOf(account: Account): string {
  return account.login.replace(/\[bot\]$/, '');
}
