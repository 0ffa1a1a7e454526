import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as actions from '../model/actions/index.ts';
import { startTestSandbox, type TestSandbox } from '../testing.ts';

type Payload = Record<string, unknown>;
const definitions: { name: string; examples: Payload[] }[] =
  createRequire(import.meta.url)('@octokit/webhooks-examples').default ??
  createRequire(import.meta.url)('@octokit/webhooks-examples');

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
  await everything();
  await sandbox.idle();
}, 60_000);
afterAll(() => stop());

async function everything(): Promise<void> {
  const { world, repo } = sandbox;
  const [alice, bob] = [sandbox.person('alice'), sandbox.person('bob')];
  const pull = sandbox.pull(42);
  const comment = actions.comment(world, { actor: bob, issue: pull, body: 'hello' });
  actions.editComment(world, bob, comment, 'hello again');
  actions.deleteComment(world, bob, comment);
  await actions.addLabels(world, alice, pull, ['lgtm']);
  await actions.setAssigned(world, alice, pull, [bob], true);
  await actions.requestReviewers(world, bob, pull, { people: [alice] });
  actions.submitReview(world, {
    actor: alice,
    issue: pull,
    event: 'APPROVE',
    body: 'fine',
    comments: [{ body: 'nit', path: 'README.md', line: 3 }],
  });
  await actions.pushPrepared(world, bob, pull);
  await actions.setDraft(world, bob, pull, true);
  await actions.setDraft(world, bob, pull, false);
  await actions.editIssue(world, bob, pull, { title: 'Retry' });
  await actions.setStatus(world, { actor: alice, repo, sha: pull.pull.headSha, context: 'unit', state: 'success' });
  await actions.setState(world, bob, pull, 'closed');
  await actions.setState(world, bob, pull, 'open');
  const issue = await actions.openIssue(world, { actor: bob, repo, title: 'An issue', body: 'text' });
  await actions.setState(world, bob, issue, 'closed');
  const [prepared] = actions.preparedBranches(world, repo);
  if (prepared) await actions.openPrepared(world, prepared);
}

describe('a delivery', () => {
  test('is signed and says what it is', () => {
    expect(sandbox.received.length).toBeGreaterThan(15);
    for (const { headers, signed, payload } of sandbox.received) {
      expect(signed).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-github-hook-installation-target-type': 'integration',
      });
      expect(headers['x-github-hook-id']).toMatch(/^\d+$/);
      expect(payload.installation).toMatchObject({ id: sandbox.tokens.app.installationId });
    }
    expect(new Set(sandbox.received.map((it) => it.headers['x-github-delivery'])).size).toBe(sandbox.received.length);
  });

  test('knows what caused it', () => {
    for (const delivery of sandbox.world.deliveries.all())
      expect(sandbox.world.changes.get(delivery.changeId ?? 0)).toBeDefined();
  });
});

/** Fields that the examples of old have and GitHub no longer sends, or that depend on settings. */
const MAY_MISS = new Set([
  'installation',
  'organization',
  'enterprise',
  'changes',
  'license',
  'assignees_url',
  'requested_teams',
  'performed_via_github_app',
  'stargazers',
  'master_branch',
  'label',
  'milestone',
  'pull_request',
  'draft',
  'timeline_url',
  'state_reason',
  'active_lock_reason',
  'closed_by',
  'use_squash_pr_title_as_default',
  'custom_properties',
  'allow_update_branch',
  'allow_squash_merge',
  'allow_merge_commit',
  'allow_rebase_merge',
  'allow_auto_merge',
  'delete_branch_on_merge',
  'squash_merge_commit_title',
  'squash_merge_commit_message',
  'merge_commit_title',
  'merge_commit_message',
]);

/** Paths of fields that an example has and ours does not; lists and what is null on one side are left alone. */
function missing(example: unknown, ours: unknown, path = ''): string[] {
  if (!isObject(example)) return [];
  if (!isObject(ours)) return ours === null ? [] : [path];
  return Object.entries(example).flatMap(([name, value]) => {
    if (MAY_MISS.has(name)) return [];
    return name in ours
      ? path.split('.').length > 3
        ? []
        : missing(value, ours[name], `${path}.${name}`)
      : [`${path}.${name}`];
  });
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('payloads have the fields of the published examples', () => {
  const problems: string[] = [];
  for (const { event, action, payload } of sandbox.received) {
    const examples = definitions.find((it) => it.name === event)?.examples.filter((it) => it.action === action) ?? [];
    const [fewest = []] = examples.map((example) => missing(example, payload)).sort((a, b) => a.length - b.length);
    problems.push(...fewest.map((it) => `${event}.${action ?? ''}: ${it}`));
  }
  expect([...new Set(problems)]).toEqual([]);
});
