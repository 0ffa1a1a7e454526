import type { Octokit } from '../github/octokit.ts';
import { branchesKey } from '../inbox/facts.ts';
import type { NoteStore } from '../inbox/store.ts';
import type { Gap } from './gap.ts';
import { committedAt, type Place } from './look.ts';
import { bodyFor, type Missed, type Repository } from './payload.ts';

/**
 * Pushes that nobody told us about, several to one branch as one. Branches that no push was told of are left alone, but for the default one where its head
 * is younger than the gap.
 */
export async function missedPushes(
  gh: Octokit,
  at: Place,
  repository: Repository,
  gap: Gap,
  notes: Pick<NoteStore, 'facts'>,
): Promise<Missed[]> {
  if (Date.parse(repository.pushed_at) < gap.since) return [];
  const branches = await gh.paginate('GET /repos/{owner}/{repo}/branches', { ...at, per_page: 100 });
  const known = new Map(
    (await notes.facts(branchesKey(repository.full_name))).map(({ field, value }) => [field, value]),
  );
  const missed: Missed[] = [];
  for (const { name, commit } of branches) {
    const ref = `refs/heads/${name}`;
    const before = known.get(ref);
    if (before === commit.sha) continue;
    if (before === undefined && name !== repository.default_branch) continue;
    if (before === undefined && (await committedAt(gh, at, commit.sha)) < gap.since) continue;
    missed.push(await pushOf(gh, at, repository, ref, before, commit.sha));
  }
  return missed;
}

async function pushOf(
  gh: Octokit,
  at: Place,
  repository: Repository,
  ref: string,
  before: string | undefined,
  after: string,
): Promise<Missed> {
  const { data } = before
    ? await gh.request('GET /repos/{owner}/{repo}/compare/{basehead}', { ...at, basehead: `${before}...${after}` })
    : await gh.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...at, ref: after });
  const files = data.files ?? [];
  const named = (...states: string[]): string[] =>
    files.filter(({ status }) => states.includes(status)).map(({ filename }) => filename);
  const last = 'commits' in data ? data.commits.at(-1) : data;
  const message = last?.commit.message ?? '';
  const commit = {
    id: after,
    message,
    added: named('added', 'copied'),
    removed: named('removed'),
    modified: named('modified', 'changed', 'renamed'),
  };
  const parts = {
    ref,
    before: before ?? '',
    after,
    created: false,
    deleted: false,
    forced: 'status' in data && data.status === 'diverged',
    compare: `${repository.html_url}/compare/${before ?? `${after}^`}...${after}`,
    commits: [commit],
    head_commit: commit,
    pusher: { name: last?.author?.login ?? 'ghost' },
  };
  const body = bodyFor({ ...repository, ...secondsOf(repository) }, parts, last?.author ?? null);
  return { event: 'push', body, at: repository.pushed_at };
}

/** Payloads of pushes have this time in seconds. */
function secondsOf({ pushed_at }: Repository): object {
  return { pushed_at: Math.floor(Date.parse(pushed_at) / 1000) };
}
