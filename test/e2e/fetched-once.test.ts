import { afterAll, beforeAll, expect, test } from 'vitest';
import { plugins } from '../../plugins/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { isWrite, repeated } from './support/asked.ts';
import { CASES_CONFIG } from './support/cases.ts';
import { openPlatform, type Platform } from './support/platform.ts';
import { TOGETHER } from './support/together.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform({
    config: `${CASES_CONFIG}plugins:
  acme: [${TOGETHER.join(', ')}]
repo_milestone: {'': {maintainers_team: maintainers}}
milestone_applier: {acme/widgets: {main: v1}}
require_matching_label:
- {org: acme, repo: widgets, prs: true, issues: true, regexp: ^kind/, missing_label: needs-kind, grace_period: 1ms}
project_config: {project_org_configs: {acme: {org_maintainers_team_id: 1, org_default_column_map: {Plan: To do}}}}
project_manager: {orgsRepos: {acme: {projects: {Plan: {columns: [{name: To do, org: acme, labels: [kind/bug]}]}}}}}
`,
  });
});
afterAll(() => platform.close());

/** Every command of every plugin that asks no service outside, as its help shows it. */
const EVERYTHING = plugins
  .filter(({ name, needs }) => TOGETHER.includes(name) && !needs.includes('web'))
  .flatMap(({ commands }) => commands.flatMap(({ examples }) => examples))
  .join('\n');

type Act = (platform: Platform, pull: PullIssue) => unknown;

const said =
  (body: string): Act =>
  ({ sandbox: { world, person } }, issue) =>
    actions.comment(world, { actor: person('alice'), issue, body });

const EVENTS: [event: string, act: Act][] = [
  ['issue_comment.created', said(EVERYTHING)],
  ['issue_comment.created', said('/lgtm\n/approve\n/hold\n/test all\n/assign @carol\n/cc @carol')],
  [
    'issue_comment.created',
    async ({ sandbox: { world, repo, person } }) => {
      const actor = person('bob');
      const issue = await actions.openIssue(world, { actor, repo, title: 'An issue', body: '' });
      actions.comment(world, { actor, issue, body: EVERYTHING });
    },
  ],
  ['pull_request.opened', ({ sandbox }) => opened(sandbox, 'bob')],
  ['pull_request.opened', ({ sandbox }) => opened(sandbox, 'stranger')],
  [
    'pull_request.synchronize',
    ({ sandbox: { world, repo, person } }, { pull }) =>
      actions.pushCommit(world, {
        actor: person('alice'),
        repo,
        branch: pull.headRef,
        message: 'Fixes #1',
        files: [file('sub/OWNERS', 'approvers: [stranger]')],
      }),
  ],
  [
    'pull_request_review.submitted',
    ({ sandbox: { world, person } }, issue) =>
      actions.submitReview(world, { actor: person('carol'), issue, event: 'APPROVE', body: '/lgtm\n/retest' }),
  ],
  [
    'status',
    ({ sandbox: { world, repo, person } }, { pull }) =>
      actions.setStatus(world, {
        actor: person('alice'),
        repo,
        sha: pull.headSha,
        context: 'EasyCLA',
        state: 'success',
      }),
  ],
  [
    'pull_request.closed',
    ({ sandbox: { world, person } }, issue) =>
      actions.mergePull(world, { actor: person('alice'), issue, method: 'merge' }),
  ],
];

let opening = 0;
const file = (path: string, text: string) => ({ path, content: Buffer.from(text) });

async function opened({ world, repo, person }: Platform['sandbox'], login: string): Promise<PullIssue> {
  const head = `once-${++opening}`;
  const files = [file(`docs/${head}.md`, head), file('sub/OWNERS', 'approvers: [carol]')];
  await actions.pushCommit(world, { actor: person('alice'), repo, branch: head, message: 'A change', files });
  return actions.openPull(world, { actor: person(login), repo, title: 'A change', base: 'main', headRepo: repo, head });
}

test.each(EVENTS)('%s: with every plugin on, nothing is fetched twice', async (name, act) => {
  const { sandbox, webhooksOf, dispatch, asked } = platform;
  const pull = await opened(sandbox, 'bob');
  const [event] = name.split('.');
  const hooks = await webhooksOf(() => act(platform, pull));
  const hook = hooks.find((received) => [received.event, received.action].filter(Boolean).join('.') === name);
  if (!hook) throw new Error(`the sandbox sent no ${event}`);
  asked.length = 0;
  await dispatch(`${name} ${pull.number}`, hook);
  const reads = asked.filter((request) => !isWrite(request));
  expect(reads).not.toEqual([]);
  expect(repeated(reads)).toEqual([]);
});
