import { CutwaterError } from '../errors.ts';
import type { Octokit } from './octokit.ts';

/** An account that the App is installed on. */
export interface Installation {
  id: number;
  /** The organisation's or user's login, as GitHub writes it. */
  account: string;
  permissions: Record<string, string>;
  events: string[];
  suspended: boolean;
}

export interface Installations {
  list(): Promise<Installation[]>;
  /** The installation on an account; `not-found` where there is none. */
  of(org: string): Promise<number>;
  /** The accounts that are known by now, by `installation/ID`. */
  names(): ReadonlyMap<string, string>;
  /** Has the list read again, as after an `installation` event. */
  refresh(): void;
}

const KEEP_MS = 3_600_000;
/** An account that is missing has the list read again at most this often. */
const LOOK_AGAIN_MS = 30_000;

/** Finds installations; one list serves for an hour. `heard` is told of each that is read. */
export function createInstallations(
  app: () => Promise<Octokit>,
  heard: (installed: readonly Installation[]) => void,
): Installations {
  let list: Promise<Installation[]> | undefined;
  let readAt = 0;
  let names: ReadonlyMap<string, string> = new Map();

  function read(maxAgeMs: number): Promise<Installation[]> {
    if (list && Date.now() - readAt < maxAgeMs) return list;
    readAt = Date.now();
    const reading = fetchAll(app);
    reading.then(
      (all) => {
        names = new Map(all.map(({ id, account }) => [`installation/${id}`, account]));
        heard(all);
      },
      () => {
        if (list === reading) list = undefined;
      },
    );
    list = reading;
    return reading;
  }

  const find = (all: Installation[], org: string): Installation | undefined =>
    all.find(({ account }) => account.toLowerCase() === org.toLowerCase());

  return {
    list: () => read(KEEP_MS),
    async of(org) {
      const found = find(await read(KEEP_MS), org) ?? find(await read(LOOK_AGAIN_MS), org);
      if (found) return found.id;
      throw new CutwaterError('not-found', `the GitHub App is not installed on ${org}`);
    },
    names: () => names,
    refresh() {
      list = undefined;
    },
  };
}

async function fetchAll(app: () => Promise<Octokit>): Promise<Installation[]> {
  const octokit = await app();
  const found = await octokit.paginate('GET /app/installations', { per_page: 100 });
  return found.map(({ id, account, permissions, events, suspended_at }) => ({
    id,
    account: loginOf(account),
    permissions: { ...permissions } as Record<string, string>,
    events,
    suspended: Boolean(suspended_at),
  }));
}

/** An organisation's or user's login; an enterprise has a slug. */
function loginOf(account: unknown): string {
  const { login, slug } = (account ?? {}) as { login?: string; slug?: string };
  return login ?? slug ?? '';
}
