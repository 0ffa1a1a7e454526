import type { CommitData } from '../../git/commits.ts';
import { log, readCommit } from '../../git/commits.ts';
import { diffFiles, diffText } from '../../git/diff.ts';
import { mergeCommit } from '../../git/merge.ts';
import { fetchFrom, isAncestor, listRefs, mergeBase, readRef, resolveCommit } from '../../git/refs.ts';
import * as actions from '../../model/actions/index.ts';
import { accountByLogin, gitDir } from '../../model/lookup.ts';
import type { Repo } from '../../model/records.ts';
import { invalid, notFound, Refusal } from '../../model/refusal.ts';
import { emailOf, personOf, presentCommit, presentFile } from '../../present/commits.ts';
import { repoApi, repoHtml } from '../../present/repos.ts';
import { latestStatuses, presentCombined, presentStatus } from '../../present/statuses.ts';
import type { Answer, Routes } from '../call.ts';
import { choiceOf, NO_CONTENT, needText, textOf } from '../call.ts';
import { paged, pagingOf } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, reading } from '../scope.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The commit that a branch, tag or id in the path names. */
export async function commitIn(call: RepoCall, name: string): Promise<string> {
  const sha = await resolveCommit(gitDir(call.world, call.repo), name.replace(/^refs\/(heads|tags)\//, ''));
  if (sha) return sha;
  throw new Refusal(422, `No commit found for SHA: ${name}`);
}

async function listCommits(call: RepoCall): Promise<Answer> {
  const { world, repo, query } = call;
  const dir = gitDir(world, repo);
  const start = await resolveCommit(dir, query.get('sha') ?? repo.defaultBranch);
  if (!start) throw query.get('sha') ? notFound() : new Refusal(409, 'Git Repository is empty.');
  const author = query.get('author');
  const account = author ? accountByLogin(world, author) : undefined;
  const { page, perPage } = pagingOf(call);
  const commits = await log(dir, start, {
    limit: page * perPage + perPage,
    ...pick(query, 'path', 'since', 'until'),
    ...(author ? { author: account ? emailOf(account) : author } : {}),
  });
  return paged(call, commits, (it) => presentCommit(world, repo, it));
}

function pick(
  query: URLSearchParams,
  ...names: ('path' | 'since' | 'until')[]
): { path?: string; since?: string; until?: string } {
  return Object.fromEntries(names.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])));
}

async function oneCommit(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const dir = gitDir(world, repo);
  const sha = await commitIn(call, call.params.ref ?? '');
  if (/application\/vnd\.github\.(v3\.)?sha/.test(call.accept))
    return { text: sha, headers: { 'Content-Type': 'application/vnd.github.v3.sha; charset=utf-8' } };
  const commit = await readCommit(dir, sha);
  if (!commit) throw notFound();
  const from = commit.parents[0] ?? EMPTY_TREE;
  if (/application\/vnd\.github\.(v3\.)?(diff|patch)/.test(call.accept))
    return {
      text: await diffText(dir, from, sha),
      headers: { 'Content-Type': 'application/vnd.github.v3.diff; charset=utf-8' },
    };
  const files = await diffFiles(dir, from, sha, true);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    body: {
      ...presentCommit(world, repo, commit),
      stats: { total: additions + deletions, additions, deletions },
      files: files.slice(0, 300).map((it) => presentFile(world, repo, sha, it)),
    },
  };
}

/** One side of a comparison: `branch`, `sha` or `owner:branch` of a fork, whose commits are taken over. */
async function sideOf(call: RepoCall, text: string): Promise<string> {
  const { world, repo } = call;
  const [login = '', branch] = text.split(/:(.*)/s);
  if (branch === undefined) return (await resolveCommit(gitDir(world, repo), text)) ?? Promise.reject(notFound());
  const owner = accountByLogin(world, login);
  const root = repo.parentId ?? repo.id;
  const related = world.repos
    .all()
    .find((it: Repo) => it.ownerId === owner?.id && (it.id === root || it.parentId === root));
  const sha = related && (await resolveCommit(gitDir(world, related), branch));
  if (!related || !sha) throw notFound();
  await fetchFrom(gitDir(world, repo), gitDir(world, related), sha);
  return sha;
}

async function compare(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const dir = gitDir(world, repo);
  const spec = call.params.spec ?? '';
  const [baseName = '', headName] = spec.split('...');
  if (headName === undefined) throw notFound();
  const [base, head] = [await sideOf(call, baseName), await sideOf(call, headName)];
  const fork = await mergeBase(dir, base, head);
  if (!fork) throw new Refusal(404, `No common ancestor between ${baseName} and ${headName}.`);
  if (/application\/vnd\.github\.(v3\.)?(diff|patch)/.test(call.accept))
    return {
      text: await diffText(dir, fork, head),
      headers: { 'Content-Type': 'application/vnd.github.v3.diff; charset=utf-8' },
    };
  const ahead = await log(dir, head, { not: base, reverse: true });
  const behind = await log(dir, base, { not: head });
  const files = await diffFiles(dir, fork, head, true);
  const status =
    ahead.length > 0 ? (behind.length > 0 ? 'diverged' : 'ahead') : behind.length > 0 ? 'behind' : 'identical';
  const shown = async (sha: string) => presentCommit(world, repo, (await readCommit(dir, sha)) as CommitData);
  const url = `${repoApi(world, repo)}/compare/${spec}`;
  const html = `${repoHtml(world, repo)}/compare/${spec}`;
  const answer = paged(
    call,
    ahead,
    (it) => presentCommit(world, repo, it),
    (commits) => commits,
  );
  return {
    ...(answer.headers ? { headers: answer.headers } : {}),
    body: {
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await shown(base),
      merge_base_commit: await shown(fork),
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: call.query.has('per_page')
        ? answer.body
        : ahead.slice(0, 250).map((it) => presentCommit(world, repo, it)),
      files: files.slice(0, 300).map((it) => presentFile(world, repo, head, it)),
    },
  };
}

async function createStatus(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body } = call;
  needText(body, 'state');
  const description = textOf(body, 'description') ?? null;
  if (description && [...description].length > 140)
    throw invalid('Status', 'description', 'custom', 'description is too long (maximum is 140 characters)');
  const status = await actions.setStatus(world, {
    actor,
    repo,
    sha: call.params.sha ?? '',
    state: choiceOf(body, 'state', ['error', 'failure', 'pending', 'success']) ?? 'pending',
    context: textOf(body, 'context') ?? 'default',
    description,
    targetUrl: textOf(body, 'target_url') ?? null,
  });
  return { status: 201, body: presentStatus(world, status) };
}

async function listStatuses(call: RepoCall): Promise<Answer> {
  const sha = await commitIn(call, call.params.ref ?? '');
  const all = call.world.statuses.in(`${call.repo.id}@${sha}`).reverse();
  return paged(call, all, (it) => presentStatus(call.world, it));
}

async function combined(call: RepoCall): Promise<Answer> {
  const { world, repo } = call;
  const sha = await commitIn(call, call.params.ref ?? '');
  const all = latestStatuses(world, repo, sha);
  const answer = paged(call, all, (it) => it);
  const { page, perPage } = pagingOf(call);
  return { ...answer, body: presentCombined(world, repo, sha, all.slice((page - 1) * perPage, page * perPage), all) };
}

/** Merges one branch into another on the server. */
async function mergeBranches(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const dir = gitDir(world, repo);
  const [base, head] = [needText(body, 'base'), needText(body, 'head')];
  const before = await readRef(dir, `refs/heads/${base}`);
  const theirs = await resolveCommit(dir, head);
  if (!before) throw new Refusal(404, 'Base does not exist');
  if (!theirs) throw new Refusal(404, 'Head does not exist');
  if (await isAncestor(dir, theirs, before)) return NO_CONTENT;
  const message = textOf(body, 'commit_message') ?? `Merge ${head} into ${base}`;
  const after = await mergeCommit(dir, before, theirs, message, personOf(world, actor));
  if (!after) throw new Refusal(409, 'Merge conflict');
  await actions.moveRef(world, actor, repo, { ref: `refs/heads/${base}`, before, after });
  return { status: 201, body: presentCommit(world, repo, (await readCommit(dir, after)) as CommitData) };
}

async function branchesAtHead(call: RepoCall): Promise<Answer> {
  const refs = await listRefs(gitDir(call.world, call.repo), 'refs/heads/');
  const sha = call.params.sha ?? '';
  const url = `${repoApi(call.world, call.repo)}/commits/${sha}`;
  return {
    body: refs
      .filter((it) => it.sha === sha)
      .map((it) => ({ name: it.ref.slice(11), commit: { sha, url }, protected: false })),
  };
}

const BASE = '/repos/:owner/:repo';

export const commitRoutes: Routes = {
  [`GET ${BASE}/commits`]: reading(listCommits),
  [`GET ${BASE}/commits/:sha/branches-where-head`]: reading(branchesAtHead),
  [`GET ${BASE}/commits/*ref/status`]: reading(combined),
  [`GET ${BASE}/commits/*ref/statuses`]: reading(listStatuses),
  [`GET ${BASE}/statuses/*ref`]: reading(listStatuses),
  [`POST ${BASE}/statuses/:sha`]: acting('write', createStatus),
  [`GET ${BASE}/compare/*spec`]: reading(compare),
  [`POST ${BASE}/merges`]: acting('write', mergeBranches),
  [`GET ${BASE}/commits/*ref`]: reading(oneCommit),
};
