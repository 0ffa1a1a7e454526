import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config.ts';
import { CutwaterError, isTransient } from '../errors.ts';
import type { Logger } from '../log.ts';
import { people } from '../ports/people.ts';
import {
  type Ask,
  type Bound,
  type GitHubClient,
  port,
  read,
  readThrough,
  repoOf,
  type Target,
} from '../ports/port.ts';
import { repo } from '../ports/repo.ts';
import { type BlobTexts, createBlobTexts } from './blobs.ts';
import { rememberContents } from './contents.ts';
import { ignoredDirs, ownersDirDenylist } from './denylist.ts';
import { type Owners, type OwnersContent, ownersOf } from './owners.ts';
import { type OwnersSelection, ownersContent, ownersKind } from './read.ts';
import { ownersSettings } from './settings.ts';
import { filesOf } from './tree.ts';

const REF = { port: repo, name: 'ref', call: repo.calls.ref };
const COLLABORATORS = { port: people, name: 'collaborators', call: people.calls.collaborators };

interface Wiring {
  config(): Config;
  log: Logger;
}

/**
 * The owners of a repository at the tip of a branch, as Prow reads them: approvers and reviewers who are no collaborators do not count, unless
 * `owners.skip_collaborators` says so. Costs one conditional request where nothing changed; read whole, it is remembered by the tree's SHA.
 */
export function ownersPort({ config, log }: Wiring) {
  const trees = new LRUCache<string, string>({ max: 2_000 });
  const textsOf = createBlobTexts();
  const remembered = rememberContents();

  async function contentAt(gh: GitHubClient, at: Target, commit: string, selection: OwnersSelection) {
    const tree = trees.get(commit) ?? (await treeOf(gh, at, commit));
    trees.set(commit, tree);
    const key = JSON.stringify([at.org, at.repo, tree, selection]);
    return remembered(key, async () => {
      const content = await readContent(gh, at, { commit, tree }, selection, textsOf);
      for (const problem of content.problems)
        log.warn({ org: at.org, repo: at.repo, commit, ...problem }, 'an OWNERS file cannot be read in full');
      return content;
    });
  }

  async function ownersAt(ask: Ask, gh: GitHubClient, at: Target, commit: string): Promise<Owners> {
    const { markdown, filenames, skipCollaborators } = ownersSettings.forRepo(config(), at.org, at.repo);
    const denied = ignoredDirs(config().get(ownersDirDenylist), at.org, at.repo);
    const content = await contentAt(gh, at, commit, { filenames, markdown, ignoredDirs: denied });
    const collaborators = skipCollaborators ? undefined : await collaboratorsOf(ask, at, log);
    return ownersOf({ ...content, sha: commit }, collaborators);
  }

  return port(
    'owners',
    { contents: 'read', metadata: 'read' },
    {
      load: readThrough(async (ask, gh, at, branch: string) => {
        const tip = await ask(REF, `heads/${branch}`);
        if (tip !== undefined) return ownersAt(ask, gh, at, tip);
        throw new CutwaterError('not-found', `${at.org}/${at.repo} has no branch ${branch}`);
      }),
      /** The same at a commit. */
      loadCommit: readThrough(ownersAt),
      /** Texts of files at a commit by the SHA of their blob, a hundred with one request; '' for what is too large for `load` as well. */
      texts: read((gh, at, commit: string, files: readonly { path: string; sha: string }[]) =>
        textsOf(gh, at, commit, files),
      ),
    },
    { ofRepo: true },
  );
}

declare module '../ports/index.ts' {
  interface PortMap {
    owners: Bound<ReturnType<typeof ownersPort>>;
  }
}

async function treeOf(gh: GitHubClient, at: Target, commit: string): Promise<string> {
  const { data } = await gh.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
    ...repoOf(at),
    commit_sha: commit,
  });
  return data.tree.sha;
}

async function readContent(
  gh: GitHubClient,
  at: Target,
  { commit, tree }: { commit: string; tree: string },
  selection: OwnersSelection,
  textsOf: BlobTexts,
): Promise<OwnersContent> {
  const kindOf = ownersKind(selection);
  const wanted = (await filesOf(gh, at, tree)).flatMap(({ path, sha }) => {
    const kind = kindOf(path);
    return kind ? [{ path, sha, kind }] : [];
  });
  const texts = await textsOf(gh, at, commit, wanted);
  const read = wanted.map((file) => ({ ...file, text: texts.get(file.sha) ?? '' }));
  return ownersContent(commit, selection.filenames, read);
}

/** As in Prow, owners count unfiltered where GitHub does not tell who the collaborators are. An outage is waited out: it makes nobody an approver. */
async function collaboratorsOf(ask: Ask, at: Target, log: Logger): Promise<string[] | undefined> {
  try {
    return await ask(COLLABORATORS);
  } catch (err) {
    if (isTransient(err)) throw err;
    log.error({ err, org: at.org, repo: at.repo }, 'collaborators cannot be listed: OWNERS files count as they stand');
    return undefined;
  }
}
