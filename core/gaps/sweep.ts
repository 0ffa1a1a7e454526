import { setTimeout as sleep } from 'node:timers/promises';
import { Counter } from 'prom-client';
import { hasCode, isTransient } from '../errors.ts';
import type { GitHub } from '../github/github.ts';
import type { Octokit } from '../github/octokit.ts';
import { asSpender } from '../github/spender.ts';
import type { Delivery, InboxEntry } from '../inbox/entry.ts';
import type { Journal } from '../inbox/journal.ts';
import type { NoteStore } from '../inbox/store.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { missedPushes } from './branches.ts';
import { Gap } from './gap.ts';
import { missedOf } from './item.ts';
import { commentsIn, type Place, touchedSince } from './look.ts';
import { deliveryOf, type Missed, type Repository } from './payload.ts';
import { reposIn } from './repos.ts';

/** What has changed so lately may still be told by a delivery under way, and is looked at again after as long, so many times. */
const FRESH_MS = 20_000;
const MOST_LOOKS = 5;
/** How many repositories are looked through side by side. */
const SIDE_BY_SIDE = 4;
const NAME = 'gap';

export interface GapSweeperOptions {
  github: GitHub;
  accept(delivery: Delivery): Promise<boolean>;
  notes: Pick<NoteStore, 'facts'>;
  journal: Journal;
  /** Whether anything is to be done for a repository. */
  isServed(org: string, repo: string): boolean;
  /** Signs a payload of a repository as GitHub would. */
  sign(fullName: string, payload: Buffer): string;
  /** Ends a sweep early, when the program stops. */
  signal: AbortSignal;
  log: Logger;
  registry: Metrics;
}

/**
 * Closes a gap: looks through all repositories of its webhook for what nobody told us about, and hands that in as deliveries. Which have been looked through
 * is noted in the journal, and what is thrown has the others looked through again.
 */
export function createGapSweeper(options: GapSweeperOptions): (entry: InboxEntry) => Promise<void> {
  const { github, journal, isServed, signal, log, registry } = options;
  const found = new Counter({
    name: 'cutwater_gap_deliveries',
    help: 'Events that no delivery had told, found by looking through a gap.',
    labelNames: ['event_type'],
    registers: [registry],
  });
  const closed = new Counter({ name: 'cutwater_gaps_closed', help: 'Gaps that were closed.', registers: [registry] });

  async function sweepRepo(entry: InboxEntry, gap: Gap, { owner, repo }: Place): Promise<void> {
    const repoLog = log.child({ 'event-GUID': entry.delivery, org: owner, repo });
    const handIn = async (missed: Missed): Promise<void> => {
      const sign = (payload: Buffer): string => options.sign(`${owner}/${repo}`, payload);
      if (!(await options.accept(deliveryOf(missed, entry.delivery, sign)))) return;
      found.inc({ event_type: missed.event });
      repoLog.info(
        { 'event-type': missed.event, action: missed.body.action },
        'Found an event that no delivery had told',
      );
    };
    try {
      await lookThrough(await github.forOrg(owner), { owner, repo }, gap, options, handIn);
    } catch (error) {
      if (!hasCode(error, 'not-found') && !hasCode(error, 'forbidden')) throw error;
      repoLog.warn({ err: error }, 'A repository is left out of a gap: GitHub does not show it');
    }
    await journal.append(entry.delivery, NAME, [{ repo: `${owner}/${repo}` }]);
  }

  async function sweep(entry: InboxEntry): Promise<void> {
    const gap = Gap.parse(entry.body);
    const done = new Set((await journal.load(entry.delivery, NAME)).map((line) => (line as { repo: string }).repo));
    const repos = (await reposIn(github, gap)).filter(
      ({ owner, repo }) => isServed(owner, repo) && !done.has(`${owner}/${repo}`),
    );
    const failures: unknown[] = [];
    const queue = repos.values();
    const worker = async (): Promise<void> => {
      for (const place of queue) {
        signal.throwIfAborted();
        await sweepRepo(entry, gap, place).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    const failure = failures.find((error) => !isTransient(error)) ?? failures[0];
    if (failure) throw failure;
    closed.inc();
    log.info({ 'event-GUID': entry.delivery, ...gap, repos: repos.length + done.size }, 'A gap is closed');
  }

  return (entry) => asSpender({ plugin: 'gap', repo: '', priority: 'report' }, () => sweep(entry));
}

async function lookThrough(
  gh: Octokit,
  at: Place,
  gap: Gap,
  { notes, signal }: GapSweeperOptions,
  handIn: (missed: Missed) => Promise<void>,
): Promise<void> {
  let left: ReadonlySet<number> | undefined;
  for (let look = 1; ; look++) {
    const isFresh = (time: string): boolean => look < MOST_LOOKS && Date.now() - Date.parse(time) < FRESH_MS;
    const repository = (await gh.request('GET /repos/{owner}/{repo}', { ...at })).data as Repository;
    const item = { gh, at, repository, gap, comments: commentsIn(gh, at, gap.since), notes };
    const fresh = new Set<number>();
    for await (const issue of touchedSince(gh, at, gap.since)) {
      signal.throwIfAborted();
      if (left?.has(issue.number) === false) continue;
      if (isFresh(issue.updated_at)) fresh.add(issue.number);
      else for (const missed of await missedOf(issue, item).catch(goneAsNothing)) await handIn(missed);
    }
    left = fresh;
    if (left.size === 0 && !isFresh(repository.pushed_at)) {
      for (const missed of await missedPushes(gh, at, repository, gap, notes)) await handIn(missed);
      return;
    }
    await sleep(FRESH_MS, undefined, { signal });
  }
}

/** What is deleted or moved meanwhile has nothing more to tell. */
function goneAsNothing(error: unknown): Missed[] {
  if (hasCode(error, 'not-found')) return [];
  throw error;
}
