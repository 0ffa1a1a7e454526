import { type Areas, areasByPerson, unapprovedAreas } from './areas.ts';
import { goPermutation } from './go-random.ts';

type AreasOf = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Whom to ask for the approvals that are missing, sorted: few people who cover much, assignees before others (Prow: GetCCs). `seed` is the pull
 * request's number, so that different pull requests ask different people and one always the same.
 */
export function suggestApprovers(
  areas: Areas,
  approved: ReadonlySet<string>,
  assignees: ReadonlySet<string>,
  seed: number,
): string[] {
  const nearest = areasByPerson(areas.nearest);
  const everywhere = areasByPerson(areas.approvers);
  const suggested = stillOfUse(areas, nearest, approved.union(assignees), shuffled(areas, seed));
  const known = approved.union(suggested);
  const useful = stillOfUse(areas, everywhere, known, [...known.union(assignees)].sort());
  return [...suggested.union(useful)].sort();
}

/** Everybody once for each area that they are nearest to, as in Prow, or the order would be another. */
function shuffled({ nearest }: Areas, seed: number): string[] {
  const people = [...nearest.values()].flatMap((logins) => [...logins]).sort();
  return goPermutation(seed, people.length).flatMap((index) => people[index] ?? []);
}

/** Of those who would cover all areas, the ones whom `known` leave something to approve. */
function stillOfUse(
  areas: Areas,
  areasOf: AreasOf,
  known: ReadonlySet<string>,
  candidates: readonly string[],
): Set<string> {
  const open = unapprovedAreas(areas, known);
  const cover = coverOf(areas, areasOf, candidates);
  return new Set([...cover].filter((login) => !open.isDisjointFrom(areasOf.get(login) ?? new Set())));
}

function coverOf(areas: Areas, areasOf: AreasOf, candidates: readonly string[]): Set<string> {
  const chosen = new Set<string>();
  for (;;) {
    const next = mostCovering(areasOf, candidates, chosen, unapprovedAreas(areas, chosen));
    if (next === undefined) return chosen;
    chosen.add(next);
  }
}

/** Compares what a person newly covers with all that the best one so far may approve, as Prow does. */
function mostCovering(
  areasOf: AreasOf,
  candidates: readonly string[],
  chosen: ReadonlySet<string>,
  open: ReadonlySet<string>,
): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const login of candidates) {
    const covers = areasOf.get(login) ?? new Set<string>();
    if (chosen.has(login) || covers.intersection(open).size <= most) continue;
    best = login;
    most = covers.size;
  }
  return best;
}
