import type { Bug, LinkedPull } from '../../core/plugin/index.ts';
import { CutwaterError } from '../../core/plugin/index.ts';
import { botComments, createWorld, happen, say, type World } from '../../core/plugin/testing/index.ts';
import { bugzilla } from './index.ts';

const URL = 'https://bugs.example.test';
export const LINK = `[Bugzilla bug 123](${URL}/show_bug.cgi?id=123)`;

/** A bug of the tracker; 123 unless told otherwise. */
export function bug(more: Partial<Bug> = {}): Bug {
  return {
    id: 123,
    summary: 'It breaks',
    status: '',
    resolution: '',
    severity: '',
    whiteboard: '',
    is_open: false,
    target_release: [],
    groups: [],
    blocks: [],
    depends_on: [],
    ...more,
  };
}

export interface Stage {
  title?: string;
  bugs?: Bug[];
  /** What the bug lists. */
  links?: LinkedPull[];
  options?: object;
  world?: Partial<World>;
  others?: Partial<World>[];
  /** Calls of Bugzilla that it refuses, with these words. */
  refuses?: Record<string, string>;
  qa?: string[];
  subComponents?: Record<string, string[]>;
}

/** Bugzilla over a list of bugs, which notes what is written. */
function tracker({ bugs = [], links = [], refuses = {}, subComponents = {} }: Stage) {
  const writes: [string, ...unknown[]][] = [];
  let linked = links;
  const noted = async <T>(call: string, answer: T, ...args: unknown[]): Promise<T> => {
    if (refuses[call] !== undefined) throw new CutwaterError('invalid', refuses[call]);
    writes.push([call, ...args]);
    return answer;
  };
  const port = {
    url: async () => URL,
    async bug(id: number) {
      const words = refuses.bug ?? refuses[`bug ${id}`];
      if (words !== undefined) throw new CutwaterError('invalid', words);
      const found = bugs.find((one) => one.id === id);
      if (!found) throw new CutwaterError('not-found', 'no such bug');
      return found;
    },
    pulls: async () => linked,
    comments: async () => [
      { text: 'first', creator: 'ann', time: '2026-01-01T00:00:00Z', is_private: false },
      { text: 'second', creator: 'ben', time: '2026-01-02T03:04:05Z', is_private: true },
    ],
    subComponents: async () => subComponents,
    update: (id: number, update: object) => noted('update', undefined, id, update),
    async addPull(id: number, pull: LinkedPull) {
      const isNew = !linked.some(({ number }) => number === pull.number);
      return noted('addPull', isNew, id, pull);
    },
    async removePull(id: number, pull: LinkedPull) {
      const before = linked.length;
      linked = linked.filter(({ number }) => number !== pull.number);
      return noted('removePull', linked.length < before, id, pull);
    },
    create: (wanted: object) => noted('create', 124, wanted),
    comment: (id: number, text: string) => noted('comment', true as const, id, text),
  };
  return { port, writes };
}

function prepared(given: Stage) {
  const { port, writes } = tracker(given);
  const world = { title: given.title ?? 'Bug 123: fixed it!', ...given.world };
  const query = async () => ({ search: { edges: (given.qa ?? []).map((login) => ({ node: { login } })) } });
  const stage = {
    world,
    others: (given.others ?? []).map((other) => createWorld(other)),
    settings: {
      bugzilla: { default: { '*': given.options ?? {} } },
      plugins: { acme: ['bugzilla'], other: { plugins: ['bugzilla'] } },
    },
    ports: { bugzilla: port, search: { issues: async () => [], query, mutate: query } as never },
  };
  const outcome = (after: World) => ({
    labels: after.labels,
    writes,
    told: botComments(after).map((body) => body.split('\n\n<details>\n\nIn response to')[0]),
  });
  return { stage, outcome };
}

/** The pull request is opened, edited or closed. */
export async function pull(action: string, given: Stage & { payload?: object } = {}) {
  const { stage, outcome } = prepared(given);
  return outcome(await happen(bugzilla, 'pull_request', action, { ...stage, payload: given.payload ?? {} }));
}

/** carol comments. */
export async function comment(words: string, given: Stage = {}) {
  const { stage, outcome } = prepared(given);
  return outcome(await say(bugzilla, 'carol', words, stage));
}
