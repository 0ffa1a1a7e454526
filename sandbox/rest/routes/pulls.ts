import { log } from '../../git/commits.ts';
import { diffFiles, diffText } from '../../git/diff.ts';
import { mergeBase } from '../../git/refs.ts';
import { atLeast } from '../../model/access.ts';
import * as actions from '../../model/actions/index.ts';
import { accountByLogin, gitDir, isPull, teamBySlug } from '../../model/lookup.ts';
import type { PullIssue, Repo } from '../../model/records.ts';
import { invalid, notFound, Refusal } from '../../model/refusal.ts';
import { presentAccount, presentTeam } from '../../present/accounts.ts';
import { presentCommit, presentFile } from '../../present/commits.ts';
import { currentBase, presentFullPull, presentPull } from '../../present/pulls.ts';
import type { Answer, Routes } from '../call.ts';
import { choiceOf, flagOf, NO_CONTENT, needText, numberOf, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { accountsOf, acting, callerPermission, lacking, pullIn, reading } from '../scope.ts';

/** GitHub shows at most this many files of a pull request. */
const MOST_FILES = 3000;
const MOST_COMMITS = 250;

function listPulls(call: RepoCall): Answer {
  const { world, repo, query } = call;
  const state = query.get('state') ?? 'open';
  const [headOwner = '', headRef] = (query.get('head') ?? '').split(/:(.*)/s);
  const owner = accountByLogin(world, headOwner);
  const list = world.issues
    .in(repo.id)
    .filter(isPull)
    .filter(({ state: now, pull }) => {
      const fromOwner = !owner || world.repos.get(pull.headRepoId)?.ownerId === owner.id;
      return (
        (state === 'all' || now === state) &&
        (!query.get('base') || pull.baseRef === query.get('base')) &&
        (headRef === undefined || (fromOwner && pull.headRef === headRef))
      );
    });
  const key = (issue: PullIssue) =>
    query.get('sort') === 'updated' ? issue.updatedAt : String(issue.number).padStart(9, '0');
  const up = (query.get('direction') ?? (query.has('sort') ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  return paged(
    call,
    list.sort((a, b) => up * key(a).localeCompare(key(b))),
    (it) => presentPull(world, it),
  );
}

async function createPull(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const { headRepo, head } = headOf(call, needText(body, 'head'));
  if (!atLeast(callerPermission(world, call.caller, headRepo), 'write') && !atLeast(call.permission, 'write')) {
    throw invalid('PullRequest', 'head', 'invalid');
  }
  const source = numberOf(body, 'issue');
  const issue = await actions.openPull(world, {
    actor,
    repo,
    headRepo,
    head,
    base: needText(body, 'base'),
    title: source === undefined ? needText(body, 'title') : (world.issues.by(`${repo.id}#${source}`)?.title ?? ''),
    body: textOf(body, 'body') ?? null,
    draft: flagOf(body, 'draft') ?? false,
    maintainerCanModify: flagOf(body, 'maintainer_can_modify') ?? true,
  });
  return { status: 201, body: await presentFullPull(world, issue) };
}

/** `branch`, or `owner:branch` for a branch of a fork. */
function headOf(call: RepoCall, head: string): { headRepo: Repo; head: string } {
  const { world, repo } = call;
  const [login = '', branch] = head.split(/:(.*)/s);
  if (branch === undefined) return { headRepo: repo, head };
  const owner = accountByLogin(world, login);
  const named = textOf(call.body, 'head_repo');
  const candidates = world.repos
    .all()
    .filter(
      (it) => it.ownerId === owner?.id && (it.id === repo.id || it.parentId === repo.id || it.id === repo.parentId),
    );
  const headRepo = named ? candidates.find((it) => it.name === named.split('/').at(-1)) : candidates[0];
  if (!headRepo) throw invalid('PullRequest', 'head', 'invalid');
  return { headRepo, head: branch };
}

async function editPull(call: ActingCall): Promise<Answer> {
  const { world, actor, body } = call;
  const issue = pullIn(call);
  if (issue.authorId !== actor.id && !atLeast(call.permission, 'write')) throw lacking(call, 'write');
  const title = textOf(body, 'title');
  await actions.editIssue(world, actor, issue, {
    ...(title === undefined ? {} : { title }),
    ...('body' in body ? { body: textOf(body, 'body') ?? null } : {}),
  });
  const base = textOf(body, 'base');
  if (base !== undefined) await actions.setBase(world, actor, issue, base);
  const state = choiceOf(body, 'state', ['open', 'closed']);
  if (state) await actions.setState(world, actor, issue, state);
  return { body: await presentFullPull(world, issue) };
}

async function onePull(call: RepoCall): Promise<Answer> {
  const issue = pullIn(call);
  const kind = /application\/vnd\.github\.(?:v3\.)?(diff|patch)/.exec(call.accept)?.[1];
  if (!kind) return { body: await presentFullPull(call.world, issue) };
  const dir = gitDir(call.world, call.repo);
  const text = await diffText(dir, await forkPoint(call, issue), issue.pull.headSha);
  return { text, headers: { 'Content-Type': `application/vnd.github.v3.${kind}; charset=utf-8` } };
}

async function forkPoint(call: RepoCall, issue: PullIssue): Promise<string> {
  const base = await currentBase(call.world, issue);
  return (await mergeBase(gitDir(call.world, call.repo), base, issue.pull.headSha)) ?? base;
}

async function listFiles(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const issue = pullIn(call);
  const files = await diffFiles(gitDir(world, repo), await forkPoint(call, issue), issue.pull.headSha, true);
  return paged(call, files.slice(0, MOST_FILES), (it) => presentFile(world, repo, issue.pull.headSha, it));
}

async function listCommits(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const issue = pullIn(call);
  const commits = await log(gitDir(world, repo), issue.pull.headSha, {
    not: await forkPoint(call, issue),
    reverse: true,
  });
  return paged(call, commits.slice(0, MOST_COMMITS), (it) => presentCommit(world, repo, it));
}

async function merge(call: ActingCall): Promise<Answer> {
  const { world, actor, body } = call;
  const title = textOf(body, 'commit_title');
  const message = textOf(body, 'commit_message');
  const sha = textOf(body, 'sha');
  const commit = await actions.mergePull(world, {
    actor,
    issue: pullIn(call),
    method: choiceOf(body, 'merge_method', ['merge', 'squash', 'rebase']) ?? 'merge',
    ...(title === undefined ? {} : { title }),
    ...(message === undefined ? {} : { message }),
    ...(sha === undefined ? {} : { sha }),
  });
  return { body: { sha: commit, merged: true, message: 'Pull Request successfully merged' } };
}

function reviewersOf(call: ActingCall): {
  people: ReturnType<typeof accountsOf>['known'];
  teams: ReturnType<typeof teamsOf>;
} {
  const { world, repo, body } = call;
  const { known, unknown } = accountsOf(world, textsOf(body, 'reviewers') ?? []);
  const cannot = known.filter((it) => !atLeast(reviewerPermission(call, it.login), 'read'));
  if (unknown.length > 0 || cannot.length > 0 || known.some((it) => !isCollaborator(call, it.id))) {
    throw new Refusal(
      422,
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ' +
        `${world.accounts.need(repo.ownerId).login}/${repo.name} repository.`,
    );
  }
  return { people: known, teams: teamsOf(call) };
}

function reviewerPermission(call: RepoCall, login: string) {
  return callerPermission(call.world, { kind: 'user', key: '', account: accountByLogin(call.world, login) }, call.repo);
}

/** On GitHub, whoever can read a private repository, and collaborators and members of a public one. */
function isCollaborator(call: RepoCall, accountId: number): boolean {
  const { world, repo } = call;
  const member = world.memberships.in(repo.ownerId).some((it) => it.userId === accountId && it.state === 'active');
  return member || repo.ownerId === accountId || repo.collaborators.some((it) => it.userId === accountId);
}

function teamsOf(call: ActingCall) {
  const owner = call.world.accounts.need(call.repo.ownerId);
  return (textsOf(call.body, 'team_reviewers') ?? []).map((slug) => {
    const team = teamBySlug(call.world, owner, slug);
    if (!team) throw new Refusal(422, 'Could not resolve to a node with the global id of the team.');
    return team;
  });
}

async function requestReviewers(call: ActingCall): Promise<Answer> {
  const issue = pullIn(call);
  await actions.requestReviewers(call.world, call.actor, issue, reviewersOf(call));
  return { status: 201, body: presentPull(call.world, issue) };
}

async function removeReviewers(call: ActingCall): Promise<Answer> {
  const issue = pullIn(call);
  const { known } = accountsOf(call.world, textsOf(call.body, 'reviewers') ?? []);
  await actions.removeReviewers(call.world, call.actor, issue, { people: known, teams: teamsOf(call) });
  return { body: presentPull(call.world, issue) };
}

function requested(call: RepoCall): Answer {
  const { world } = call;
  const { requestedReviewerIds, requestedTeamIds } = pullIn(call).pull;
  return {
    body: {
      users: requestedReviewerIds.map((id) => presentAccount(world, world.accounts.need(id))),
      teams: requestedTeamIds.map((id) => presentTeam(world, world.teams.need(id))),
    },
  };
}

/** Pull requests that a commit belongs to: whose branch has it, or whose merge made it. */
async function pullsWithCommit(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const sha = call.params.sha ?? '';
  const found: PullIssue[] = [];
  for (const issue of world.issues.in(repo.id).filter(isPull)) {
    if (issue.pull.headSha === sha || issue.pull.mergeCommitSha === sha) found.push(issue);
    else if (
      (await log(gitDir(world, repo), issue.pull.headSha, { not: issue.pull.baseSha })).some((it) => it.sha === sha)
    )
      found.push(issue);
  }
  return paged(call, found, (it) => presentPull(world, it));
}

const BASE = '/repos/:owner/:repo';

export const pullRoutes: Routes = {
  [`GET ${BASE}/pulls`]: reading(listPulls),
  [`POST ${BASE}/pulls`]: acting('read', createPull),
  [`GET ${BASE}/pulls/:number`]: reading(onePull),
  [`PATCH ${BASE}/pulls/:number`]: acting('read', editPull),
  [`GET ${BASE}/pulls/:number/files`]: reading(listFiles),
  [`GET ${BASE}/pulls/:number/commits`]: reading(listCommits),
  [`GET ${BASE}/pulls/:number/merge`]: reading((call) => {
    if (!pullIn(call).pull.merged) throw notFound();
    return NO_CONTENT;
  }),
  [`PUT ${BASE}/pulls/:number/merge`]: acting('write', merge),
  [`PUT ${BASE}/pulls/:number/update-branch`]: acting('write', async (call) => {
    const issue = pullIn(call);
    await actions.updateBranch(call.world, call.actor, issue, textOf(call.body, 'expected_head_sha'));
    return {
      status: 202,
      body: { message: 'Updating pull request branch.', url: presentPull(call.world, issue).url },
    };
  }),
  [`GET ${BASE}/pulls/:number/requested_reviewers`]: reading(requested),
  [`POST ${BASE}/pulls/:number/requested_reviewers`]: acting('triage', requestReviewers),
  [`DELETE ${BASE}/pulls/:number/requested_reviewers`]: acting('triage', removeReviewers),
  [`GET ${BASE}/commits/:sha/pulls`]: reading(pullsWithCommit),
};
