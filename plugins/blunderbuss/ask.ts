import {
  type CommandEventContext,
  normLogin,
  type Owners,
  type PullRequest,
  requestReviews,
} from '../../core/plugin/index.ts';
import { type Candidates, chooseReviewers, type Picker, takeRandom } from './choose.ts';
import type { BlunderbussSettings } from './config.ts';

/** What blunderbuss sees of GitHub. */
export const NEEDS = ['pull', 'owners', 'search'] as const;

type Context = Pick<
  CommandEventContext<(typeof NEEDS)[number], BlunderbussSettings>,
  'ports' | 'config' | 'log' | 'random'
>;

/** Finds reviewers for the change, and asks them (Prow: pkg/plugins/blunderbuss/blunderbuss.go, handle). */
export async function askForReviews(context: Context, at: { org: string }, pull: PullRequest): Promise<void> {
  const { ports, log } = context;
  const [owners, files] = await Promise.all([ports.owners.load(pull.base.ref), ports.pull.files()]);
  const names = await reviewersFor(
    context,
    owners,
    files.map(({ path }) => path),
    pull.author,
  );
  if (names.length === 0) return;
  const refused = await requestReviews(ports.pull, names, at.org);
  if (refused.length > 0) log.warn({ refused }, 'GitHub does not let these owners be asked for a review');
}

async function reviewersFor(context: Context, owners: Owners, paths: string[], author: string): Promise<string[]> {
  const { request_count: count, max_request_count: max, exclude_approvers: noApprovers } = context.config;
  const pick = pickOf(context);
  const found = await chooseReviewers(paths, reviewersOf(owners), author, count, pick);
  const fallback =
    found.length < count && !noApprovers ? await chooseReviewers(paths, approversOf(owners), author, count, pick) : [];
  const all = [...new Set([...found, ...fallback])];
  const limited = max > 0 ? all.slice(0, max) : all;
  const required = paths.flatMap((path) => [...owners.requiredReviewers(path)]).sort();
  return [...new Set([...limited, ...required])].filter((login) => login !== normLogin(author));
}

function reviewersOf(owners: Owners): Candidates {
  return { directory: owners.reviewerDirectory, nearest: owners.leafReviewers, all: owners.reviewers };
}

function approversOf(owners: Owners): Candidates {
  return { directory: owners.approverDirectory, nearest: owners.leafApprovers, all: owners.approvers };
}

/** Chooses at random, and where wanted not whom GitHub says to be busy; nobody is asked about twice. */
function pickOf({ ports, config, log, random }: Context): Picker {
  if (!config.use_status_availability) return async (pool) => takeRandom(pool, random);
  const known = new Map<string, boolean>();
  return async (pool) => {
    for (let login = takeRandom(pool, random); login !== undefined; login = takeRandom(pool, random)) {
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

async function isBusy(search: Context['ports']['search'], user: string): Promise<boolean> {
  const answer = (await search.query(
    'query availability($user: String!) { user(login: $user) { status { indicatesLimitedAvailability } } }',
    { user },
  )) as Availability;
  return answer.user?.status?.indicatesLimitedAvailability === true;
}
