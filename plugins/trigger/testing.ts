import type { PullRequest } from '../../core/plugin/index.ts';
import { createWorld, happen, pullOfWorld, say, type World } from '../../core/plugin/testing/index.ts';
import { jobsForTests } from '../../jobs/api/testing.ts';
import { trigger } from './index.ts';

export const BOT = 'ci-robot';
const HEAD = createWorld().headSha;

/** acme/widgets#5 of a stranger, on which pull-job runs, pull-jib failed and pull-jub succeeded; one file, CHANGED, is changed. */
const WORLD: Partial<World> = {
  author: 'stranger',
  refs: { 'heads/main': 'c'.repeat(40), 'heads/other': 'd'.repeat(40) },
  files: [{ path: 'CHANGED', status: 'modified', additions: 1, deletions: 0, patch: '', sha: '', url: '' }],
  statuses: { [HEAD]: [status('pull-job', 'pending'), status('pull-jib', 'failure'), status('pull-jub', 'success')] },
};

function status(context: string, state: 'pending' | 'failure' | 'success') {
  return { context, state, description: '', url: '', updatedAt: '' };
}

export const JOB = { name: 'job', context: 'pull-job', always_run: true };
export const JIB = { name: 'jib', context: 'pull-jib' };
export const JAB = { name: 'jab', context: 'pull-jab' };
export const JUB = { name: 'jub', context: 'pull-jub' };
const USUAL = [{ ...JOB, branches: ['main'] }, JIB];

export interface Stage {
  world?: Partial<World>;
  jobs?: object[];
  settings?: object;
}

interface Outcome {
  world: World;
  /** Contexts of the ProwJobs that are there after. */
  started: string[];
  labels: Record<string, string>[];
}

function prepared({ world = {}, jobs = USUAL, settings = {} }: Stage) {
  const port = jobsForTests({ presubmits: { 'acme/widgets': jobs }, postsubmits: {} });
  const stage = {
    world: { ...WORLD, ...world },
    settings: { triggers: [{ repos: ['acme'], ...settings }] },
    ports: { jobs: port.jobs },
  };
  async function outcome(after: World): Promise<Outcome> {
    const made = await port.prowjobs();
    return {
      world: after,
      started: made.map(({ spec }) => spec.context ?? '').sort(),
      labels: made.map(({ metadata }) => metadata.labels ?? {}),
    };
  }
  return { ...port, stage, outcome };
}

/** Somebody comments; twice, as the same delivery may come twice, and nothing may start twice. */
export async function comment(user: string, body: string, given: Stage = {}): Promise<Outcome> {
  const { stage, outcome } = prepared(given);
  const world = await say(trigger, user, body, stage);
  const { comments } = world;
  await say(trigger, user, body, { ...stage, world: { ...world, comments: [] } });
  return outcome({ ...world, comments });
}

/** Something happens to the pull request, on which `pull-old` ran before. */
export async function event(
  action: string,
  given: Stage & { payload?: object } = {},
): Promise<Outcome & { old: string }> {
  const { jobs, store, stage, outcome } = prepared({ ...given, jobs: given.jobs ?? [{ ...JIB, always_run: true }] });
  const world = createWorld(stage.world);
  const [old = ''] = await jobs.startPresubmits({
    jobs: ['jib'],
    pull: toTest(pullOfWorld(world)),
    delivery: 'before',
  });
  const after = await happen(trigger, 'pull_request', action, { ...stage, payload: given.payload ?? {} });
  const state = (old === '' ? undefined : await store.get(old))?.status.state ?? '';
  if (old !== '') await store.delete(old);
  return { ...(await outcome(after)), old: state };
}

function toTest(pull: PullRequest) {
  const { number, title, author, url } = pull;
  return { number, title, author, url, headSha: pull.head.sha, headRef: '', baseRef: pull.base.ref, baseSha: '' };
}
