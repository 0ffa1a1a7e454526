import { randomUUID } from 'node:crypto';
import { messageOf } from '../../core/errors.ts';
import { helpProblem } from '../../core/external/help.ts';
import { type Answer, type EventChange, harmless, type Probe } from './probe.ts';

/** What a check found: nothing, or what to mend. A `note` is what Prow does otherwise, without harm to hook. */
export type Finding = { level: 'FAIL' | 'note'; mend: string } | undefined;

export interface Check {
  name: string;
  run(probe: Probe): Promise<Finding>;
}

const LONGEST_PAYLOAD = 24 * 1024 * 1024;
const SOON_MS = 5000;
const HELP_MS = 1000;

const fail = (mend: string): Finding => ({ level: 'FAIL', mend });
const note = (mend: string): Finding => ({ level: 'note', mend });
const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Something wrong has to be refused; with Prow's own status it is told apart in the logs of hook. */
function refused(name: string, status: number, change: EventChange, mend: string): Check {
  return {
    name,
    async run(probe) {
      const answer = await probe.event(change);
      if (isOk(answer)) return fail(`answered ${answer.status}: ${mend}`);
      return answer.status === status ? undefined : note(`answered ${answer.status}, Prow ${status}`);
    },
  };
}

/** What hook hands over has to be taken: anything but 2xx is kept among the dead letters. */
function taken(name: string, mend: string, send: (probe: Probe) => Promise<Answer[]>): Check {
  return {
    name,
    async run(probe) {
      const answers = await send(probe);
      const wrong = answers.find((answer) => !isOk(answer));
      if (wrong) return fail(`answered ${wrong.status}: ${mend}`);
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      return slowest > SOON_MS
        ? note(`took ${(slowest / 1000).toFixed(1)} s: answer first, work afterwards`)
        : undefined;
    },
  };
}

const NOTHING = {
  'x-github-event': null,
  'x-github-delivery': null,
  'x-hub-signature-256': null,
  'content-type': 'text/plain',
};
const { 'x-github-event': _, ...BUT_THE_EVENT } = NOTHING;
const { 'x-github-delivery': __, ...NO_SIGNATURE } = BUT_THE_EVENT;
const OTHER = '{"something":"else"}';

/** In the order in which Prow checks: method, event, delivery, signature there, content type, signature right (Prow: pkg/github/webhooks.go). */
const refusals: Check[] = [
  refused('GET is refused', 405, { method: 'GET' }, 'take events by POST alone'),
  refused('an event without a name is refused', 400, { headers: NOTHING }, 'ask for X-GitHub-Event first'),
  refused('a delivery without an id is refused', 400, { headers: BUT_THE_EVENT }, 'ask for X-GitHub-Delivery next'),
  refused(
    'an unsigned event is refused',
    403,
    { headers: NO_SIGNATURE },
    'ask for X-Hub-Signature-256: anybody may send this',
  ),
  refused(
    'a form is refused',
    400,
    { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    'take application/json alone',
  ),
  refused(
    'another secret is refused',
    403,
    { secret: 'not the secret' },
    'hold the signature against the HMAC of the body with your secret',
  ),
  refused('another body is refused', 403, { signed: OTHER }, 'make the HMAC over the body as it came'),
  refused(
    'half a signature is refused',
    403,
    { headers: { 'x-hub-signature-256': 'sha256=' } },
    'compare whole signatures',
  ),
  refused(
    'a SHA-1 signature is not enough',
    403,
    { sha1: true },
    'X-Hub-Signature is broken: ask for X-Hub-Signature-256',
  ),
];

const unknown = { headers: { 'x-github-event': 'cutwater_plugin_check' } };

function accepted(repo: string): Check[] {
  return [
    taken(
      'a signed event is taken',
      'check the signature over the raw bytes, not over JSON that was read and written again; and check the secret given here',
      async (probe) => [await probe.event()],
    ),
    taken(
      'an unknown event is ignored',
      'answer 200 to events that you do nothing with: hook sends all unless `events` names some',
      async (probe) => [await probe.event(unknown)],
    ),
    taken(
      'the same delivery may come twice',
      'answer 200 again: hook sends an event once more where it did not hear the first answer',
      async (probe) => {
        const headers = { 'x-github-delivery': `plugin-check-${randomUUID()}` };
        return [await probe.event({ headers }), await probe.event({ headers })];
      },
    ),
    taken('a payload of 24 MB is taken', "take bodies of up to 25 MB, which is GitHub's own limit", async (probe) => [
      await probe.event({ body: harmless(repo, 'x'.repeat(LONGEST_PAYLOAD)) }),
    ]),
    taken('twenty events at once are taken', 'answer several requests side by side', (probe) =>
      Promise.all(Array.from({ length: 20 }, () => probe.event())),
    ),
  ];
}

const robust: Check = {
  name: 'what is no JSON stops nobody',
  async run(probe) {
    const answer = await probe.event({ body: '[[[' }).catch(messageOf);
    const after = await probe.event().catch(messageOf);
    if (typeof after === 'string' || !isOk(after))
      return fail('a signed body that is no JSON brought the plugin down: answer 400');
    return typeof answer === 'string' ? note(`gave no answer (${answer}): answer 400`) : undefined;
  },
};

const help: Check = {
  name: 'help is told',
  async run({ ask, endpoint }) {
    const url = helpAt(endpoint);
    const answer = await ask('POST', url, '[{"Org":"acme","Repo":"widgets"}]');
    if (answer.status === 404) return note(`nothing at ${url.pathname}: /plugin-help leaves the plugin out`);
    if (!isOk(answer)) return fail(`answered ${answer.status}: answer a POST of [{"Org", "Repo"}] with the help`);
    const problem = helpProblem(answer.text);
    if (problem) return fail(`is not Prow's JSON of a help: ${problem}`);
    return answer.ms > HELP_MS
      ? note(`took ${answer.ms.toFixed(0)} ms: hook waits a second for all plugins`)
      : undefined;
  },
};

const helpByPost: Check = {
  name: 'help is told by POST alone',
  async run({ ask, endpoint }) {
    const { status } = await ask('GET', helpAt(endpoint));
    return status === 405 ? undefined : note(`answered ${status} to GET, Prow 405`);
  },
};

function health(url: URL): Check {
  return {
    name: 'health is told',
    async run({ ask }) {
      const answer = await ask('GET', url).catch(messageOf);
      if (typeof answer !== 'string' && isOk(answer)) return undefined;
      const what = typeof answer === 'string' ? answer : `answered ${answer.status}`;
      return note(`${url}: ${what}; name the address by --health-url where there is one, Kubernetes asks it`);
    },
  };
}

function helpAt(endpoint: URL): URL {
  return new URL(`${endpoint.pathname.replace(/\/$/, '')}/help`, endpoint);
}

/** All checks; those that spoil nothing come first. */
export function checksFor(repo: string, healthUrl: URL): Check[] {
  return [...refusals, ...accepted(repo), robust, help, helpByPost, health(healthUrl)];
}
