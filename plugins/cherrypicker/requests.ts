import { type Args, type Comment, CutwaterError, sameLogin } from '../../core/plugin/index.ts';

/** Where somebody asked, so that they can be answered; a label is answered without. */
interface Asked {
  body: string;
  url: string;
}

/** One cherry-pick that somebody wants. */
export interface Request {
  requester: string;
  target: string;
  /** Branches that come after this one, each after the one before it has merged. */
  chain: readonly string[];
  asked?: Asked;
}

const LONGEST_BRANCH = 255;
const MOST_TARGETS = 30;

/** One branch and those that follow it; what cannot be a branch's name makes the line no command. */
export const branches: Args<string[]> = {
  usage: '<branch> [branch…]',
  parse(given) {
    const words = given.split(/\s+/).filter((word) => word !== '');
    const fine = words.length > 0 && words.every((word) => word.length <= LONGEST_BRANCH && !word.includes('`'));
    return fine ? words : undefined;
  },
};

/** Target branch to the chain behind it, sorted as Prow does; of two lines for one branch the last one counts. */
export function targetsOf(said: readonly { args: readonly string[] }[]): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const { args } of said) if (args[0] !== undefined) targets.set(args[0], args.slice(1));
  if (targets.size > MOST_TARGETS)
    throw new CutwaterError('user', `I cherry-pick to at most ${MOST_TARGETS} branches at once.`);
  return new Map([...targets].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What was asked for on a pull request by the time it merged, one request for each person and branch, later words before earlier ones. */
export function requestsAtMerge(
  pull: Pick<Comment, 'author' | 'body' | 'url'>,
  comments: readonly Pick<Comment, 'author' | 'body' | 'url'>[],
  labels: readonly string[],
  { said, prefix }: { said(body: string): readonly { args: string[] }[]; prefix: string },
): Request[] {
  const found = new Map<string, Request>();
  const add = (request: Request) => found.set(`${request.requester.toLowerCase()} ${request.target}`, request);
  const chains = new Map<string, readonly string[]>();
  for (const { author: requester, body, url } of [pull, ...comments]) {
    for (const { args } of said(body).slice(0, MOST_TARGETS)) {
      const [target, ...chain] = args;
      if (target === undefined) continue;
      // Whoever is served first, the branch's chain is the last one that anybody named.
      if (chain.length > 0) chains.set(target, chain);
      add({ requester, target, chain, asked: { body, url } });
    }
  }
  for (const label of labels) {
    if (!label.startsWith(prefix)) continue;
    const target = label.slice(prefix.length);
    if (target !== '') add({ requester: pull.author, target, chain: [] });
  }
  return [...found.values()].map((request) => ({ ...request, chain: chains.get(request.target) ?? [] }));
}

/** The first request for each branch, among those of people who may ask. */
export function oneForEachBranch(requests: readonly Request[], allowed: readonly string[]): Request[] {
  const mine = requests.filter(({ requester }) => allowed.some((login) => sameLogin(login, requester)));
  return mine.filter(({ target }, index) => mine.findIndex((other) => other.target === target) === index);
}
