import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isTransient } from '../../core/errors.ts';
import { plugins } from '../../plugins/index.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { PullIssue } from '../../sandbox/model/records.ts';
import { type Aftermath, CASES, type Case, type Outcome, outcomeOf, prepare } from './support/cases.ts';
import { MORE_CASES, MORE_CONFIG, prepareRepo } from './support/more-cases.ts';
import { openPull } from './support/open-case.ts';
import { openPlatform, type Platform } from './support/platform.ts';
import { standIns } from './support/services.ts';
import { TRIAGE } from './support/together.ts';

const ALL = [...CASES, ...MORE_CASES];
const NAMES = plugins.map(({ name }) => name);
const services = standIns();
/** How long the client waits; here its time is up as soon as a request hangs, and never before. */
const PATIENCE_MS = 71_000;
const waiting = new Set<AbortController>();
const realTimeout = AbortSignal.timeout;
vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
  if (ms !== PATIENCE_MS) return realTimeout.call(AbortSignal, ms);
  const controller = new AbortController();
  waiting.add(controller);
  return controller.signal;
});

/** Whoever waits for GitHub now has waited for too long. */
function timeIsUp(): void {
  for (const controller of waiting) controller.abort(new DOMException('The time is up', 'TimeoutError'));
  waiting.clear();
}

let platform: Platform;
let arrived = 0;
/** The request that goes wrong, counted from 0, and how. */
let fault: { request: number; answer: Fault['answer'] } | undefined;
beforeAll(async () => {
  platform = await openPlatform({
    config: MORE_CONFIG,
    on: NAMES,
    services,
    requestTimeoutMs: PATIENCE_MS,
    onRequest() {
      if (fault && arrived++ === fault.request)
        platform.sandbox.faults.add({ times: 1, answer: fault.answer, onHang: timeIsUp });
      else if (!fault) arrived++;
    },
  });
  await prepareRepo(platform.sandbox);
});
afterAll(() => platform.close());

let deliveries = 0;
/** Of the run before. Each merge looks at all that are open, and these are done with. */
let last: PullIssue | undefined;

type Seen = Outcome & Aftermath;

interface Going {
  requests: number;
  outcome: Seen;
  pull: PullIssue;
  again(): Promise<Seen>;
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
  if (last) Object.assign(last, { state: 'closed' });
  last = about;
  services.told.clear();
  waiting.clear();
  const { world, repo } = sandbox;
  const later = () => world.issues.in(repo.id).filter(({ number }) => number > about.number);
  const seen = () => ({
    ...outcomeOf(sandbox, about),
    told: [...services.told].sort(),
    opened: later().map(({ title }) => title),
  });
  arrived = 0;
  fault = going;
  const delivery = `d-${++deliveries}`;
  const others = NAMES.filter((name) => name !== given.plugin);
  for (let attempt = 1; await healing(dispatch(delivery, hook, others)); attempt++)
    if (attempt > 3) throw new Error('it does not heal');
  fault = undefined;
  return {
    requests: arrived,
    outcome: seen(),
    pull: about,
    async again() {
      await dispatch(`d-${++deliveries}`, hook, others);
      return seen();
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

const state = ({ comments: _, ...rest }: Seen) => rest;

/** What may go wrong with a request. What heals is tried again, and it comes to the same; what is refused is for the next event to mend. */
const WRONGS: readonly { answer: Fault['answer']; heals: boolean }[] = [
  { answer: { status: 500 }, heals: true },
  { answer: { status: 403 }, heals: false },
  { answer: { status: 500, after: true }, heals: true },
  { answer: { status: 404 }, heals: false },
  { answer: 'reset', heals: true },
  { answer: 'hang', heals: true },
  { answer: 'hang after', heals: true },
];

const ALL_WRONGS = process.env.FAULTS === 'all';
const TIMEOUT_MS = ALL_WRONGS ? 900_000 : 120_000;

/** Every request meets one of them here, in turn; with FAULTS=all each meets all. */
const wrongsFor = (request: number, at: number) =>
  ALL_WRONGS ? WRONGS : WRONGS.filter((_wrong, index) => index === (request + at) % WRONGS.length);

describe.each(ALL.map((given, at) => [`${given.plugin}: ${given.name}`, given, at] as const))(
  '%s',
  (_name, given, at) => {
    test('comes out as it should, whichever request goes wrong', { timeout: TIMEOUT_MS }, async () => {
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

test('every plugin meets faults, here or in triage.test.ts', () => {
  const tried = new Set([...ALL.map(({ plugin }) => plugin), ...TRIAGE]);
  // testfreeze acts in kubernetes/kubernetes alone, needs-rebase through its component (branches.test.ts).
  expect(NAMES.filter((name) => !tried.has(name))).toEqual(['needs-rebase', 'testfreeze']);
});
