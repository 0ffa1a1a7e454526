import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, openExamplesStage, payloads, problemsIn } from './support/examples.ts';
import type { Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openExamplesStage();
});
afterAll(() => stage.close());

test('every webhook that GitHub documents is answered 200, and no plugin fails on any', async () => {
  const refused: string[] = [];
  for (const { name, payload } of payloads) {
    const status = await deliver(stage, name, payload);
    if (status !== 200) refused.push(`${name}: ${status}`);
  }
  expect(refused).toEqual([]);
  await stage.product.stop();
  expect(problemsIn(stage).map(({ plugin, msg, err }) => `${plugin}: ${msg}: ${err?.message}`)).toEqual([]);
});
