import { log, writeCommit } from '../../git/commits.ts';
import { deleteRef, fetchFrom, isAncestor, readRef, updateRef, ZERO } from '../../git/refs.ts';
import type { FileEdit } from '../../git/trees.ts';
import { editTree } from '../../git/trees.ts';
import { needCommit, personOf, presentPushedCommit } from '../../present/commits.ts';
import { presentFullPull } from '../../present/pulls.ts';
import { presentPushedRepo, repoApi, repoHtml } from '../../present/repos.ts';
import { happen } from '../happen.ts';
import { gitDir, pullsFromBranch } from '../lookup.ts';
import type { Account, PullIssue, Repo } from '../records.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { addEvent, setState, touch } from './issues.ts';

export interface RefUpdate {
  /** `refs/heads/main` */
  ref: string;
  /** {@link ZERO} where it is new. */
  before: string;
  /** {@link ZERO} where it is gone. */
  after: string;
}

/** Commits changed files on top of a branch, as a push of one commit by `actor`. Gives the new commit. */
export async function pushCommit(
  world: World,
  wish: { actor: Account; repo: Repo; branch: string; message: string; files: readonly FileEdit[]; author?: Account },
): Promise<string> {
  const { actor, repo, branch } = wish;
  const dir = gitDir(world, repo);
  const before = (await readRef(dir, `refs/heads/${branch}`)) ?? ZERO;
  const parent = before === ZERO ? undefined : before;
  const tree = await editTree(dir, parent, wish.files);
  const author = personOf(world, wish.author ?? actor);
  const after = await writeCommit(dir, { tree, parents: parent ? [parent] : [], message: wish.message, author });
  await moveRef(world, actor, repo, { ref: `refs/heads/${branch}`, before, after });
  return after;
}

/** Moves, makes or deletes a ref and tells what follows from it; a move that is not a fast-forward is a force-push. */
export async function moveRef(world: World, actor: Account, repo: Repo, update: RefUpdate): Promise<void> {
  const dir = gitDir(world, repo);
  if (update.after === ZERO) await deleteRef(dir, update.ref);
  else await updateRef(dir, update.ref, update.after, update.before);
  await refsMoved(world, actor, repo, [update]);
}

/** Tells what follows from refs that have moved already, as after a `git push`: webhooks, heads of pull requests. */
export async function refsMoved(
  world: World,
  actor: Account,
  repo: Repo,
  updates: readonly RefUpdate[],
): Promise<void> {
  for (const update of updates) {
    if (update.before === update.after || !/^refs\/(heads|tags)\//.test(update.ref)) continue;
    repo.pushedAt = world.now();
    world.repos.put(repo);
    await tellPush(world, actor, repo, update);
    if (update.ref.startsWith('refs/heads/')) await moveHeads(world, actor, repo, update);
  }
}

async function tellPush(world: World, actor: Account, repo: Repo, update: RefUpdate): Promise<void> {
  const { ref, before, after } = update;
  const created = before === ZERO;
  const deleted = after === ZERO;
  const dir = gitDir(world, repo);
  const base = created ? await readRef(dir, `refs/heads/${repo.defaultBranch}`) : before;
  const not = base && base !== after ? { not: base } : {};
  const commits =
    deleted || (created && base === after) ? [] : await log(dir, after, { ...not, reverse: true, limit: 2048 });
  const shown = await Promise.all(commits.map((commit) => presentPushedCommit(world, repo, commit)));
  const forced = !created && !deleted && !(await isAncestor(dir, before, after));
  const owner = world.accounts.need(repo.ownerId);
  const pushPayload = {
    repository: presentPushedRepo(world, repo),
    ref,
    before,
    after,
    base_ref: null,
    pusher: { name: actor.login, email: actor.email },
    created,
    deleted,
    forced,
    compare: `${repoHtml(world, repo)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: shown,
    head_commit: deleted
      ? null
      : (shown.at(-1) ?? (await presentPushedCommit(world, repo, await needCommit(world, repo, after)))),
  };
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const refPayload = {
    ref: short,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    pusher_type: 'user',
    ...(created ? { master_branch: repo.defaultBranch, description: repo.description } : {}),
  };
  happen(world, {
    kind: created ? 'ref.created' : deleted ? 'ref.deleted' : 'push',
    actor,
    repo,
    org: owner,
    data: { ref: short, before, after, forced, commits: commits.map((it) => ({ sha: it.sha, message: it.message })) },
    announce: [
      ...(created || deleted ? [{ event: created ? 'create' : 'delete', payload: refPayload }] : []),
      { event: 'push', payload: pushPayload },
    ],
  });
}

/** Brings open pull requests up to date whose head branch has moved; those whose branch is gone are closed. */
async function moveHeads(world: World, actor: Account, headRepo: Repo, update: RefUpdate): Promise<void> {
  const branch = update.ref.slice('refs/heads/'.length);
  for (const issue of pullsFromBranch(world, headRepo, branch)) {
    if (update.after === ZERO) await setState(world, actor, issue, 'closed');
    else await moveHead(world, actor, issue, update.after);
  }
  if (update.after === ZERO || update.before === ZERO) return;
  await closeWhatIsMerged(world, actor, headRepo, branch, update.after);
}

async function moveHead(world: World, actor: Account, issue: PullIssue, after: string): Promise<void> {
  const repo = world.repos.need(issue.repoId);
  const headRepo = world.repos.need(issue.pull.headRepoId);
  const dir = gitDir(world, repo);
  const before = issue.pull.headSha;
  await fetchFrom(dir, gitDir(world, headRepo), after);
  await updateRef(dir, `refs/pull/${issue.number}/head`, after);
  const forced = !(await isAncestor(dir, before, after));
  issue.pull.headSha = after;
  touch(world, issue);
  const commits = await log(dir, after, { not: before, reverse: true });
  if (forced) addEvent(world, issue, actor, 'head_ref_force_pushed', {}, after);
  happen(world, {
    kind: 'pull.pushed',
    actor,
    repo,
    issues: [issue],
    data: { before, after, forced, commits: commits.map((it) => ({ sha: it.sha, message: it.message })) },
    announce: [
      {
        event: 'pull_request',
        action: 'synchronize',
        payload: { number: issue.number, before, after, pull_request: await presentFullPull(world, issue) },
      },
    ],
  });
}

/** A pull request whose head a push has brought into its base branch counts as merged, as on GitHub. */
async function closeWhatIsMerged(
  world: World,
  actor: Account,
  repo: Repo,
  branch: string,
  after: string,
): Promise<void> {
  const dir = gitDir(world, repo);
  for (const issue of world.issues.in(repo.id)) {
    if (!issue.pull || issue.state !== 'open' || issue.pull.baseRef !== branch) continue;
    if (!(await isAncestor(dir, issue.pull.headSha, after))) continue;
    await markMerged(world, actor, { ...issue, pull: issue.pull }, after);
  }
}

/** Records a merge that git has made. */
export async function markMerged(world: World, actor: Account, given: PullIssue, sha: string): Promise<void> {
  const issue = world.issues.need(given.id);
  if (!issue.pull) throw new Refusal(422, 'Not a pull request');
  const pull = { ...issue.pull, merged: true, mergedAt: world.now(), mergedById: actor.id, mergeCommitSha: sha };
  const merged: PullIssue = Object.assign(issue, { pull });
  merged.state = 'closed';
  merged.closedAt = world.now();
  merged.closedById = actor.id;
  touch(world, merged);
  addEvent(world, merged, actor, 'merged', {}, sha);
  addEvent(world, merged, actor, 'closed');
  const payload = { number: merged.number, pull_request: await presentFullPull(world, merged) };
  happen(world, {
    kind: 'pull.merged',
    actor,
    repo: world.repos.need(merged.repoId),
    issues: [merged],
    data: { sha, base: pull.baseRef, url: `${repoApi(world, world.repos.need(merged.repoId))}/commits/${sha}` },
    announce: [{ event: 'pull_request', action: 'closed', payload }],
  });
}
