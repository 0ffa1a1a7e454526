import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTransient } from '../../core/errors.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { CASES, CASES_CONFIG, type Case, type Outcome, openPull, outcomeOf, prepare } from './support/cases.ts';
import { openPlatform, type Platform } from './support/platform.ts';
import { TOGETHER } from './support/together.ts';

let platform: Platform;
let arrived = 0;
/** The request that goes wrong, counted from 0, and how. */
let fault: { request: number; answer: Fault['answer'] } | undefined;
beforeAll(async () => {
  platform = await openPlatform({
    config: `${CASES_CONFIG}plugins:\n  acme: [${TOGETHER.join(', ')}]\n`,
    onRequest() {
      if (fault && arrived++ === fault.request) platform.sandbox.faults.add({ times: 1, answer: fault.answer });
      else if (!fault) arrived++;
    },
  });
});
afterAll(() => platform.close());

let deliveries = 0;

interface Going {
  requests: number;
  outcome: Outcome;
  pull: PullIssue;
  again(): Promise<Outcome>;
}

/** Runs the case's plugin for its event, as often as failures call for. */
async function run(given: Case, going?: typeof fault): Promise<Going> {
  const { sandbox, webhooksOf, dispatch } = platform;
  let pull: PullIssue | undefined;
  const opening = await webhooksOf(async () => {
    pull = await openPull(sandbox, given);
  });
  if (!pull) throw new Error('no pull request was opened');
  const about = pull;
  await prepare(sandbox, about, given);
  const hooks = given.act ? await webhooksOf(() => given.act?.(sandbox, about)) : opening;
  const hook = hooks.find(({ event, action }) => event === given.event && action !== 'labeled');
  if (!hook) throw new Error(`the sandbox sent no ${given.event}`);
  arrived = 0;
  fault = going;
  const delivery = `d-${++deliveries}`;
  const others = TOGETHER.filter((name) => name !== given.plugin);
  for (let attempt = 1; await healing(dispatch(delivery, hook, others)); attempt++)
    if (attempt > 3) throw new Error('it does not heal');
  fault = undefined;
  return {
    requests: arrived,
    outcome: outcomeOf(sandbox, about),
    pull: about,
    async again() {
      await dispatch(`d-${++deliveries}`, hook, others);
      return outcomeOf(sandbox, about);
    },
  };
}

/** Whether the attempt failed in a way that another one may heal. */
async function healing(attempt: Promise<void>): Promise<boolean> {
  try {
    await attempt;
    return false;
  } catch (error) {
    if (isTransient(error)) return true;
    throw error;
  }
}

const state = ({ comments: _, ...rest }: Outcome) => rest;

/** What may go wrong with a request. What heals is tried again, and it comes to the same; what is refused is for the next event to mend. */
const WRONGS: readonly { answer: Fault['answer']; heals: boolean }[] = [
  { answer: { status: 500 }, heals: true },
  { answer: { status: 403 }, heals: false },
  { answer: { status: 500, after: true }, heals: true },
  { answer: { status: 404 }, heals: false },
  { answer: 'reset', heals: true },
];

/** Every request meets one of them here, in turn; with FAULTS=all each meets all, which takes some minutes. */
const wrongsFor = (request: number, at: number) =>
  process.env.FAULTS === 'all' ? WRONGS : WRONGS.filter((_wrong, index) => index === (request + at) % WRONGS.length);

describe.each(CASES.map((given, at) => [`${given.plugin}: ${given.name}`, given, at] as const))(
  '%s',
  (_name, given, at) => {
    test('comes out as it should, whichever request goes wrong', async () => {
      const calm = await run(given);
      expect(calm.outcome).toMatchObject(given.wanted);
      if (given.says) expect(calm.outcome.comments.join('\n')).toMatch(given.says);
      const twice = await calm.again();
      for (let request = 0; request < calm.requests; request++) {
        for (const { answer, heals } of wrongsFor(request, at)) {
          const what = `request ${request} of ${calm.requests}: ${JSON.stringify(answer)}`;
          const troubled = await run(given, { request, answer });
          if (heals) expect(troubled.outcome, what).toEqual(calm.outcome);
          else expect(state(await troubled.again()), what).toEqual(state(twice));
        }
      }
    });
  },
);
