import { type CommandEventContext, type Layers, normLogin } from '../../core/plugin/index.ts';
import type { ReviewerSettings } from './config.ts';

/** Whom to choose from: reviewers, or approvers in their place. */
export interface Candidates {
  /** The directory whose OWNERS file names candidates for a path. */
  directory(path: string): string;
  /** Those of that file alone. */
  nearest(path: string): ReadonlySet<string>;
  all(path: string): Layers;
}

/** Takes one person out of the layers, from the nearest that has any; undefined where nobody is left who could be asked. */
export type Picker = (pool: string[][]) => Promise<string | undefined>;

/** Takes somebody out of the pool, who may turn out to be busy. */
export type Take = (pool: string[][], random: () => number) => string | undefined;

/** Takes until somebody is found whom GitHub does not say to be busy, where that is wanted; nobody is asked about twice. */
export function availableOnly(
  {
    ports,
    config,
    log,
    random,
  }: Pick<CommandEventContext<'search', ReviewerSettings>, 'ports' | 'config' | 'log' | 'random'>,
  take: Take,
): Picker {
  if (!config.use_status_availability) return async (pool) => take(pool, random);
  const known = new Map<string, boolean>();
  return async (pool) => {
    for (let login = take(pool, random); login !== undefined; login = take(pool, random)) {
      const busy = known.get(login) ?? (await isBusy(ports.search, login));
      known.set(login, busy);
      if (!busy) return login;
      log.debug({ login }, 'this owner is busy');
    }
    return undefined;
  };
}

interface Availability {
  user?: { status?: { indicatesLimitedAvailability?: boolean } | null } | null;
}

async function isBusy(search: CommandEventContext<'search'>['ports']['search'], user: string): Promise<boolean> {
  const answer = (await search.query(
    'query availability($user: String!) { user(login: $user) { status { indicatesLimitedAvailability } } }',
    { user },
  )) as Availability;
  return answer.user?.status?.indicatesLimitedAvailability === true;
}

/** Anybody of the nearest layer. */
export function takeRandom(pool: string[][], random: () => number): string | undefined {
  const layer = pool.find(({ length }) => length > 0);
  return layer?.splice(Math.floor(random() * layer.length), 1)[0];
}

/**
 * One of the nearest owners of each directory that was touched; where that makes fewer than `count`, more of them, and then those further up
 * (Prow: pkg/reviewer/reviewer.go, GetReviewers).
 */
export async function chooseReviewers(
  paths: readonly string[],
  from: Candidates,
  author: string,
  count: number,
  pick: Picker,
): Promise<string[]> {
  const self = normLogin(author);
  const nearest = new Set<string>();
  const perDirectory = new Set<string>();
  for (const path of firstOfEach(paths, from)) {
    const unused = [...from.nearest(path)].filter((login) => login !== self && !perDirectory.has(login));
    for (const login of unused) nearest.add(login);
    const chosen = await pick([unused.sort()]);
    if (chosen !== undefined) perDirectory.add(chosen);
  }
  const more = new Set<string>();
  const further = new Set<string>();
  const chosen = () => perDirectory.union(more).union(further);
  async function fill(pool: string[][], into: Set<string>): Promise<void> {
    while (chosen().size < count) {
      const login = await pick(pool);
      if (login === undefined) return;
      if (!chosen().has(login)) into.add(login);
    }
  }
  await fill([[...nearest.difference(perDirectory)].sort()], more);
  for (const path of paths) {
    const pool = from.all(path).map((layer) => layer.filter((login) => login !== self));
    await fill(pool, further);
  }
  return [perDirectory, more, further].flatMap((logins) => [...logins].sort());
}

function firstOfEach(paths: readonly string[], from: Candidates): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const directory = from.directory(path);
    const isNew = !seen.has(directory);
    seen.add(directory);
    return isNew;
  });
}
