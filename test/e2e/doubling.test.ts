import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { labelsOf } from '../../sandbox/model/lookup.ts';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { openPlatform, type Platform } from './support/platform.ts';

const CONFIG = `presubmits:
  acme/widgets:
  - name: unit
    always_run: true
    spec: {containers: [{image: alpine, command: ['true']}]}
  - name: lint
    always_run: true
    spec: {containers: [{image: alpine, command: ['true']}]}
plugins:
  acme: [approve, assign, hold, label, lgtm, trigger]
`;

/** What each says, and as whom. */
const COMMANDS = [
  ['carol', '/lgtm'],
  ['carol', '/hold'],
  ['carol', '/kind bug\n/label nothing-like-it'],
  ['carol', '/assign @alice @stranger\n/cc @alice'],
  ['carol', '/approve'],
  ['carol', '/test all'],
] as const;

let platform: Platform;
let arrived = 0;
/** The number of the request that goes wrong, and how. */
let fault: { request: number; after: boolean } | undefined;
beforeAll(async () => {
  platform = await openPlatform({
    config: CONFIG,
    onRequest() {
      const index = arrived++;
      if (!fault || index !== fault.request) return;
      platform.sandbox.faults.add({ times: 1, answer: { status: 502, after: fault.after } });
    },
  });
});
afterAll(() => platform.close());

let opened = 0;
async function newPull(): Promise<PullIssue> {
  const { world, person, repo } = { ...platform.sandbox, repo: platform.sandbox.repo };
  const name = `change-${++opened}`;
  const actor = person('bob');
  const files = [{ path: `docs/${name}.md`, content: Buffer.from(name) }];
  await actions.pushCommit(world, { actor, repo, branch: name, message: name, files });
  return actions.openPull(world, { actor, repo, title: 'A change', base: 'main', headRepo: repo, head: name });
}

/** Somebody says it on a new pull request; what GitHub and the store hold then, and how many requests it took. */
async function said(login: string, body: string, going?: typeof fault) {
  const pull = await newPull();
  const { sandbox, webhooksOf, dispatch, store } = platform;
  const actor = sandbox.person(login);
  const hooks = await webhooksOf(() => actions.comment(sandbox.world, { actor, issue: pull, body }));
  const hook = hooks.find(({ event }) => event === 'issue_comment');
  if (!hook) throw new Error('the sandbox told nobody of the comment');
  arrived = 0;
  fault = going;
  const attempts = await untilDone(() => dispatch(`d-${pull.number}`, hook));
  fault = undefined;
  const requests = arrived;
  const { items } = await store.list();
  return { requests, attempts, outcome: outcomeOf(pull, items) };
}

/** Gives the number of attempts; only what may heal is tried again. */
async function untilDone(attempt: () => Promise<void>): Promise<number> {
  for (let count = 1; ; count++) {
    try {
      await attempt();
      return count;
    } catch (error) {
      if (!hasCode(error, 'transient') || count > 3) throw error;
    }
  }
}

function outcomeOf(pull: PullIssue, jobs: Awaited<ReturnType<Platform['store']['list']>>['items']) {
  const { world } = platform.sandbox;
  const login = (id: number) => world.accounts.need(id).login;
  const comments = world.comments.all().filter(({ issueId, appId }) => issueId === pull.id && appId !== null);
  return {
    labels: labelsOf(world, pull)
      .map(({ name }) => name)
      .sort(),
    assignees: pull.assigneeIds.map(login).sort(),
    reviewers: pull.pull.requestedReviewerIds.map(login).sort(),
    comments: comments
      .map(({ body }) =>
        body.replaceAll(/pull\/\d+|issuecomment-\d+|change-\d+/g, '').replaceAll(`#${pull.number}`, ''),
      )
      .sort(),
    jobs: jobs.flatMap(({ spec }) => (spec.refs?.pulls?.[0]?.number === pull.number ? [spec.job] : [])).sort(),
  };
}

describe.each(COMMANDS)('%s says %j', (login, body) => {
  test.each([
    ['refuses', false],
    ['does, but fails to answer,', true],
  ])('GitHub %s each request in turn, and it comes to the same', async (_, after) => {
    // What the program remembers from one event to the next is in place after the first time.
    await said(login, body);
    const calm = await said(login, body);
    expect(calm.attempts).toBe(1);
    expect(Object.values(calm.outcome).flat()).not.toEqual([]);
    const attempts: number[] = [];
    for (let request = 0; request < calm.requests; request++) {
      const troubled = await said(login, body, { request, after });
      expect(troubled.outcome, `request ${request} of ${calm.requests}`).toEqual(calm.outcome);
      attempts.push(troubled.attempts);
    }
    expect(attempts).toContain(2);
  });
});
