import type { Take } from '../blunderbuss/choose.ts';

/** By lower-case login; only who wrote something has one. */
export type Scores = ReadonlyMap<string, number>;

/** Takes whoever knows the changed lines best, of all layers alike; of equals anybody. */
export function takeBest(scores: Scores): Take {
  return (pool, random) => {
    const [best] = ranked(new Set(pool.flat()), scores, random);
    if (best === undefined) return undefined;
    for (const layer of pool) if (layer.includes(best)) layer.splice(layer.indexOf(best), 1);
    return best;
  };
}

/** Owners of anything in the repository, best first: those who wrote changed lines, then anybody. */
export function bestOthers(owners: ReadonlySet<string>, scores: Scores, most: number, random: () => number): string[] {
  return ranked(owners, scores, random).slice(0, most);
}

function ranked(logins: ReadonlySet<string>, scores: Scores, random: () => number): string[] {
  const drawn = [...logins].sort().map((login) => ({ login, score: scores.get(login) ?? 0, lot: random() }));
  return drawn.sort((a, b) => b.score - a.score || a.lot - b.lot).map(({ login }) => login);
}
