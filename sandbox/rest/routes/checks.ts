import { readCommit } from '../../git/commits.ts';
import * as actions from '../../model/actions/index.ts';
import type { CheckRunWish } from '../../model/actions/statuses.ts';
import { gitDir } from '../../model/lookup.ts';
import type { CheckRun, WorkflowRun } from '../../model/records.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import { presentCheckRun, presentCheckSuite, presentWorkflowRun } from '../../present/statuses.ts';
import type { Answer, Body, Routes } from '../call.ts';
import { choiceOf, needText, objectOf, textOf } from '../call.ts';
import { paged } from '../page.ts';
import type { ActingCall, RepoCall } from '../scope.ts';
import { acting, reading } from '../scope.ts';
import { commitIn } from './commits.ts';

const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
] as const;
const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;

function wishOf(body: Body): CheckRunWish {
  const output = objectOf(body, 'output');
  const wish = {
    name: textOf(body, 'name'),
    status: choiceOf(body, 'status', STATUSES),
    conclusion: choiceOf(body, 'conclusion', CONCLUSIONS),
    detailsUrl: textOf(body, 'details_url'),
    externalId: textOf(body, 'external_id'),
    startedAt: textOf(body, 'started_at'),
    completedAt: textOf(body, 'completed_at'),
    output:
      'output' in body
        ? {
            title: textOf(output, 'title') ?? null,
            summary: textOf(output, 'summary') ?? null,
            text: textOf(output, 'text') ?? null,
          }
        : undefined,
  };
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

/** Only Apps write check runs. */
function appId(call: ActingCall): number {
  const { app } = call.caller;
  if (!app) throw new Refusal(403, 'You must authenticate via a GitHub App.');
  return app.id;
}

async function create(call: ActingCall): Promise<Answer> {
  const { world, repo, actor, body } = call;
  const sha = needText(body, 'head_sha');
  if (!(await readCommit(gitDir(world, repo), sha))) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const run = actions.createCheckRun(world, actor, repo, appId(call), sha, {
    ...wishOf(body),
    name: needText(body, 'name'),
  });
  return { status: 201, body: presentCheckRun(world, run) };
}

function runIn(call: RepoCall): CheckRun {
  const run = call.world.checkRuns.get(Number(call.params.id));
  if (!run || run.repoId !== call.repo.id) throw notFound();
  return run;
}

function update(call: ActingCall): Answer {
  const run = runIn(call);
  if (call.world.checkSuites.need(run.suiteId).appId !== appId(call))
    throw new Refusal(
      403,
      `Invalid app_id \`${appId(call)}\` - check run can only be modified by the GitHub App that created it.`,
    );
  actions.updateCheckRun(call.world, call.actor, run, wishOf(call.body));
  return { body: presentCheckRun(call.world, run) };
}

async function runsOfCommit(call: RepoCall): Promise<Answer> {
  const { world, repo, query } = call;
  const sha = await commitIn(call, call.params.ref ?? '');
  const wanted = (run: CheckRun) =>
    (!query.get('check_name') || run.name === query.get('check_name')) &&
    (!query.get('status') || run.status === query.get('status')) &&
    (!query.get('app_id') || world.checkSuites.need(run.suiteId).appId === Number(query.get('app_id')));
  const all = world.checkRuns.in(`${repo.id}@${sha}`).filter(wanted);
  const latest = [...new Map(all.map((run) => [`${run.suiteId} ${run.name}`, run])).values()];
  const list = query.get('filter') === 'all' ? all : latest;
  return paged(
    call,
    list,
    (it) => presentCheckRun(world, it),
    (check_runs) => ({ total_count: list.length, check_runs }),
  );
}

async function suitesOfCommit(call: RepoCall): Promise<Answer> {
  const sha = await commitIn(call, call.params.ref ?? '');
  const list = call.world.checkSuites.in(`${call.repo.id}@${sha}`);
  return paged(
    call,
    list,
    (it) => presentCheckSuite(call.world, it),
    (check_suites) => ({ total_count: list.length, check_suites }),
  );
}

function listRuns(call: RepoCall): Answer {
  const { world, repo, query } = call;
  const filters = { head_sha: 'headSha', branch: 'headBranch', event: 'event' } as const;
  const list = world.workflowRuns.in(repo.id).filter((run) => {
    const status = query.get('status');
    const fits = Object.entries(filters).every(([name, field]) => !query.get(name) || run[field] === query.get(name));
    return fits && (!status || run.status === status || run.conclusion === status);
  });
  return paged(
    call,
    list.reverse(),
    (it) => presentWorkflowRun(world, it),
    (workflow_runs) => ({ total_count: list.length, workflow_runs }),
  );
}

function workflowIn(call: RepoCall): WorkflowRun {
  const run = call.world.workflowRuns.get(Number(call.params.id));
  if (!run || run.repoId !== call.repo.id) throw notFound();
  return run;
}

function rerun(call: ActingCall): Answer {
  const run = workflowIn(call);
  if (run.status !== 'completed') throw new Refusal(403, 'This workflow is already running');
  actions.setWorkflowRun(call.world, call.actor, call.repo, {
    ...run,
    status: 'queued',
    conclusion: null,
    attempt: run.attempt + 1,
  });
  return { status: 201, body: {} };
}

const BASE = '/repos/:owner/:repo';

export const checkRoutes: Routes = {
  [`POST ${BASE}/check-runs`]: acting('write', create),
  [`GET ${BASE}/check-runs/:id`]: reading((call) => ({ body: presentCheckRun(call.world, runIn(call)) })),
  [`PATCH ${BASE}/check-runs/:id`]: acting('write', update),
  [`POST ${BASE}/check-runs/:id/rerequest`]: acting('write', (call) => {
    const run = runIn(call);
    actions.updateCheckRun(call.world, call.actor, run, { status: 'queued', conclusion: null, completedAt: null });
    return { status: 201, body: {} };
  }),
  [`GET ${BASE}/commits/*ref/check-runs`]: reading(runsOfCommit),
  [`GET ${BASE}/commits/*ref/check-suites`]: reading(suitesOfCommit),
  [`GET ${BASE}/actions/runs`]: reading(listRuns),
  [`GET ${BASE}/actions/runs/:id`]: reading((call) => ({ body: presentWorkflowRun(call.world, workflowIn(call)) })),
  [`POST ${BASE}/actions/runs/:id/rerun`]: acting('write', rerun),
  [`POST ${BASE}/actions/runs/:id/rerun-failed-jobs`]: acting('write', rerun),
  [`POST ${BASE}/actions/runs/:id/approve`]: acting('write', (call) => {
    actions.setWorkflowRun(call.world, call.actor, call.repo, {
      ...workflowIn(call),
      status: 'queued',
      conclusion: null,
    });
    return { status: 201, body: {} };
  }),
  [`POST ${BASE}/actions/runs/:id/cancel`]: acting('write', (call) => {
    actions.setWorkflowRun(call.world, call.actor, call.repo, {
      ...workflowIn(call),
      status: 'completed',
      conclusion: 'cancelled',
    });
    return { status: 202, body: {} };
  }),
};
