import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { corePorts, type GitHubClient, type Target } from '../../core/ports/index.ts';
import type { PresubmitWish } from '../../jobs/api/comment.ts';
import type { Presubmit } from '../../jobs/config/job.ts';
import { configuredPresubmits } from '../../jobs/port/configured.ts';
import type { SelectionFacts } from '../../jobs/select/presubmits.ts';
import type { githubFlags } from '../start/flags.ts';
import { openGitHub } from '../start/github.ts';
import { openInRepoJobs } from '../start/in-repo.ts';
import { openMirrors } from '../start/mirrors.ts';
import { cacheFolder } from './load.ts';

/** What is known of a pull request, and the presubmits that it has: the operator's and its repository's own. */
export interface PullJobs {
  repo: string;
  presubmits: readonly Presubmit[];
  /** Why the repository's own jobs are left out. */
  inRepoProblem?: string | undefined;
  facts: SelectionFacts;
}

const PULL = /^([^/\s#]+)\/([^/\s#]+)#(\d+)$/;

/** Reads `org/repo#N`. */
export function pullTarget(text: string): Required<Target> {
  const [, org, repo, number] = PULL.exec(text) ?? [];
  if (!org || !repo) throw new CutwaterError('usage', `${JSON.stringify(text)} is no pull request: write ORG/REPO#N`);
  return { org, repo, number: Number(number) };
}

/** Asks GitHub, as the program itself would, which jobs a pull request has and what they are chosen by. */
export async function jobsOfPull(
  config: Config,
  flags: FlagValues<typeof githubFlags>,
  at: Required<Target>,
  wish: PresubmitWish,
): Promise<PullJobs> {
  const log = createLogger('which-jobs', 'error');
  const registry = createMetrics();
  const github = openGitHub({ ...flags, 'dry-run': true }, undefined, log, registry);
  const mirrors = openMirrors(flags['github-host'], cacheFolder(), github, log);
  try {
    const gh = await github.forOrg(at.org);
    const read = () => config;
    const ownFlags = { 'in-repo-config-cache-size': undefined };
    const inRepo = openInRepoJobs({ flags: ownFlags, config: read, mirrors, registry });
    const { branch, ...commits } = await commitsOf(gh, at);
    const { jobs, inRepoProblem } = await configuredPresubmits({ config: read, inRepo, log }, gh, at, commits);
    const files = await corePorts.pull.calls.files.run(gh, at);
    const again = wish.retest || wish.retestRequired;
    const contexts = again ? await contextsOn(gh, at, commits.headSha) : undefined;
    const facts = { branch, files: files.map((file) => file.path), contexts };
    return { repo: `${at.org}/${at.repo}`, presubmits: jobs, inRepoProblem, facts };
  } finally {
    await mirrors.close();
    github.close();
  }
}

/** The head, and where the base branch stands now: that is what a test would merge. */
async function commitsOf(gh: GitHubClient, { org, repo, number }: Required<Target>) {
  const place = { owner: org, repo };
  const { data: pull } = await gh.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...place,
    pull_number: number,
  });
  const branch = pull.base.ref;
  const { data: ref } = await gh.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
    ...place,
    ref: `heads/${branch}`,
  });
  return { branch, headSha: pull.head.sha, baseSha: ref.object.sha };
}

async function contextsOn(gh: GitHubClient, at: Target, sha: string) {
  const statuses = await corePorts.statuses.calls.combined.run(gh, at, sha);
  const failed = statuses.filter(({ state }) => state === 'failure' || state === 'error');
  const names = (list: typeof statuses) => new Set(list.map(({ context }) => context));
  return { all: names(statuses), failed: names(failed) };
}
