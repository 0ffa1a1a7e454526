import { readCommit } from '../git/commits.ts';
import { listRefs, readRef, resolveCommit } from '../git/refs.ts';
import { git, gitMaybe } from '../git/run.ts';
import { collaboratorsOf } from '../model/access.ts';
import { fullName, gitDir, isPull, issueByNumber, labelByName, labelsOf } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { Issue, PullIssue, Repo } from '../model/records.ts';
import { repoHtml } from '../present/repos.ts';
import { actorNode, labelNode, milestoneNode } from './actors.ts';
import { commitBySha } from './commits.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import { type Context, canRead, permissionIn } from './context.ts';
import { unresolved } from './failure.ts';
import { issueNode, issueOrPullNode, pullNode } from './issues.ts';

export function repositoryNode(context: Context, repo: Repo): Node {
  const { world } = context;
  const html = repoHtml(world, repo);
  const parent = world.repos.get(repo.parentId);
  const permission = permissionIn(context, repo);
  return {
    __typename: 'Repository',
    id: nodeId('R', repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: fullName(world, repo),
    owner: () => actorNode(context, world.accounts.need(repo.ownerId)),
    description: repo.description,
    url: html,
    resourcePath: `/${fullName(world, repo)}`,
    sshUrl: `git@${new URL(world.urls.html).hostname}:${fullName(world, repo)}.git`,
    isPrivate: repo.private,
    isArchived: repo.archived,
    isFork: repo.parentId !== null,
    isDisabled: false,
    isEmpty: async () => (await listRefs(gitDir(world, repo), 'refs/heads/')).length === 0,
    visibility: repo.private ? 'PRIVATE' : 'PUBLIC',
    parent: parent && canRead(context, parent) ? () => repositoryNode(context, parent) : null,
    createdAt: repo.createdAt,
    updatedAt: repo.updatedAt,
    pushedAt: repo.pushedAt,
    mergeCommitAllowed: repo.allowMergeCommit,
    squashMergeAllowed: repo.allowSquashMerge,
    rebaseMergeAllowed: repo.allowRebaseMerge,
    deleteBranchOnMerge: repo.deleteBranchOnMerge,
    hasIssuesEnabled: repo.hasIssues,
    viewerPermission: permission === 'none' ? null : permission.toUpperCase(),
    viewerCanAdminister: permission === 'admin',
    defaultBranchRef: () => refNode(context, repo, `refs/heads/${repo.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(context, repo, qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`),
    refs: async (args: PageArgs & { refPrefix: string; query?: string | null }) => {
      const refs = await listRefs(gitDir(world, repo), args.refPrefix);
      return connection(
        refs.filter((it) => !args.query || it.ref.includes(args.query)),
        args,
        (it) => refNode(context, repo, it.ref),
      );
    },
    object: ({ expression, oid }: { expression?: string | null; oid?: string | null }) =>
      objectNode(context, repo, oid ?? expression ?? ''),
    ...issueFields(context, repo),
    ...otherFields(context, repo),
  };
}

interface ListArgs extends PageArgs {
  states?: string[] | null;
  labels?: string[] | null;
  baseRefName?: string | null;
  headRefName?: string | null;
  orderBy?: { field: string; direction: string } | null;
}

function chosen<T extends Issue>(context: Context, list: T[], args: ListArgs): T[] {
  const { states, labels, orderBy, baseRefName, headRefName } = args;
  const stateOf = (issue: Issue) => (issue.pull?.merged ? 'MERGED' : issue.state.toUpperCase());
  const hasLabel = (issue: Issue) =>
    labelsOf(context.world, issue).some((it) => labels?.some((name) => name.toLowerCase() === it.name.toLowerCase()));
  const key = (issue: Issue) =>
    orderBy?.field === 'UPDATED_AT' ? issue.updatedAt : String(issue.number).padStart(9, '0');
  const up = orderBy?.direction === 'DESC' ? -1 : 1;
  return list
    .filter((it) => (!states || states.includes(stateOf(it))) && (!labels || hasLabel(it)))
    .filter(
      (it) => (!baseRefName || it.pull?.baseRef === baseRefName) && (!headRefName || it.pull?.headRef === headRefName),
    )
    .sort((a, b) => up * key(a).localeCompare(key(b)));
}

function issueFields(context: Context, repo: Repo): Node {
  const { world } = context;
  const pulls = (): PullIssue[] => world.issues.in(repo.id).filter(isPull);
  const plain = () => world.issues.in(repo.id).filter((it) => !isPull(it));
  const numbered = (number: number, what: string, test: (issue: Issue) => boolean): Issue => {
    const issue = issueByNumber(world, repo, number);
    if (!issue || !test(issue)) throw unresolved(`${what} with the number of ${number}`);
    return issue;
  };
  return {
    pullRequest: ({ number }: { number: number }) =>
      issueOrPullNode(context, numbered(number, 'a PullRequest', isPull)),
    issue: ({ number }: { number: number }) =>
      issueNode(
        context,
        numbered(number, 'an Issue', (it) => !isPull(it)),
      ),
    issueOrPullRequest: ({ number }: { number: number }) =>
      issueOrPullNode(
        context,
        numbered(number, 'an issue or pull request', () => true),
      ),
    pullRequests: (args: ListArgs) => connection(chosen(context, pulls(), args), args, (it) => pullNode(context, it)),
    issues: (args: ListArgs) => connection(chosen(context, plain(), args), args, (it) => issueNode(context, it)),
    pinnedIssues: (args: PageArgs) =>
      connection(repo.pinnedIssueIds, args, (id) => ({
        __typename: 'PinnedIssue',
        id: `PI_${id}`,
        issue: () => issueNode(context, world.issues.need(id)),
      })),
  };
}

function otherFields(context: Context, repo: Repo): Node {
  const { world } = context;
  const milestones = (states: string[] | null | undefined) =>
    world.milestones.in(repo.id).filter((it) => !states || states.includes(it.state.toUpperCase()));
  return {
    labels: (args: PageArgs) => connection(world.labels.in(repo.id), args, (it) => labelNode(context, it)),
    label: ({ name }: { name: string }) => {
      const label = labelByName(world, repo, name);
      return label ? labelNode(context, label) : null;
    },
    milestones: (args: PageArgs & { states?: string[] | null }) =>
      connection(milestones(args.states), args, (it) => milestoneNode(context, it)),
    collaborators: (args: PageArgs & { affiliation?: string | null }) => {
      const direct = new Set(repo.collaborators.map((it) => it.userId));
      const list = collaboratorsOf(world, repo).filter(
        ({ account }) => args.affiliation !== 'DIRECT' || direct.has(account.id),
      );
      const page = connection(list, args, ({ account }) => actorNode(context, account));
      const edges = Array.isArray(page.edges) ? page.edges : [];
      const withRights = edges.map((edge: Node) => {
        const found = list.find(({ account }) => account.id === (edge.node as Node).databaseId);
        return { ...edge, permission: found?.permission.toUpperCase() };
      });
      return { ...page, edges: withRights };
    },
    branchProtectionRules: (args: PageArgs) =>
      connection(repo.protections, args, (it) => ({
        __typename: 'BranchProtectionRule',
        id: `BPR_${repo.id}_${it.pattern}`,
        pattern: it.pattern,
      })),
    forks: (args: PageArgs) =>
      connection(
        world.repos.all().filter((it) => it.parentId === repo.id),
        args,
        (it) => repositoryNode(context, it),
      ),
  };
}

/** A ref and what it points to, or null where it is not there. */
export async function refNode(context: Context, repo: Repo, ref: string): Promise<Node | null> {
  const sha = await readRef(gitDir(context.world, repo), ref);
  if (!sha) return null;
  const prefix = /^refs\/[^/]+\//.exec(ref)?.[0] ?? 'refs/';
  return {
    __typename: 'Ref',
    id: `REF_${Buffer.from(`${repo.id}:${ref}`).toString('base64url')}`,
    name: ref.slice(prefix.length),
    prefix,
    target: () => commitBySha(context, repo, sha),
    repository: () => repositoryNode(context, repo),
  };
}

/** What `object(expression:)` names: a commit, or a file or folder as `REF:PATH`. */
async function objectNode(context: Context, repo: Repo, expression: string): Promise<Node | null> {
  const dir = gitDir(context.world, repo);
  const [name = '', path] = expression.split(/:(.*)/s);
  const sha = await resolveCommit(dir, name === 'HEAD' ? repo.defaultBranch : name);
  if (!sha) return null;
  if (path === undefined) return (await readCommit(dir, sha)) ? commitBySha(context, repo, sha) : null;
  const oid = await gitMaybe(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${sha}:${path}`]);
  if (!oid) return null;
  const type = await git(dir, ['cat-file', '-t', oid]);
  if (type === 'tree') return { __typename: 'Tree', id: `T_${oid}`, oid, abbreviatedOid: oid.slice(0, 7) };
  const text = await git(dir, ['cat-file', 'blob', oid]);
  return {
    __typename: 'Blob',
    id: `B_${oid}`,
    oid,
    abbreviatedOid: oid.slice(0, 7),
    text,
    byteSize: Buffer.byteLength(text),
    isBinary: text.includes('\0'),
    isTruncated: false,
  };
}
