import type { CommitData } from '../../git/commits.ts';
import { readCommit, writeCommit } from '../../git/commits.ts';
import { isAncestor, isRefName, listRefs, readRef, ZERO } from '../../git/refs.ts';
import { git, gitMaybe } from '../../git/run.ts';
import type { TreeEntry } from '../../git/trees.ts';
import { listTree, readBlob, writeBlob, writeTree } from '../../git/trees.ts';
import * as actions from '../../model/actions/index.ts';
import { gitDir } from '../../model/lookup.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import { personOf, presentGitCommit } from '../../present/commits.ts';
import { repoApi } from '../../present/repos.ts';
import type { Answer, Body, Routes } from '../call.ts';
import { flagOf, NO_CONTENT, needText, objectOf, objectsOf, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, reading } from '../scope.ts';

function dirOf(call: RepoCall): string {
  return gitDir(call.world, call.repo);
}

function presentRef(call: RepoCall, ref: string, sha: string, type: string): Body {
  const api = repoApi(call.world, call.repo);
  const kind = type === 'tag' ? 'tags' : 'commits';
  return {
    ref,
    node_id: `REF_${call.repo.id}_${ref}`,
    url: `${api}/git/${ref}`,
    object: { type, sha, url: `${api}/git/${kind}/${sha}` },
  };
}

async function oneRef(call: RepoCall): Promise<Answer> {
  const ref = `refs/${call.params.ref}`;
  const found = (await listRefs(dirOf(call), ref)).find((it) => it.ref === ref);
  if (!found) throw notFound();
  return { body: presentRef(call, found.ref, found.sha, found.type) };
}

async function matchingRefs(call: RepoCall): Promise<Answer> {
  const prefix = `refs/${call.params.ref ?? ''}`;
  const refs = (await listRefs(dirOf(call))).filter(
    (it) => it.ref.startsWith(prefix) && !it.ref.startsWith('refs/prepared/'),
  );
  return paged(call, refs, (it) => presentRef(call, it.ref, it.sha, it.type));
}

async function createRef(call: ActingCall): Promise<Answer> {
  const ref = needText(call.body, 'ref');
  const sha = needText(call.body, 'sha');
  if (!(await isRefName(ref)) || ref.split('/').length < 3)
    throw new Refusal(422, "Reference name must start with 'refs/' and have at least three parts");
  const type = await gitMaybe(dirOf(call), ['cat-file', '-t', sha]);
  if (!/^[0-9a-f]{40}$/.test(sha) || !type) throw new Refusal(422, 'Object does not exist');
  if (await readRef(dirOf(call), ref)) throw new Refusal(422, 'Reference already exists');
  await actions.moveRef(call.world, call.actor, call.repo, { ref, before: ZERO, after: sha });
  return { status: 201, body: presentRef(call, ref, sha, type) };
}

async function moveRef(call: ActingCall): Promise<Answer> {
  const ref = `refs/${call.params.ref}`;
  const sha = needText(call.body, 'sha');
  const before = await readRef(dirOf(call), ref);
  if (!before) throw new Refusal(422, 'Reference does not exist');
  if (!(await readCommit(dirOf(call), sha))) throw new Refusal(422, 'Object does not exist');
  if (!flagOf(call.body, 'force') && !(await isAncestor(dirOf(call), before, sha)))
    throw new Refusal(422, 'Update is not a fast forward');
  await actions.moveRef(call.world, call.actor, call.repo, { ref, before, after: sha });
  return { body: presentRef(call, ref, sha, 'commit') };
}

async function deleteRef(call: ActingCall): Promise<Answer> {
  const ref = `refs/${call.params.ref}`;
  const before = await readRef(dirOf(call), ref);
  if (!before) throw new Refusal(422, 'Reference does not exist');
  await actions.moveRef(call.world, call.actor, call.repo, { ref, before, after: ZERO });
  return NO_CONTENT;
}

async function oneCommit(call: RepoCall): Promise<Answer> {
  const sha = call.params.sha ?? '';
  const commit = /^[0-9a-f]{40}$/.test(sha) ? await readCommit(dirOf(call), sha) : undefined;
  if (!commit) throw notFound();
  return { body: presentGitCommit(call.world, call.repo, commit) };
}

async function createCommit(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const own = personOf(world, actor);
  const person = (name: string, fallback: typeof own) => {
    const given = objectOf(body, name);
    return {
      name: textOf(given, 'name') ?? fallback.name,
      email: textOf(given, 'email') ?? fallback.email,
      date: textOf(given, 'date') ?? fallback.date,
    };
  };
  const author = person('author', own);
  const tree = needText(body, 'tree');
  const parents = textsOf(body, 'parents') ?? [];
  for (const sha of [tree, ...parents]) await needObject(call, sha);
  const message = needText(body, 'message');
  const sha = await writeCommit(dirOf(call), {
    tree,
    parents,
    message,
    author,
    committer: person('committer', author),
  });
  return { status: 201, body: presentGitCommit(world, repo, (await readCommit(dirOf(call), sha)) as CommitData) };
}

async function needObject(call: RepoCall, sha: string): Promise<void> {
  if (/^[0-9a-f]{40}$/.test(sha) && (await gitMaybe(dirOf(call), ['cat-file', '-e', sha])) !== undefined) return;
  throw new Refusal(422, 'Object does not exist');
}

function presentTree(call: RepoCall, sha: string, entries: readonly TreeEntry[]): Body {
  const api = repoApi(call.world, call.repo);
  const urls = { blob: 'blobs', tree: 'trees', commit: 'commits' };
  return {
    sha,
    url: `${api}/git/trees/${sha}`,
    tree: entries.map((it) => ({ ...it, url: `${api}/git/${urls[it.type]}/${it.sha}` })),
    truncated: false,
  };
}

async function oneTree(call: RepoCall): Promise<Answer> {
  const name = call.params.sha ?? '';
  const sha = /[\s~^:]|^-/.test(name)
    ? undefined
    : await gitMaybe(dirOf(call), ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`]);
  const entries = sha ? await listTree(dirOf(call), sha, call.query.has('recursive')) : undefined;
  if (!sha || !entries) throw notFound();
  return { body: presentTree(call, sha, entries) };
}

async function createTree(call: ActingCall): Promise<Answer> {
  const dir = dirOf(call);
  const base = textOf(call.body, 'base_tree');
  if (base !== undefined) await needObject(call, base);
  const changes = [];
  for (const entry of objectsOf(call.body, 'tree')) {
    const path = needText(entry, 'path');
    if (path.split('/').some((part) => part === '..' || part === '.git' || part === ''))
      throw new Refusal(422, 'tree.path contains a malformed path component');
    const content = textOf(entry, 'content');
    const sha = content === undefined ? (textOf(entry, 'sha') ?? null) : await writeBlob(dir, content);
    if (sha !== null) await needObject(call, sha);
    changes.push({ path, sha, mode: textOf(entry, 'mode') ?? '100644' });
  }
  const sha = await writeTree(dir, base, changes);
  return { status: 201, body: presentTree(call, sha, (await listTree(dir, sha)) ?? []) };
}

async function oneBlob(call: RepoCall): Promise<Answer> {
  const sha = call.params.sha ?? '';
  const content = /^[0-9a-f]{40}$/.test(sha) ? await readBlob(dirOf(call), sha) : undefined;
  if (!content) throw notFound();
  return {
    body: {
      sha,
      node_id: `B_${sha}`,
      size: content.length,
      url: `${repoApi(call.world, call.repo)}/git/blobs/${sha}`,
      content: content.toString('base64'),
      encoding: 'base64',
    },
  };
}

async function createBlob(call: ActingCall): Promise<Answer> {
  const encoding = textOf(call.body, 'encoding') === 'base64' ? 'base64' : 'utf8';
  const sha = await writeBlob(dirOf(call), Buffer.from(needText(call.body, 'content'), encoding));
  return { status: 201, body: { sha, url: `${repoApi(call.world, call.repo)}/git/blobs/${sha}` } };
}

async function listTags(call: RepoCall): Promise<Answer> {
  const refs = await listRefs(dirOf(call), 'refs/tags/');
  const tags = await Promise.all(
    refs.map(async (it) => ({
      name: it.ref.slice(10),
      sha: await git(dirOf(call), ['rev-parse', `${it.ref}^{commit}`]),
    })),
  );
  const api = repoApi(call.world, call.repo);
  return paged(call, tags, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    zipball_url: `${api}/zipball/${name}`,
    tarball_url: `${api}/tarball/${name}`,
    node_id: `REF_${name}`,
  }));
}

const BASE = '/repos/:owner/:repo';

export const gitDataRoutes: Routes = {
  [`GET ${BASE}/git/ref/*ref`]: reading(oneRef),
  [`GET ${BASE}/git/matching-refs/*ref`]: reading(matchingRefs),
  [`GET ${BASE}/git/refs`]: reading(matchingRefs),
  [`GET ${BASE}/git/refs/*ref`]: reading(oneRef),
  [`POST ${BASE}/git/refs`]: acting('write', createRef),
  [`PATCH ${BASE}/git/refs/*ref`]: acting('write', moveRef),
  [`DELETE ${BASE}/git/refs/*ref`]: acting('write', deleteRef),
  [`POST ${BASE}/git/commits`]: acting('write', createCommit),
  [`GET ${BASE}/git/commits/:sha`]: reading(oneCommit),
  [`POST ${BASE}/git/trees`]: acting('write', createTree),
  [`GET ${BASE}/git/trees/*sha`]: reading(oneTree),
  [`POST ${BASE}/git/blobs`]: acting('write', createBlob),
  [`GET ${BASE}/git/blobs/:sha`]: reading(oneBlob),
  [`GET ${BASE}/tags`]: reading(listTags),
};
