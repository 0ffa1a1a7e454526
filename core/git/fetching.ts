import { CutwaterError } from '../errors.ts';
import { type GitCalls, text } from './calls.ts';
import { objectName, refName } from './names.ts';
import { remoteFailure } from './remote-failure.ts';

export interface Turns {
  /** Fetches of one repository take turns. */
  inTurn<T>(fetch: () => Promise<T>): Promise<T>;
  /** Told after every fetch that brought something. */
  fetched(): void;
}

const FETCH = ['fetch', '--quiet', '--filter=blob:none', '--no-tags', '--no-write-fetch-head'];
const LS_REMOTE = ['ls-remote', '--quiet'];

/** Brings into a mirror what it lacks, and nothing twice. */
export function fetching({ local, remotely }: GitCalls, { inTurn, fetched }: Turns) {
  async function missing(oids: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const oid of new Set(oids)) {
      const { code } = await local(['rev-list', '--no-walk', '--missing=print', '--quiet', objectName(oid), '--']);
      if (code !== 0) found.push(oid);
    }
    return found;
  }

  async function bring(oids: readonly string[]): Promise<void> {
    if (oids.length === 0) return;
    const outcome = await remotely([...FETCH, '--stdin', 'origin'], { input: `${oids.join('\n')}\n` });
    if (outcome.code !== 0) throw remoteFailure('fetch', outcome.stderr);
    fetched();
  }

  async function fetchObjects(oids: readonly string[]): Promise<void> {
    if ((await missing(oids)).length === 0) return;
    // Somebody before us may have brought them.
    await inTurn(async () => bring(await missing(oids)));
  }

  async function find(ref: string): Promise<string | undefined> {
    const outcome = await remotely([...LS_REMOTE, 'origin', refName(ref)]);
    if (outcome.code !== 0) throw remoteFailure('ls-remote', outcome.stderr);
    const line = text(outcome)
      .split('\n')
      .find((row) => row.endsWith(`\t${ref}`));
    return line?.split('\t')[0];
  }

  return {
    /** Commits with their history, and file contents. */
    fetchObjects,
    /** What the remote's ref points to now. */
    find,
    async fetchRef(ref: string): Promise<string> {
      const sha = await find(ref);
      if (!sha) throw new CutwaterError('not-found', `there is no ${ref}`);
      await fetchObjects([sha]);
      return sha;
    },
  };
}
