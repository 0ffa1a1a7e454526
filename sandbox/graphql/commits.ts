import { type CommitData, log, type Person, readCommit } from '../git/commits.ts';
import { git } from '../git/run.ts';
import { gitDir, isPull } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { CheckRun, CheckSuite, Repo, Status } from '../model/records.ts';
import { accountByEmail } from '../present/commits.ts';
import { repoHtml } from '../present/repos.ts';
import { combinedState, latestStatuses, suiteState } from '../present/statuses.ts';
import { actorNode } from './actors.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import type { Context } from './context.ts';

function personNode(context: Context, person: Person): Node {
  const account = accountByEmail(context.world, person.email);
  return {
    name: person.name,
    email: person.email,
    date: person.date,
    user: account && account.type === 'User' ? actorNode(context, account) : null,
  };
}

/** A commit by its id, or null where the repository does not have it. */
export async function commitBySha(context: Context, repo: Repo, sha: string): Promise<Node | null> {
  const commit = await readCommit(gitDir(context.world, repo), sha);
  return commit ? commitNode(context, repo, commit) : null;
}

export function commitNode(context: Context, repo: Repo, commit: CommitData): Node {
  const { world } = context;
  const { sha } = commit;
  const dir = gitDir(world, repo);
  const [headline = '', ...rest] = commit.message.split('\n');
  const pulls = () =>
    world.issues
      .in(repo.id)
      .filter(isPull)
      .filter(({ pull }) => pull.headSha === sha || pull.mergeCommitSha === sha);
  const suites = () => world.checkSuites.in(`${repo.id}@${sha}`);
  return {
    __typename: 'Commit',
    id: `C_${repo.id}_${sha}`,
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    author: () => personNode(context, commit.author),
    committer: () => personNode(context, commit.committer),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    url: `${repoHtml(world, repo)}/commit/${sha}`,
    commitUrl: `${repoHtml(world, repo)}/commit/${sha}`,
    repository: () => context.nodes.repository(context, repo),
    tree: { __typename: 'Tree', id: `T_${commit.tree}`, oid: commit.tree },
    parents: (args: PageArgs) => connection(commit.parents, args, (parent) => commitBySha(context, repo, parent)),
    status: () => statusNode(context, repo, sha),
    statusCheckRollup: () => rollupNode(context, repo, sha),
    checkSuites: (args: PageArgs) => connection(suites(), args, (it) => suiteNode(context, it)),
    associatedPullRequests: (args: PageArgs) => connection(pulls(), args, (it) => context.nodes.pull(context, it)),
    history: async (args: PageArgs & { path?: string }) =>
      connection(await log(dir, sha, { limit: 1000, ...(args.path ? { path: args.path } : {}) }), args, (it) =>
        commitNode(context, repo, it),
      ),
    blame: ({ path }: { path: string }) => blame(context, repo, sha, path),
  };
}

async function blame(context: Context, repo: Repo, sha: string, path: string): Promise<Node> {
  const output = await git(gitDir(context.world, repo), ['blame', '--porcelain', sha, '--', path]);
  const starts = [...output.matchAll(/^([0-9a-f]{40}) \d+ (\d+) (\d+)$/gm)];
  const ranges = starts.map(([, commit = '', start, lines]) => {
    const startingLine = Number(start);
    return {
      startingLine,
      endingLine: startingLine + Number(lines) - 1,
      age: 1,
      commit: () => commitBySha(context, repo, commit),
    };
  });
  return { ranges };
}

function statusContextNode(context: Context, status: Status): Node {
  const { world } = context;
  return {
    __typename: 'StatusContext',
    id: nodeId('SC', status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: status.createdAt,
    isRequired: false,
    creator: () => actorNode(context, world.accounts.need(status.creatorId)),
    commit: () => commitBySha(context, world.repos.need(status.repoId), status.sha),
  };
}

function statusNode(context: Context, repo: Repo, sha: string): Node | null {
  const all = latestStatuses(context.world, repo, sha);
  if (all.length === 0) return null;
  return {
    __typename: 'Status',
    id: `ST_${repo.id}_${sha}`,
    state: combinedState(all).toUpperCase(),
    contexts: all.map((it) => statusContextNode(context, it)),
    context: ({ name }: { name: string }) => {
      const found = all.find((it) => it.context === name);
      return found ? statusContextNode(context, found) : null;
    },
    commit: () => commitBySha(context, repo, sha),
  };
}

/** The newest run of each name counts. */
function latestRuns(context: Context, repo: Repo, sha: string): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of context.world.checkRuns.in(`${repo.id}@${sha}`)) latest.set(`${run.suiteId} ${run.name}`, run);
  return [...latest.values()];
}

function runState(run: CheckRun): 'failure' | 'pending' | 'success' {
  if (run.status !== 'completed') return 'pending';
  return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'success' : 'failure';
}

function rollupNode(context: Context, repo: Repo, sha: string): Node | null {
  const statuses = latestStatuses(context.world, repo, sha);
  const runs = latestRuns(context, repo, sha);
  if (statuses.length + runs.length === 0) return null;
  const states = [...(statuses.length > 0 ? [combinedState(statuses)] : []), ...runs.map(runState)];
  const state = states.includes('failure') ? 'FAILURE' : states.includes('pending') ? 'PENDING' : 'SUCCESS';
  const contexts = [
    ...runs.map((it) => () => runNode(context, it)),
    ...statuses.map((it) => () => statusContextNode(context, it)),
  ];
  return {
    __typename: 'StatusCheckRollup',
    id: `SCR_${repo.id}_${sha}`,
    state,
    contexts: (args: PageArgs) => connection(contexts, args, (it) => it()),
    commit: () => commitBySha(context, repo, sha),
  };
}

export function runNode(context: Context, run: CheckRun): Node {
  const { world } = context;
  const repo = world.repos.need(run.repoId);
  return {
    __typename: 'CheckRun',
    id: nodeId('CR', run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    detailsUrl: run.detailsUrl,
    externalId: run.externalId,
    title: run.output.title,
    summary: run.output.summary,
    text: run.output.text,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    isRequired: false,
    url: `${repoHtml(world, repo)}/runs/${run.id}`,
    permalink: `${repoHtml(world, repo)}/runs/${run.id}`,
    repository: () => context.nodes.repository(context, repo),
    checkSuite: () => suiteNode(context, world.checkSuites.need(run.suiteId)),
  };
}

function suiteNode(context: Context, suite: CheckSuite): Node {
  const { world } = context;
  const repo = world.repos.need(suite.repoId);
  const { status, conclusion } = suiteState(world, suite);
  const app = world.apps.get(suite.appId);
  const runs = () => world.checkRuns.in(`${suite.repoId}@${suite.headSha}`).filter((it) => it.suiteId === suite.id);
  return {
    __typename: 'CheckSuite',
    id: nodeId('CS', suite.id),
    databaseId: suite.id,
    status: status.toUpperCase(),
    conclusion: conclusion?.toUpperCase() ?? null,
    createdAt: suite.createdAt,
    updatedAt: suite.updatedAt,
    app: app
      ? { __typename: 'App', id: nodeId('A', app.id), databaseId: app.id, name: app.name, slug: app.slug }
      : null,
    repository: () => context.nodes.repository(context, repo),
    commit: () => commitBySha(context, repo, suite.headSha),
    checkRuns: (args: PageArgs) => connection(runs(), args, (it) => runNode(context, it)),
  };
}
