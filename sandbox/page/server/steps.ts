import { isPull, labelsOf } from '../../model/lookup.ts';
import type { PullIssue } from '../../model/records.ts';
import type { Step } from '../views.ts';
import { isBot } from './cause.ts';
import { type Reading, repoPath } from './context.ts';
import { commandsIn } from './markdown.ts';
import { statusesOf } from './rows.ts';

interface StepRule {
  id: string;
  words: string;
  command: string | null;
  /** Who takes it: the first, second or third person of the switch. */
  person: number;
  done(facts: Facts): boolean;
}

/** What was tried so far. What the seed did counts for nothing: a label counts where the bot set it after somebody had said something. */
interface Facts {
  /** Every command line that a person said. */
  said: { login: string; command: string }[];
  labelled: Set<string>;
  unlabelled: Set<string>;
  opened: Set<string>;
  readLog: boolean;
  people: string[];
}

const HOLD = 'do-not-merge/hold';

const STEPS: readonly StepRule[] = [
  {
    id: 'test',
    words: 'Ask for tests:',
    command: '/test all',
    person: 0,
    done: ({ said, people }) =>
      said.some(({ login, command }) => login !== people[2] && /^\/test\s+all\b/.test(command)),
  },
  { id: 'log', words: 'Read a log while its job runs', command: null, person: 0, done: ({ readLog }) => readLog },
  {
    id: 'lgtm',
    words: 'Approve the change:',
    command: '/lgtm',
    person: 0,
    done: (facts) => didSay(facts, /^\/lgtm\b/) && facts.labelled.has('lgtm'),
  },
  {
    id: 'hold',
    words: 'Hold it, then release:',
    command: '/hold',
    person: 0,
    done: ({ labelled, unlabelled }) => labelled.has(HOLD) && unlabelled.has(HOLD),
  },
  {
    id: 'open',
    words: 'As stranger, open one',
    command: null,
    person: 2,
    done: ({ opened, people }) => opened.has(people[2] ?? ''),
  },
  {
    id: 'ok-to-test',
    words: 'As alice, say',
    command: '/ok-to-test',
    person: 0,
    done: (facts) => didSay(facts, /^\/ok-to-test\b/) && facts.labelled.has('ok-to-test'),
  },
];

function didSay({ said }: Facts, pattern: RegExp): boolean {
  return said.some(({ command }) => pattern.test(command));
}

/** The six steps of *Try this*, ticked by what really happened, in any order. */
export function stepsOf(reading: Reading): Step[] {
  const facts = factsOf(reading);
  const done = STEPS.map((step) => step.done(facts));
  const next = done.indexOf(false);
  return STEPS.map(({ id, words, command }, index) => ({
    id,
    words: named(words, facts.people),
    command: id === 'hold' && isHeld(facts) ? '/hold cancel' : command,
    done: done[index] ?? false,
    current: index === next,
  }));
}

function named(words: string, people: string[]): string {
  return words.replace('stranger', people[2] ?? 'stranger').replace('alice', people[0] ?? 'alice');
}

function isHeld({ labelled, unlabelled }: Facts): boolean {
  return labelled.has(HOLD) && !unlabelled.has(HOLD);
}

function factsOf({ world, readLog, people }: Reading): Facts {
  // Only the seed prepares branches: a pull request that is younger than all of them was opened by a reader.
  const seeded = Math.max(0, ...world.prepared.all().map(({ id }) => id));
  const opened = world.issues.all().filter(({ id, pull }) => pull !== undefined && id > seeded);
  const facts: Facts = {
    said: [],
    labelled: new Set(),
    unlabelled: new Set(),
    opened: new Set(opened.map(({ authorId }) => world.accounts.need(authorId).login)),
    readLog,
    people: people.map(({ login }) => login),
  };
  for (const { kind, actor, data } of world.feed.since(0)) {
    if (kind === 'comment.created' && !isBot(world, actor)) {
      for (const command of commandsIn(String(data.body))) facts.said.push({ login: actor, command });
    }
    const begun = facts.said.length > 0 && isBot(world, actor);
    if (kind === 'label.added' && begun) facts.labelled.add(String(data.label));
    if (kind === 'label.removed' && begun) facts.unlabelled.add(String(data.label));
  }
  return facts;
}

/** Where a step leads: the page, what the box then says, and as whom. Null for a step that does not exist. */
export function stepTarget(
  reading: Reading,
  id: string,
  current: PullIssue | undefined,
): { to: string; say: string | null; login: string } | null {
  const step = stepsOf(reading).find((candidate) => candidate.id === id);
  const rule = STEPS.find((candidate) => candidate.id === id);
  const person = reading.people[rule?.person ?? 0];
  if (!step || !rule || !person) return null;
  const home = repoPath(reading.world, reading.repo);
  if (id === 'open') return { to: `${home}/compare`, say: null, login: person.login };
  const pull = pullFor(reading, id, current, person.id);
  if (!pull) return { to: `${home}/pulls`, say: null, login: person.login };
  const to = `${home}/pull/${pull.number}`;
  if (id !== 'log') return { to, say: step.command, login: person.login };
  const status = logOf(reading, pull);
  if (!status) return { to, say: '/test all', login: person.login };
  return { to: `${to}/log?context=${encodeURIComponent(status)}`, say: null, login: person.login };
}

function logOf({ world, repo }: Reading, pull: PullIssue): string | undefined {
  const statuses = statusesOf(world, repo, pull.pull.headSha).filter(({ targetUrl }) => targetUrl);
  return (statuses.find(({ state }) => state === 'pending') ?? statuses[0])?.context;
}

function pullFor(reading: Reading, id: string, current: PullIssue | undefined, actorId: number): PullIssue | undefined {
  const { world, repo } = reading;
  const untrusted = (pull: PullIssue) => labelsOf(world, pull).some(({ name }) => name === 'needs-ok-to-test');
  const fits = (pull: PullIssue) =>
    pull.state === 'open' && (id === 'ok-to-test' ? untrusted(pull) : pull.authorId !== actorId && !untrusted(pull));
  if (current && fits(current)) return current;
  const open = world.issues
    .in(repo.id)
    .filter(isPull)
    .filter(({ state }) => state === 'open');
  return open.find(fits) ?? open[0];
}
