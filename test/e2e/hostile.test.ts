import { afterAll, beforeAll, expect, test } from 'vitest';
import { plugins } from '../../plugins/index.ts';
import { deliver, openExamplesStage, payloads, problemsIn } from './support/examples.ts';
import { fixedRandom, hostileComments, spoilt } from './support/spoil.ts';
import type { Stage } from './support/stage.ts';

const ROUNDS = 3;
const SEED = 20_260_101;

let stage: Stage;
beforeAll(async () => {
  stage = await openExamplesStage();
});
afterAll(() => stage.close());

interface Webhook {
  name: string;
  payload: unknown;
}

function spoiltWebhooks(): Webhook[] {
  const random = fixedRandom(SEED);
  const rounds = Array.from({ length: ROUNDS }, () =>
    payloads.map(({ name, payload }) => ({ name, payload: spoilt(payload, random, 1 + Math.floor(random() * 4)) })),
  );
  return rounds.flat();
}

/** Comments of the repository's owner on its pull request; no commands that would ask services outside. */
function longComments(): Webhook[] {
  const example = payloads.find(({ name }) => name === 'issue_comment')?.payload;
  const number = payloads.find(({ name }) => name === 'pull_request')?.payload.pull_request?.number;
  const login = example?.repository?.owner?.login;
  const quiet = plugins.filter(({ needs }) => !needs.includes('web'));
  const names = quiet.flatMap(({ commands }) => commands.map((command) => command.names[0]));
  return hostileComments(names).map((body, index) => ({
    name: 'issue_comment',
    payload: {
      ...example,
      action: 'created',
      issue: { ...example?.issue, number, state: 'open', pull_request: {} },
      comment: { ...example?.comment, id: index + 1, body, user: { login, type: 'User' } },
    },
  }));
}

async function deliverAll(all: readonly Webhook[]): Promise<void> {
  const refused: string[] = [];
  for (const { name, payload } of all) {
    const status = await deliver(stage, name, payload);
    if (status !== 200) refused.push(`${name}: ${status}: ${JSON.stringify(payload).slice(0, 500)}`);
  }
  expect(refused).toEqual([]);
}

/** Resolves when the program has finished with everything that it was handed. */
async function handled(): Promise<void> {
  for (;;) {
    const answer = await fetch(`${stage.product.url}/metrics`);
    const counts = (await answer.text()).matchAll(/^cutwater_inbox_entries\{state="(?:waiting|running)"\} (\d+)/gm);
    if ([...counts].map(([, count]) => count).join() === '0,0') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('spoilt webhooks and comments made to hang a pattern stop nothing and nobody', async () => {
  await deliverAll(spoiltWebhooks());
  await deliverAll(longComments());
  await handled();
  expect((await fetch(`${stage.product.url}/healthz`)).status).toBe(200);
  expect(await stage.product.stop()).toBe(0);
  // A plugin may stumble over a field that GitHub never leaves out, but alone and once; what it tells people must be what GitHub takes.
  const problems = problemsIn(stage).map(({ msg, plugin, err }) => ({ msg, plugin, err: err?.message ?? '' }));
  expect(problems.filter(({ msg, plugin }) => msg !== 'Error handling an event' || !plugin)).toEqual([]);
  expect(problems.filter(({ err }) => /did not finish|too long/.test(err))).toEqual([]);
}, 180_000);
