import type { Config } from '../../core/config/config.ts';
import { isTransient, messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { GitHubClient, Target } from '../../core/ports/index.ts';
import type { Postsubmit, Presubmit } from '../config/job.ts';
import { jobs } from '../config/jobs.ts';

/** Jobs that repositories declare for themselves, in `.prow.yaml`. */
export interface InRepoJobs {
  enabledFor(org: string, repo: string): boolean;
  /** Those of the base with the head merged into it. Throws where they cannot be used; the message is for people. */
  presubmits(
    gh: GitHubClient,
    at: Target,
    commits: { baseSha: string; headSha: string },
  ): Promise<readonly Presubmit[]>;
  postsubmits(gh: GitHubClient, at: Target, sha: string): Promise<readonly Postsubmit[]>;
}

export interface JobSources {
  config(): Pick<Config, 'get'>;
  /** Absent: no repository declares jobs of its own. */
  inRepo?: InRepoJobs;
  log: Logger;
}

export interface Configured<J> {
  jobs: readonly J[];
  inRepoProblem?: string;
}

/** The operator's presubmits, then the repository's own; where those are wrong the operator's alone (Prow: getPresubmits in trigger.go). */
export async function configuredPresubmits(
  sources: JobSources,
  gh: GitHubClient,
  at: Target,
  commits: { baseSha: string; headSha: string } | undefined,
): Promise<Configured<Presubmit>> {
  const operators = sources.config().get(jobs).presubmits.get(`${at.org}/${at.repo}`) ?? [];
  const { inRepo } = sources;
  if (!commits || !inRepo?.enabledFor(at.org, at.repo)) return { jobs: operators };
  return joined(sources, at, operators, () => inRepo.presubmits(gh, at, commits));
}

export async function configuredPostsubmits(
  sources: JobSources,
  gh: GitHubClient,
  at: Target,
  sha: string | undefined,
): Promise<Configured<Postsubmit>> {
  const operators = sources.config().get(jobs).postsubmits.get(`${at.org}/${at.repo}`) ?? [];
  const { inRepo } = sources;
  if (sha === undefined || !inRepo?.enabledFor(at.org, at.repo)) return { jobs: operators };
  return joined(sources, at, operators, () => inRepo.postsubmits(gh, at, sha));
}

async function joined<J>(
  { log }: JobSources,
  at: Target,
  operators: readonly J[],
  own: () => Promise<readonly J[]>,
): Promise<Configured<J>> {
  try {
    return { jobs: [...operators, ...(await own())] };
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err, org: at.org, repo: at.repo }, "the repository's own jobs cannot be used");
    return { jobs: operators, inRepoProblem: messageOf(err) };
  }
}
