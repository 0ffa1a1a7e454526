import { pullsAtCommit } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { CheckRun, CheckSuite, Repo, Status, WorkflowRun } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount } from './accounts.ts';
import { presentApp } from './apps.ts';
import { presentRepo, repoApi, repoHtml } from './repos.ts';

export function presentStatus(world: World, status: Status): Json {
  const repo = world.repos.need(status.repoId);
  const creator = presentAccount(world, world.accounts.need(status.creatorId));
  return {
    url: `${repoApi(world, repo)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}

/** The newest status of each context of a commit, newest first. */
export function latestStatuses(world: World, repo: Repo, sha: string): Status[] {
  const latest = new Map<string, Status>();
  for (const status of world.statuses.in(`${repo.id}@${sha}`)) latest.set(status.context.toLowerCase(), status);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

/** GitHub's combination: failure if any failed, pending if any is or there is none, else success. */
export function combinedState(statuses: readonly Status[]): 'failure' | 'pending' | 'success' {
  if (statuses.some((it) => it.state === 'failure' || it.state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some((it) => it.state === 'pending') ? 'pending' : 'success';
}

export function presentCombined(
  world: World,
  repo: Repo,
  sha: string,
  page: readonly Status[],
  all: readonly Status[],
): Json {
  return {
    state: combinedState(all),
    statuses: page.map((status) => {
      const { creator: _, ...rest } = presentStatus(world, status);
      return { ...rest, required: false };
    }),
    sha,
    total_count: all.length,
    repository: presentRepo(world, repo),
    commit_url: `${repoApi(world, repo)}/commits/${sha}`,
    url: `${repoApi(world, repo)}/commits/${sha}/status`,
  };
}

function pullRefs(world: World, repo: Repo, sha: string): Json[] {
  return pullsAtCommit(world, repo, sha).map((issue) => ({
    id: issue.pull.id,
    number: issue.number,
    url: `${repoApi(world, repo)}/pulls/${issue.number}`,
    head: {
      ref: issue.pull.headRef,
      sha,
      repo: { id: issue.pull.headRepoId, url: repoApi(world, repo), name: repo.name },
    },
    base: {
      ref: issue.pull.baseRef,
      sha: issue.pull.baseSha,
      repo: { id: repo.id, url: repoApi(world, repo), name: repo.name },
    },
  }));
}

export function presentCheckRun(world: World, run: CheckRun): Json {
  const repo = world.repos.need(run.repoId);
  const suite = world.checkSuites.need(run.suiteId);
  const app = world.apps.get(suite.appId);
  const url = `${repoApi(world, repo)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repoHtml(world, repo)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: suite.id },
    app: app ? presentApp(world, app) : null,
    pull_requests: pullRefs(world, repo, run.headSha),
  };
}

/** A suite's state follows its runs: done when all are, and as bad as the worst. */
export function suiteState(world: World, suite: CheckSuite): { status: string; conclusion: string | null } {
  const runs = world.checkRuns.in(`${suite.repoId}@${suite.headSha}`).filter((run) => run.suiteId === suite.id);
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const bad = ['failure', 'timed_out', 'cancelled', 'action_required', 'startup_failure', 'stale'];
  const worst = bad.find((it) => runs.some((run) => run.conclusion === it));
  return { status: 'completed', conclusion: worst ?? 'success' };
}

export function presentCheckSuite(world: World, suite: CheckSuite): Json {
  const repo = world.repos.need(suite.repoId);
  const app = world.apps.get(suite.appId);
  const url = `${repoApi(world, repo)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(world, suite),
    url,
    before: null,
    after: suite.headSha,
    pull_requests: pullRefs(world, repo, suite.headSha),
    app: app ? presentApp(world, app) : null,
    repository: presentRepo(world, repo),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: world.checkRuns
      .in(`${suite.repoId}@${suite.headSha}`)
      .filter((it) => it.suiteId === suite.id).length,
    check_runs_url: `${url}/check-runs`,
  };
}

export function presentWorkflowRun(world: World, run: WorkflowRun): Json {
  const repo = world.repos.need(run.repoId);
  const url = `${repoApi(world, repo)}/actions/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: `.github/workflows/${run.name}.yml`,
    display_title: run.name,
    run_number: run.id,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.id,
    url,
    html_url: `${repoHtml(world, repo)}/actions/runs/${run.id}`,
    pull_requests: pullRefs(world, repo, run.headSha),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_attempt: run.attempt,
    run_started_at: run.createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${url}/suite`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${repoApi(world, repo)}/actions/workflows/${run.id}`,
    repository: presentRepo(world, repo),
    head_repository: presentRepo(world, repo),
  };
}
