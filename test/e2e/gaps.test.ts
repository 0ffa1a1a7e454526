import { afterEach, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { issueByNumber } from '../../sandbox/model/lookup.ts';
import { openStage, type Stage } from './support/stage.ts';

const BOBS = 42;
const ALICES = 44;

const CONFIG = `
presubmits:
  acme/widgets:
  - name: unit
    always_run: true
    spec: {containers: [{image: alpine:3, command: ['true']}]}
postsubmits:
  acme/widgets:
  - name: publish
    branches: [main]
    spec: {containers: [{image: alpine:3, command: ['true']}]}
plugins:
  acme: [dog, hold, label, lgtm, size, trigger, wip]
`;

let stage: Stage;
afterEach(() => stage.close());

const files = [{ path: 'docs/new.md', content: Buffer.from('new\n') }];

async function push(branch: string): Promise<string> {
  const { sandbox, repo, person } = stage;
  return actions.pushCommit(sandbox.world, { actor: person('bob'), repo, branch, message: branch, files });
}

const closedGaps = () => stage.product.log().split('A gap is closed').length - 1;

test('what GitHub can no longer hand over is found by looking, and done once', { timeout: 180_000 }, async () => {
  stage = await openStage({ config: CONFIG });
  const { sandbox, product, repo, person, pull } = stage;
  const { world } = sandbox;
  stage.comment('alice', BOBS, '/hold');
  await stage.until(() => stage.labels(BOBS).includes('do-not-merge/hold'));
  stage.comment('alice', BOBS, '/kind nothing');
  await stage.until(() => stage.answers(BOBS).length === 1);
  await actions.editIssue(world, person('alice'), pull(ALICES), { title: 'Nearly done' });
  await sandbox.idle();
  await product.kill();

  stage.comment('alice', BOBS, '/hold cancel');
  stage.comment('carol', BOBS, '/lgtm');
  stage.comment('alice', ALICES, '/kind nothing');
  const branch = await push(pull(BOBS).pull.headRef);
  await actions.editIssue(world, person('alice'), pull(ALICES), { title: '[WIP] Not yet' });
  const published = await push('main');
  await push('missed');
  const wish = { actor: person('bob'), repo, headRepo: repo, head: 'missed', base: 'main', title: 'Opened unheard' };
  const { number } = await actions.openPull(world, wish);
  await sandbox.idle();
  sandbox.faults.add({ path: /\/hook\/deliveries/, times: Infinity, answer: { status: 404 } });
  await product.start();

  const publishing = () =>
    world.statuses.all().filter(({ sha, context }) => sha === published && context === 'publish');
  await stage.until(
    () =>
      !stage.labels(BOBS).includes('do-not-merge/hold') &&
      stage.statuses(BOBS).unit === 'success' &&
      stage.labels(ALICES).includes('do-not-merge/work-in-progress') &&
      stage.answers(ALICES).length === 1 &&
      stage.statuses(number).unit === 'success' &&
      stage.labels(number).some((label) => label.startsWith('size/')) &&
      publishing().some(({ state }) => state === 'success'),
  );
  // The approval is older than what was pushed.
  await stage.until(() => stage.answers(BOBS).some((text) => text.includes('New changes are detected')));
  expect(stage.labels(BOBS)).not.toContain('lgtm');
  expect(pull(BOBS).pull.headSha).toBe(branch);

  await expect.poll(closedGaps, { timeout: 60_000 }).toBe(1);
  // A status may be set once more where the program was killed right after setting it: a job that ran again would be pending in between.
  const changes = (states: string[]) => states.filter((state, index) => state !== states[index - 1]);
  const seen = () => [BOBS, ALICES, number].map((each) => [stage.answers(each), changes(stage.history(each, 'unit'))]);
  const before = seen();
  await product.kill();
  await product.start();
  await expect.poll(closedGaps, { timeout: 60_000 }).toBe(2);
  await sandbox.idle();
  expect(seen()).toEqual(before);
  const successes = publishing().filter(({ state }) => state === 'success');
  expect(new Set(successes.map(({ targetUrl }) => targetUrl)).size).toBe(1);
  expect(stage.complaints).toEqual([]);
  expect(issueByNumber(world, repo, number)?.state).toBe('open');
});
