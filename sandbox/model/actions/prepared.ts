import { cherryPick } from '../../git/merge.ts';
import { fetchFrom, isAncestor, readRef } from '../../git/refs.ts';
import { needCommit, personOf } from '../../present/commits.ts';
import { accountByLogin, gitDir } from '../lookup.ts';
import type { Account, Prepared, PullIssue, Repo } from '../records.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { openPull } from './pulls.ts';
import { moveRef } from './pushes.ts';

/** The branches from which somebody can open a pull request now: those without one that is open. */
export function preparedBranches(world: World, repo: Repo): Prepared[] {
  return world.prepared.in(repo.id).filter((it) => it.kind === 'branch' && !it.used);
}

/** The next commit that can be pushed to a pull request, or undefined where none is left. */
export function preparedCommit(world: World, issue: PullIssue): Prepared | undefined {
  return world.prepared
    .in(issue.repoId)
    .find(
      (it) =>
        it.kind === 'commit' && !it.used && it.headRepoId === issue.pull.headRepoId && it.branch === issue.pull.headRef,
    );
}

/** Opens a pull request from a prepared branch, as the person whose branch it is unless `actor` says otherwise. */
export async function openPrepared(
  world: World,
  prepared: Prepared,
  actor: Account | undefined = accountByLogin(world, prepared.login),
): Promise<PullIssue> {
  if (!actor) throw new Refusal(422, `There is nobody called ${prepared.login}`);
  const repo = world.repos.need(prepared.repoId);
  const headRepo = world.repos.need(prepared.headRepoId);
  const { title, body, branch } = prepared;
  const issue = await openPull(world, { actor, repo, title, body, base: repo.defaultBranch, headRepo, head: branch });
  prepared.used = true;
  world.prepared.put(prepared);
  return issue;
}

/** Pushes the next prepared commit to a pull request's branch; after another push it is put on top of that. Gives its id. */
export async function pushPrepared(world: World, actor: Account, issue: PullIssue): Promise<string> {
  const prepared = preparedCommit(world, issue);
  if (!prepared) throw new Refusal(422, 'No prepared commit is left for this pull request');
  if (issue.state === 'closed') throw new Refusal(422, 'The pull request is closed');
  const headRepo = world.repos.need(issue.pull.headRepoId);
  const dir = gitDir(world, headRepo);
  const ref = `refs/heads/${prepared.branch}`;
  const before = (await readRef(dir, ref)) ?? issue.pull.headSha;
  await fetchFrom(dir, gitDir(world, world.repos.need(prepared.repoId)), prepared.sha);
  const after = (await isAncestor(dir, before, prepared.sha))
    ? prepared.sha
    : await cherryPick(dir, before, await needCommit(world, headRepo, prepared.sha), personOf(world, actor));
  if (!after) throw new Refusal(409, 'The prepared commit conflicts with what was pushed before');
  prepared.used = true;
  world.prepared.put(prepared);
  await moveRef(world, actor, headRepo, { ref, before, after });
  return after;
}
