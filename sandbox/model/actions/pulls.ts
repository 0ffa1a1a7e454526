import { log } from '../../git/commits.ts';
import { mergeCommit, rebaseCommits, squashCommit } from '../../git/merge.ts';
import { fetchFrom, isAncestor, readRef, updateRef, ZERO } from '../../git/refs.ts';
import { presentAccount, presentTeam } from '../../present/accounts.ts';
import { personOf } from '../../present/commits.ts';
import { happen } from '../happen.ts';
import { fullName, gitDir } from '../lookup.ts';
import type { Account, PullIssue, Repo, Team } from '../records.ts';
import { invalid, Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { addEvent, announcementOf, blankIssue, touch } from './issues.ts';
import { markMerged, moveRef, refsMoved } from './pushes.ts';

export interface OpenPull {
  actor: Account;
  repo: Repo;
  title: string;
  body?: string | null;
  base: string;
  /** The repository that has the branch: `repo` itself or a fork of it. */
  headRepo: Repo;
  head: string;
  draft?: boolean;
  maintainerCanModify?: boolean;
  /** Only for the seed: the number that it gets. */
  number?: number;
}

/** Opens a pull request from a branch. */
export async function openPull(world: World, wish: OpenPull): Promise<PullIssue> {
  const { actor, repo, headRepo } = wish;
  const dir = gitDir(world, repo);
  const baseSha = await readRef(dir, `refs/heads/${wish.base}`);
  const headSha = await readRef(gitDir(world, headRepo), `refs/heads/${wish.head}`);
  if (!baseSha) throw invalid('PullRequest', 'base', 'invalid');
  if (!headSha) throw invalid('PullRequest', 'head', 'invalid');
  await fetchFrom(dir, gitDir(world, headRepo), headSha);
  await checkNew(world, wish, baseSha, headSha);
  if (wish.number) repo.lastNumber = wish.number - 1;
  const issue: PullIssue = {
    ...blankIssue(world, repo, actor, wish.title, wish.body ?? null),
    pull: {
      id: world.nextId(),
      draft: wish.draft ?? false,
      baseRef: wish.base,
      baseSha,
      headRepoId: headRepo.id,
      headRef: wish.head,
      headSha,
      maintainerCanModify: wish.maintainerCanModify ?? false,
      requestedReviewerIds: [],
      requestedTeamIds: [],
      merged: false,
      mergedAt: null,
      mergedById: null,
      mergeCommitSha: null,
      autoMerge: null,
    },
  };
  await updateRef(dir, `refs/pull/${issue.number}/head`, headSha);
  world.issues.put(issue);
  happen(world, {
    kind: 'pull.opened',
    actor,
    repo,
    issues: [issue],
    data: { title: issue.title, body: issue.body, draft: issue.pull.draft },
    announce: [await announcementOf(world, issue, 'opened')],
  });
  return issue;
}

async function checkNew(world: World, wish: OpenPull, baseSha: string, headSha: string): Promise<void> {
  if (wish.title.trim() === '') throw invalid('PullRequest', 'title', 'missing_field');
  if (await isAncestor(gitDir(world, wish.repo), headSha, baseSha)) {
    throw invalid('PullRequest', 'base', 'custom', `No commits between ${wish.base} and ${wish.head}`);
  }
  const owner = world.accounts.need(wish.headRepo.ownerId).login;
  const same = world.issues
    .in(wish.repo.id)
    .some(
      ({ state, pull }) =>
        state === 'open' &&
        pull?.baseRef === wish.base &&
        pull.headRepoId === wish.headRepo.id &&
        pull.headRef === wish.head,
    );
  if (!same) return;
  const message = `A pull request already exists for ${owner}:${wish.head}.`;
  throw new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
}

/** Turns a pull request into a draft, or says that it is ready for review. */
export async function setDraft(world: World, actor: Account, issue: PullIssue, draft: boolean): Promise<void> {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  touch(world, issue);
  addEvent(world, issue, actor, draft ? 'convert_to_draft' : 'ready_for_review');
  happen(world, {
    kind: draft ? 'pull.draft' : 'pull.ready',
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    announce: [await announcementOf(world, issue, draft ? 'converted_to_draft' : 'ready_for_review')],
  });
}

/** Changes the branch into which a pull request goes. */
export async function setBase(world: World, actor: Account, issue: PullIssue, base: string): Promise<void> {
  const { baseRef, baseSha } = issue.pull;
  if (baseRef === base) return;
  const sha = await readRef(gitDir(world, world.repos.need(issue.repoId)), `refs/heads/${base}`);
  if (!sha) throw invalid('PullRequest', 'base', 'invalid');
  issue.pull.baseRef = base;
  issue.pull.baseSha = sha;
  touch(world, issue);
  addEvent(world, issue, actor, 'base_ref_changed');
  const changes = { base: { ref: { from: baseRef }, sha: { from: baseSha } } };
  happen(world, {
    kind: 'pull.edited',
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { changes },
    announce: [await announcementOf(world, issue, 'edited', { changes })],
  });
}

export interface Merge {
  actor: Account;
  issue: PullIssue;
  method: 'merge' | 'squash' | 'rebase';
  title?: string;
  message?: string;
  /** The head that must still be there. */
  sha?: string;
}

/** Merges a pull request; refuses as GitHub does (405 not mergeable, 409 head moved). Gives the new commit of the base branch. */
export async function mergePull(world: World, merge: Merge): Promise<string> {
  const { actor, issue, method } = merge;
  const repo = world.repos.need(issue.repoId);
  const allowed = { merge: repo.allowMergeCommit, squash: repo.allowSquashMerge, rebase: repo.allowRebaseMerge };
  if (!allowed[method]) throw new Refusal(405, `${METHOD_NAME[method]} are not allowed on this repository.`);
  if (issue.pull.merged || issue.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable');
  if (issue.pull.draft) throw new Refusal(405, 'Pull Request is still a draft');
  if (merge.sha && merge.sha !== issue.pull.headSha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  const ref = `refs/heads/${issue.pull.baseRef}`;
  const before = (await readRef(gitDir(world, repo), ref)) ?? ZERO;
  const after = await mergedCommit(world, merge, repo, before);
  if (!after) throw new Refusal(405, 'Pull Request is not mergeable');
  await updateRef(gitDir(world, repo), ref, after, before).catch(() => {
    throw new Refusal(405, 'Base branch was modified. Review and try the merge again.');
  });
  issue.pull.baseSha = before;
  await markMerged(world, actor, issue, after);
  await refsMoved(world, actor, repo, [{ ref, before, after }]);
  const headRepo = world.repos.need(issue.pull.headRepoId);
  if (repo.deleteBranchOnMerge && headRepo === repo) {
    await moveRef(world, actor, repo, {
      ref: `refs/heads/${issue.pull.headRef}`,
      before: issue.pull.headSha,
      after: ZERO,
    });
  }
  return after;
}

const METHOD_NAME = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' };

async function mergedCommit(world: World, merge: Merge, repo: Repo, before: string): Promise<string | undefined> {
  const { actor, issue, method } = merge;
  const dir = gitDir(world, repo);
  const head = issue.pull.headSha;
  const person = personOf(world, actor);
  if (method === 'rebase') return rebaseCommits(dir, before, head, person);
  if (method === 'merge') {
    const headRepo = world.repos.need(issue.pull.headRepoId);
    const from = `${world.accounts.need(headRepo.ownerId).login}/${issue.pull.headRef}`;
    const title = merge.title ?? `Merge pull request #${issue.number} from ${from}`;
    return mergeCommit(dir, before, head, `${title}\n\n${merge.message ?? issue.title}`.trim(), person);
  }
  const commits = await log(dir, head, { not: before, reverse: true });
  const title =
    merge.title ??
    `${(commits.length === 1 ? commits[0]?.message.split('\n')[0] : undefined) ?? issue.title} (#${issue.number})`;
  const list =
    commits.length === 1
      ? (commits[0]?.message.split('\n').slice(2).join('\n') ?? '')
      : commits.map((it) => `* ${it.message}`).join('\n\n');
  const author = { ...personOf(world, world.accounts.need(issue.authorId)) };
  return squashCommit(dir, before, head, `${title}\n\n${merge.message ?? list}`.trim(), author);
}

/** Merges the base branch into a pull request's branch ("Update branch"). */
export async function updateBranch(world: World, actor: Account, issue: PullIssue, expected?: string): Promise<void> {
  const repo = world.repos.need(issue.repoId);
  const headRepo = world.repos.need(issue.pull.headRepoId);
  const dir = gitDir(world, headRepo);
  const before = issue.pull.headSha;
  if (expected && expected !== before) throw new Refusal(422, "expected head sha didn't match current head ref.");
  const base = await readRef(gitDir(world, repo), `refs/heads/${issue.pull.baseRef}`);
  if (!base) throw invalid('PullRequest', 'base', 'missing');
  await fetchFrom(dir, gitDir(world, repo), base);
  if (await isAncestor(dir, base, before)) throw new Refusal(422, 'There are no new commits on the base branch.');
  const message = `Merge branch '${issue.pull.baseRef}' into ${issue.pull.headRef}`;
  const after = await mergeCommit(dir, before, base, message, personOf(world, actor));
  if (!after) throw new Refusal(422, `merge conflict between base and head (${fullName(world, repo)})`);
  await moveRef(world, actor, headRepo, { ref: `refs/heads/${issue.pull.headRef}`, before, after });
}

export interface ReviewRequest {
  people?: readonly Account[];
  teams?: readonly Team[];
}

/** Asks for reviews; who was asked already stays asked. */
export async function requestReviewers(
  world: World,
  actor: Account,
  issue: PullIssue,
  wish: ReviewRequest,
): Promise<void> {
  const { people = [], teams = [] } = wish;
  if (people.some((person) => person.id === issue.authorId)) {
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  }
  for (const person of people) {
    if (issue.pull.requestedReviewerIds.includes(person.id)) continue;
    issue.pull.requestedReviewerIds = [...issue.pull.requestedReviewerIds, person.id];
    await tellReviewer(world, actor, issue, true, { requested_reviewer: presentAccount(world, person) }, person.login);
  }
  for (const team of teams) {
    if (issue.pull.requestedTeamIds.includes(team.id)) continue;
    issue.pull.requestedTeamIds = [...issue.pull.requestedTeamIds, team.id];
    await tellReviewer(world, actor, issue, true, { requested_team: presentTeam(world, team) }, team.slug);
  }
}

export async function removeReviewers(
  world: World,
  actor: Account,
  issue: PullIssue,
  wish: ReviewRequest,
): Promise<void> {
  for (const person of wish.people ?? []) {
    if (!issue.pull.requestedReviewerIds.includes(person.id)) continue;
    issue.pull.requestedReviewerIds = issue.pull.requestedReviewerIds.filter((id) => id !== person.id);
    await tellReviewer(world, actor, issue, false, { requested_reviewer: presentAccount(world, person) }, person.login);
  }
  for (const team of wish.teams ?? []) {
    if (!issue.pull.requestedTeamIds.includes(team.id)) continue;
    issue.pull.requestedTeamIds = issue.pull.requestedTeamIds.filter((id) => id !== team.id);
    await tellReviewer(world, actor, issue, false, { requested_team: presentTeam(world, team) }, team.slug);
  }
}

async function tellReviewer(
  world: World,
  actor: Account,
  issue: PullIssue,
  added: boolean,
  extra: Record<string, unknown>,
  name: string,
): Promise<void> {
  touch(world, issue);
  const verb = added ? 'review_requested' : 'review_request_removed';
  addEvent(world, issue, actor, verb, { ...extra, review_requester: presentAccount(world, actor) });
  happen(world, {
    kind: added ? 'reviewer.added' : 'reviewer.removed',
    actor,
    repo: world.repos.need(issue.repoId),
    issues: [issue],
    data: { login: name },
    announce: [await announcementOf(world, issue, verb, extra)],
  });
}
