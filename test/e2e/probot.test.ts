import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const BOBS = 42;
const ZERO = '0'.repeat(40);

/** Says one thing, is held up the first time, then says another. */
const HELD_UP = `
import { existsSync, writeFileSync } from 'node:fs';
export default (app) => app.on('issue_comment.created', async (context) => {
  if (context.isBot || context.payload.comment.body !== 'say it') return;
  const mark = new URL('held-up', import.meta.url);
  const again = existsSync(mark);
  writeFileSync(mark, '');
  await context.octokit.rest.issues.createComment(context.issue({ body: 'first' }));
  if (!again) await new Promise(() => {});
  await context.octokit.rest.issues.createComment(context.issue({ body: 'second' }));
});`;

let folder: string;
let stage: Stage;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'probot-e2e-'));
  writeFileSync(path.join(folder, 'held.mjs'), HELD_UP);
  stage = await openStage({
    config: `
plugins: {acme/widgets: [hold]}
probot_apps:
  acme:
  - delete-merged-branch
  acme/widgets:
  - app: ${folder}/held.mjs
  acme/other:
  - app: ${folder}/held.mjs
    name: held
`,
  });
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

const said = (body: string) => stage.answers(BOBS).filter((answer) => answer === body).length;

test('an app that was published for an older Probot does its work', async () => {
  const { sandbox, repo, person } = stage;
  const { world } = sandbox;
  const actor = person('alice');
  const { headSha: after } = stage.pull(BOBS).pull;
  await actions.moveRef(world, actor, repo, { ref: 'refs/heads/merged', before: ZERO, after });
  const files = [{ path: 'merged.txt', content: Buffer.from('x\n') }];
  await actions.pushCommit(world, { actor, repo, branch: 'merged', message: 'Change', files });
  const wish = { actor, repo, headRepo: repo, title: 'Change', base: 'main', head: 'merged' };
  const { number } = await actions.openPull(world, wish);
  const branch = () => fetch(`${sandbox.apiUrl}/repos/acme/widgets/branches/merged`).then(({ status }) => status);
  expect(await branch()).toBe(200);
  await actions.mergePull(world, { actor, issue: stage.pull(number), method: 'squash' });
  await expect.poll(branch, { timeout: 30_000 }).toBe(404);
});

test('killed between two writes, it does neither twice', async () => {
  stage.comment('alice', BOBS, 'say it');
  await stage.until(() => said('first') === 1);
  await stage.product.kill();
  await stage.product.start();
  await stage.until(() => said('second') === 1);
  expect(said('first')).toBe(1);
});

test('its events count like those of any plugin', async () => {
  const metrics = () => fetch(`${stage.product.url}/metrics`).then((answer) => answer.text());
  const handled = /^prow_plugin_handle_duration_seconds_count\{.*plugin="probot:held".*\} [1-9]/m;
  await expect.poll(metrics, { timeout: 30_000 }).toMatch(handled);
  expect(await metrics()).toContain('cutwater_probot_app_up{app="delete-merged-branch"} 1');
});

test('GitHub knows every request that was made', () => {
  expect(stage.complaints).toEqual([]);
});
