import { setTimeout as pause } from 'node:timers/promises';
import { CutwaterError } from '../errors.ts';
import { type GitHubClient, orMissing, repoOf, type Target } from './port.ts';

/** GitHub forks in the background. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

type Fork = { org: string; repo: string };

/** The fork that `login`, who we are, has of the repository; made where there is none. It may have another name (Prow: EnsureFork). */
export async function fork(gh: GitHubClient, at: Target, login: string): Promise<Fork> {
  const there = await forkNamed(gh, at, { org: login, repo: at.repo });
  if (there) return there;
  const { data } = await gh.request('POST /repos/{owner}/{repo}/forks', {
    ...repoOf(at),
    // A second time gives the same fork.
    request: { repeatable: true },
  });
  const made = { org: data.owner.login, repo: data.name };
  for (const ms of PAUSES_MS) {
    const seen = await forkNamed(gh, at, made);
    if (seen) return seen;
    await pause(ms);
  }
  throw new CutwaterError('transient', `fork of ${at.org}/${at.repo} cannot show up on GitHub`);
}

async function forkNamed(gh: GitHubClient, at: Target, name: Fork): Promise<Fork | undefined> {
  const answer = await orMissing(gh.request('GET /repos/{owner}/{repo}', repoOf(name)));
  const parent = answer?.data.parent?.full_name.toLowerCase();
  return answer && parent === `${at.org}/${at.repo}`.toLowerCase()
    ? { org: answer.data.owner.login, repo: answer.data.name }
    : undefined;
}
