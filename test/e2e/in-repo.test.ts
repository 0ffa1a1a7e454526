import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const OWN = 'pull-widgets-own';
const UNIT = 'pull-widgets-unit';
const EXAMPLE = new URL('../../config.example.yaml', import.meta.url);

let stage: Stage;
beforeAll(async () => {
  const enabled = 'in_repo_config: {enabled: {acme/widgets: true}}\n';
  stage = await openStage({ config: enabled + readFileSync(EXAMPLE, 'utf8') });
});
afterAll(() => stage.close());

/** A pull request of alice's that changes `.prow.yaml`. */
async function openPull(branch: string, text: string): Promise<number> {
  const { sandbox, repo, person } = stage;
  const actor = person('alice');
  const main = await actions.pushCommit(sandbox.world, {
    actor,
    repo,
    branch: 'main',
    message: `Before ${branch}`,
    files: [{ path: `${branch}.txt`, content: Buffer.from('x\n') }],
  });
  await actions.moveRef(sandbox.world, actor, repo, {
    ref: `refs/heads/${branch}`,
    before: '0'.repeat(40),
    after: main,
  });
  const files = [{ path: '.prow.yaml', content: Buffer.from(text) }];
  await actions.pushCommit(sandbox.world, { actor, repo, branch, message: 'Change jobs', files });
  const wish = { actor, repo, headRepo: repo, title: 'Change jobs', base: 'main', head: branch };
  return (await actions.openPull(sandbox.world, wish)).number;
}

test('a job of the pull request’s own .prow.yaml runs beside the operator’s', async () => {
  const job = `{name: ${OWN}, always_run: true, decorate: true, spec: {containers: [{image: x, command: [cat, .prow.yaml]}]}}`;
  const number = await openPull('own', `presubmits:\n- ${job}\n`);
  await stage.until(() => stage.statuses(number)[OWN] === 'success' && stage.statuses(number)[UNIT] === 'success');
  const log = await fetch(stage.link(number, OWN)).then((page) => page.text());
  expect(log).toContain(`name: ${OWN}`);
});

test('where it is wrong, the operator’s jobs run alone', async () => {
  const number = await openPull('wrong', 'presubmits:\n- {name: own, always_run: true}\n');
  await stage.until(() => stage.statuses(number)[UNIT] === 'success');
  expect(Object.keys(stage.statuses(number))).not.toContain('own');
});

test('no credentials stand in the log', () => {
  expect(stage.product.log()).not.toMatch(/Authorization|ghs_/);
});
