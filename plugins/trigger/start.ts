import type { PullRequest } from '../../core/plugin/index.ts';
import type { Presubmits, PresubmitView } from '../../jobs/api/jobs-port.ts';
import { baseShaOf, pullFacts } from '../../jobs/api/pull.ts';
import type { Context } from './needs.ts';

/** What runs by itself on a pull request that is no draft. */
export async function startAutomatic(
  context: Context,
  pull: PullRequest,
  presubmits: Presubmits,
  delivery: string,
): Promise<void> {
  if (pull.draft) return context.log.info('a draft starts no job');
  const decisions = await presubmits.select({ automatic: true }, pullFacts(context.ports, pull));
  await start(
    context,
    pull,
    decisions.filter(({ runs }) => runs).map(({ job }) => job),
    delivery,
  );
}

/** Starts jobs, unless the pull request cannot be merged into its base: then nothing could be tested (Prow: RunRequested). */
export async function start(
  context: Context,
  pull: PullRequest,
  jobs: readonly PresubmitView[],
  delivery: string,
  labels: Record<string, string> = {},
): Promise<void> {
  if (jobs.length === 0) return;
  if (pull.mergeable === false) return context.log.info('no job starts: the change conflicts with its base');
  await context.ports.jobs.startPresubmits({
    jobs: jobs.map(({ name }) => name),
    pull: {
      number: pull.number,
      title: pull.title,
      author: pull.author,
      url: pull.url,
      headSha: pull.head.sha,
      headRef: pull.head.ref,
      baseRef: pull.base.ref,
      baseSha: await baseShaOf(context.ports, pull),
    },
    delivery,
    labels,
  });
}
