import { CutwaterError } from '../../core/errors.ts';
import type { PortMap, PullRequest } from '../../core/ports/index.ts';
import type { Presubmits, PullFacts } from './jobs-port.ts';

/** The presubmits of a pull request, which is fetched only where the repository may declare jobs of its own. */
export async function presubmitsOfPull(
  { jobs, repo }: Pick<PortMap, 'jobs' | 'repo'>,
  pullRequest: () => Promise<PullRequest> | PullRequest,
): Promise<Presubmits> {
  if (!(await jobs.usesInRepoConfig())) return jobs.presubmits();
  const pull = await pullRequest();
  return jobs.presubmits({ baseSha: await baseShaOf({ repo }, pull), headSha: pull.head.sha });
}

/** The commit that the base branch stands at now. */
export async function baseShaOf({ repo }: Pick<PortMap, 'repo'>, { base }: PullRequest): Promise<string> {
  const sha = await repo.ref(`heads/${base.ref}`);
  if (sha === undefined) throw new CutwaterError('not-found', `the base branch ${base.ref} is gone`);
  return sha;
}

/** Facts for choosing among presubmits; each is asked for only if it matters. */
export function pullFacts(
  { pull, statuses }: Pick<PortMap, 'pull' | 'statuses'>,
  { base, head }: PullRequest,
): PullFacts {
  return {
    branch: base.ref,
    files: async () => (await pull.files()).map(({ path }) => path),
    async contexts() {
      const all = await statuses.combined(head.sha);
      const failed = all.filter(({ state }) => state === 'failure' || state === 'error');
      const names = (list: typeof all) => new Set(list.map(({ context }) => context));
      return { all: names(all), failed: names(failed) };
    },
  };
}
