import { readCommit } from '../../git/commits.ts';
import { listRefs } from '../../git/refs.ts';
import { presentAccount } from '../../present/accounts.ts';
import { presentCommit } from '../../present/commits.ts';
import { repoApi } from '../../present/repos.ts';
import { presentCheckRun, presentCheckSuite, presentWorkflowRun, suiteState } from '../../present/statuses.ts';
import { happen } from '../happen.ts';
import { fullName, gitDir, pullsAtCommit } from '../lookup.ts';
import type { Account, CheckRun, CheckSuite, Repo, Status, WorkflowRun } from '../records.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

export interface NewStatus {
  actor: Account;
  repo: Repo;
  /** A full commit id. */
  sha: string;
  context: string;
  state: Status['state'];
  description?: string | null;
  targetUrl?: string | null;
}

const MOST = 1000;

/** Sets a commit status; GitHub keeps at most 1,000 a commit and context. */
export async function setStatus(world: World, wish: NewStatus): Promise<Status> {
  const { actor, repo, sha, context } = wish;
  const commit = await readCommit(gitDir(world, repo), sha);
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const before = world.statuses.in(`${repo.id}@${sha}`).filter((it) => it.context === context).length;
  if (before >= MOST)
    throw new Refusal(422, 'Validation Failed', ['This SHA and context has reached the maximum number of statuses.']);
  const status = world.statuses.put({
    id: world.nextId(),
    repoId: repo.id,
    sha,
    context,
    state: wish.state,
    description: wish.description ?? null,
    targetUrl: wish.targetUrl ?? null,
    creatorId: actor.id,
    createdAt: world.now(),
  });
  const branches = (await listRefs(gitDir(world, repo), 'refs/heads/')).filter((it) => it.sha === sha);
  const api = repoApi(world, repo);
  const payload = {
    id: status.id,
    sha,
    name: fullName(world, repo),
    avatar_url: presentAccount(world, actor).avatar_url,
    target_url: status.targetUrl,
    context,
    description: status.description,
    state: status.state,
    commit: presentCommit(world, repo, commit),
    branches: branches.map((it) => ({
      name: it.ref.slice(11),
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: false,
    })),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
  happen(world, {
    kind: 'status.set',
    actor,
    repo,
    issues: pullsAtCommit(world, repo, sha),
    data: { sha, context, state: status.state, description: status.description, targetUrl: status.targetUrl },
    announce: [{ event: 'status', payload }],
  });
  return status;
}

/** The suite of an App on a commit; made where it is missing. */
function suiteFor(world: World, actor: Account, repo: Repo, headSha: string, appId: number): CheckSuite {
  const found = world.checkSuites.in(`${repo.id}@${headSha}`).find((it) => it.appId === appId);
  if (found) return found;
  const now = world.now();
  const suite = world.checkSuites.put({
    id: world.nextId(),
    repoId: repo.id,
    headSha,
    headBranch: null,
    appId,
    createdAt: now,
    updatedAt: now,
  });
  const announce = [
    { event: 'check_suite', action: 'requested', payload: { check_suite: presentCheckSuite(world, suite) } },
  ];
  happen(world, {
    kind: 'check.changed',
    actor,
    repo,
    issues: pullsAtCommit(world, repo, headSha),
    data: { suiteId: suite.id },
    announce,
  });
  return suite;
}

export type CheckRunWish = Partial<Omit<CheckRun, 'id' | 'repoId' | 'suiteId' | 'headSha'>>;

/** Starts a check run of an App on a commit. */
export function createCheckRun(
  world: World,
  actor: Account,
  repo: Repo,
  appId: number,
  headSha: string,
  wish: CheckRunWish & { name: string },
): CheckRun {
  const suite = suiteFor(world, actor, repo, headSha, appId);
  const status = wish.conclusion ? 'completed' : (wish.status ?? 'queued');
  const run = world.checkRuns.put({
    id: world.nextId(),
    repoId: repo.id,
    suiteId: suite.id,
    headSha,
    name: wish.name,
    status,
    conclusion: wish.conclusion ?? null,
    detailsUrl: wish.detailsUrl ?? null,
    externalId: wish.externalId ?? '',
    output: wish.output ?? { title: null, summary: null, text: null },
    startedAt: wish.startedAt ?? world.now(),
    completedAt: wish.completedAt ?? (status === 'completed' ? world.now() : null),
  });
  tellRun(world, actor, repo, suite, run, 'created');
  return run;
}

export function updateCheckRun(world: World, actor: Account, run: CheckRun, wish: CheckRunWish): void {
  Object.assign(run, wish);
  if (wish.conclusion) run.status = 'completed';
  if (run.status === 'completed') run.completedAt = wish.completedAt ?? run.completedAt ?? world.now();
  world.checkRuns.put(run);
  const suite = world.checkSuites.need(run.suiteId);
  tellRun(world, actor, world.repos.need(run.repoId), suite, run, run.status === 'completed' ? 'completed' : 'created');
}

function tellRun(world: World, actor: Account, repo: Repo, suite: CheckSuite, run: CheckRun, action: string): void {
  suite.updatedAt = world.now();
  world.checkSuites.put(suite);
  const done = suiteState(world, suite).status === 'completed';
  happen(world, {
    kind: 'check.changed',
    actor,
    repo,
    issues: pullsAtCommit(world, repo, run.headSha),
    data: { runId: run.id, name: run.name, status: run.status, conclusion: run.conclusion, sha: run.headSha },
    announce: [
      { event: 'check_run', action, payload: { check_run: presentCheckRun(world, run) } },
      ...(done
        ? [{ event: 'check_suite', action: 'completed', payload: { check_suite: presentCheckSuite(world, suite) } }]
        : []),
    ],
  });
}

/** Makes or changes a GitHub Actions run, as if a workflow of the repository had got there. */
export function setWorkflowRun(
  world: World,
  actor: Account,
  repo: Repo,
  wish: Partial<WorkflowRun> & Pick<WorkflowRun, 'name' | 'headSha' | 'headBranch'>,
): WorkflowRun {
  const before = world.workflowRuns.get(wish.id);
  const now = world.now();
  const run = world.workflowRuns.put({
    ...(before ?? { event: 'pull_request', status: 'queued', conclusion: null, attempt: 1, createdAt: now }),
    ...wish,
    id: before?.id ?? world.nextId(),
    repoId: repo.id,
    updatedAt: now,
  });
  const action = run.status === 'completed' ? 'completed' : run.status === 'queued' ? 'requested' : 'in_progress';
  happen(world, {
    kind: 'workflow.changed',
    actor,
    repo,
    issues: pullsAtCommit(world, repo, run.headSha),
    data: { runId: run.id, name: run.name, status: run.status, conclusion: run.conclusion },
    announce: [
      { event: 'workflow_run', action, payload: { workflow_run: presentWorkflowRun(world, run), workflow: null } },
    ],
  });
  return run;
}
