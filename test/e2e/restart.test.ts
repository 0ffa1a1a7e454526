import { afterEach, expect, test } from 'vitest';
import { openStage, type Stage } from './support/stage.ts';

const SLOW = 'slow';
const BOBS = 42;

/** A job that counts to ten, slowly enough to be interrupted. */
const CONFIG = `
presubmits:
  acme/widgets:
  - name: ${SLOW}
    always_run: false
    spec:
      containers:
      - image: alpine:3
        command: [sh, -c, 'for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i"; sleep 0.4; done']
plugins:
  acme: [hold, lgtm, size, trigger]
`;

let stage: Stage;
afterEach(() => stage.close());

async function logLines(): Promise<string[]> {
  const [, job, build] = /\/view\/prowjob\/([^/]+)\/(\d+)/.exec(stage.link(BOBS, SLOW)) ?? [];
  const text = await fetch(`${stage.product.url}/log?job=${job}&id=${build}`).then((answer) => answer.text());
  return text.split('\n').filter((line) => line.startsWith('line '));
}

test('killed twice in the middle of a job, the job ends once and its log is whole', async () => {
  stage = await openStage({ config: CONFIG });
  const { product } = stage;
  stage.comment('alice', BOBS, `/test ${SLOW}`);
  await stage.until(() => stage.statuses(BOBS)[SLOW] === 'pending');
  await product.kill();
  await product.start();
  await product.kill();
  await product.start();
  await stage.until(() => stage.statuses(BOBS)[SLOW] === 'success');
  expect(await logLines()).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 1}`));
  expect(stage.history(BOBS, SLOW).filter((state) => state === 'success')).toHaveLength(1);
});

test('what people say while the program is killed is done when it is back, in its order', async () => {
  stage = await openStage({ config: CONFIG });
  const { product } = stage;
  stage.comment('alice', BOBS, '/hold');
  await product.kill();
  stage.comment('alice', BOBS, '/lgtm');
  await stage.sandbox.idle();
  await product.start();
  await stage.until(() => stage.labels(BOBS).includes('lgtm') && stage.labels(BOBS).includes('do-not-merge/hold'));
  stage.comment('alice', BOBS, '/hold cancel');
  await product.kill();
  await product.start();
  await stage.until(() => !stage.labels(BOBS).includes('do-not-merge/hold'));
  expect(stage.answers(BOBS)).toEqual([]);
});

test('Ctrl-C ends cleanly, and the next start goes on', async () => {
  stage = await openStage({ config: CONFIG });
  const { product } = stage;
  stage.comment('alice', BOBS, `/test ${SLOW}`);
  await stage.until(() => stage.statuses(BOBS)[SLOW] === 'pending');
  expect(await product.stop()).toBe(0);
  await product.start();
  await stage.until(() => stage.statuses(BOBS)[SLOW] === 'success');
});
