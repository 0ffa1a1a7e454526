import type { Logger } from '../../core/log.ts';
import type { Target } from '../../core/ports/index.ts';
import { EVENT_GUID } from '../api/labels.ts';
import { isComplete, type ProwJob } from '../api/prowjob.ts';
import type { ProwJobFilter, ProwJobStore } from '../api/store.ts';
import { pagesOf } from '../store/pages.ts';

const ABORTED = 'Aborted by trigger plugin.';

/** The ProwJobs of a pull request's presubmits, newest first. */
export async function presubmitsOf(store: ProwJobStore, at: Target, active = false): Promise<ProwJob[]> {
  const { org, repo, number } = at;
  const filter: ProwJobFilter = {
    org,
    repo,
    types: ['presubmit'],
    ...(number !== undefined && { pull: number }),
    ...(active && { active }),
  };
  const found: ProwJob[] = [];
  for await (const { items } of pagesOf(store, filter)) found.push(...items);
  return found;
}

/** Marks those that have not ended as aborted; the controller then ends their pods (Prow: abortAllJobs). */
export async function abortPresubmits(
  store: ProwJobStore,
  log: Logger,
  at: Target,
  delivery: string,
): Promise<string[]> {
  const aborted: string[] = [];
  for (const { metadata } of await presubmitsOf(store, at, true)) {
    if (metadata.labels?.[EVENT_GUID] === delivery || !metadata.name) continue;
    const after = await store.update(metadata.name, (job) =>
      isComplete(job) || job.status.state === 'aborted'
        ? undefined
        : { ...job, status: { ...job.status, state: 'aborted', description: ABORTED } },
    );
    if (after.status.state !== 'aborted') continue;
    log.info({ prowjob: metadata.name, job: after.spec.job }, 'aborted a presubmit');
    aborted.push(metadata.name);
  }
  return aborted;
}
