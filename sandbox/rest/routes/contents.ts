import type { CommitData, Person } from '../../git/commits.ts';
import { readCommit, writeCommit } from '../../git/commits.ts';
import { readRef, resolveCommit, ZERO } from '../../git/refs.ts';
import type { TreeEntry } from '../../git/trees.ts';
import { editTree, listTree, readBlob, treeEntryAt } from '../../git/trees.ts';
import * as actions from '../../model/actions/index.ts';
import { gitDir } from '../../model/lookup.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import { personOf, presentGitCommit } from '../../present/commits.ts';
import { repoApi, repoHtml } from '../../present/repos.ts';
import type { Answer, Body, Routes } from '../call.ts';
import { needText, objectOf, textOf } from '../call.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, reading } from '../scope.ts';

function presentEntry(call: RepoCall, ref: string, path: string, entry: TreeEntry): Body {
  const { world, repo } = call;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const kind =
    entry.type === 'tree'
      ? 'dir'
      : entry.type === 'commit'
        ? 'submodule'
        : entry.mode === '120000'
          ? 'symlink'
          : 'file';
  const url = `${repoApi(world, repo)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${repoApi(world, repo)}/git/${entry.type === 'tree' ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${repoHtml(world, repo)}/${kind === 'dir' ? 'tree' : 'blob'}/${ref}/${encoded}`;
  return {
    type: kind,
    size: entry.size ?? 0,
    name: path.split('/').at(-1),
    path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: html,
    download_url: kind === 'file' ? `${repoHtml(world, repo)}/raw/${ref}/${encoded}` : null,
    _links: { self: url, git, html },
  };
}

/** A folder's last part of the path; GitHub refuses ways out of the repository. */
function pathIn(call: RepoCall): string {
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  if (path.split('/').some((part) => part === '..' || part === '.'))
    throw new Refusal(400, 'path cannot contain . or ..');
  return path;
}

async function read(call: RepoCall): Promise<Answer> {
  const { world, repo, query } = call;
  const dir = gitDir(world, repo);
  const path = pathIn(call);
  const ref = query.get('ref') ?? repo.defaultBranch;
  const sha = await resolveCommit(dir, ref.replace(/^refs\/(heads|tags)\//, ''));
  if (!sha)
    throw query.get('ref')
      ? new Refusal(404, `No commit found for the ref ${ref}`)
      : new Refusal(404, 'This repository is empty.');
  const entry = path === '' ? undefined : await treeEntryAt(dir, sha, path);
  if (path !== '' && !entry) throw notFound();
  if (!entry || entry.type === 'tree') {
    const entries = (await listTree(dir, sha, false, path)) ?? [];
    return { body: entries.map((it) => presentEntry(call, ref, path === '' ? it.path : `${path}/${it.path}`, it)) };
  }
  const content = (await readBlob(dir, entry.sha)) ?? Buffer.alloc(0);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept))
    return { text: content, headers: { 'Content-Type': 'application/vnd.github.v3.raw; charset=utf-8' } };
  const encoded = content.toString('base64').replace(/.{60}/g, '$&\n');
  return { body: { ...presentEntry(call, ref, path, entry), content: `${encoded}\n`, encoding: 'base64' } };
}

function personFrom(body: Body, fallback: Person): Person {
  return {
    name: textOf(body, 'name') ?? fallback.name,
    email: textOf(body, 'email') ?? fallback.email,
    date: textOf(body, 'date') ?? fallback.date,
  };
}

async function write(call: ActingCall, remove: boolean): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const dir = gitDir(world, repo);
  const path = pathIn(call);
  const branch = textOf(body, 'branch') ?? repo.defaultBranch;
  const before = await readRef(dir, `refs/heads/${branch}`);
  if (!before && textOf(body, 'branch')) throw new Refusal(404, `Branch ${branch} not found`);
  const old = before ? await treeEntryAt(dir, before, path) : undefined;
  if (remove && !old) throw notFound();
  const given = textOf(body, 'sha');
  if (old && !given) throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (old && given !== old.sha) throw new Refusal(409, `${path} does not match ${given}`);
  const content = remove ? null : Buffer.from(needText(body, 'content'), 'base64');
  const tree = await editTree(dir, before, [{ path, content }]);
  const author = personFrom(objectOf(body, 'author'), personOf(world, actor));
  const committer = personFrom(objectOf(body, 'committer'), author);
  const after = await writeCommit(dir, {
    tree,
    parents: before ? [before] : [],
    message: needText(body, 'message'),
    author,
    committer,
  });
  await actions.moveRef(world, actor, repo, { ref: `refs/heads/${branch}`, before: before ?? ZERO, after });
  const entry = remove ? undefined : await treeEntryAt(dir, after, path);
  const commit = presentGitCommit(world, repo, (await readCommit(dir, after)) as CommitData);
  return {
    status: remove || old ? 200 : 201,
    body: { content: entry ? presentEntry(call, branch, path, entry) : null, commit },
  };
}

async function readme(call: RepoCall): Promise<Answer> {
  const entries = (await listTree(gitDir(call.world, call.repo), call.repo.defaultBranch)) ?? [];
  const found = entries.find((it) => /^readme(\.\w+)?$/i.test(it.path));
  if (!found) throw notFound();
  return read({ ...call, params: { ...call.params, path: found.path } });
}

const BASE = '/repos/:owner/:repo';

export const contentRoutes: Routes = {
  [`GET ${BASE}/contents`]: reading(read),
  [`GET ${BASE}/contents/*path`]: reading(read),
  [`PUT ${BASE}/contents/*path`]: acting('write', (call) => write(call, false)),
  [`DELETE ${BASE}/contents/*path`]: acting('write', (call) => write(call, true)),
  [`GET ${BASE}/readme`]: reading(readme),
};
