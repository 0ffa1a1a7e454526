import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../core/log.ts';
import { isComplete } from '../../jobs/api/prowjob.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';

const LOOK_MS = 200;
const STOPPED = 'Aborted: the program was stopped before the job ended.';

export interface DrainOptions {
  store: ProwJobStore;
  /** How long jobs may take to finish before they are aborted. */
  graceMs: number;
  log: Logger;
}

/** Lets the jobs that run finish, and aborts those that do not in time; the components that carry it out still work meanwhile. */
export async function drainJobs({ store, graceMs, log }: DrainOptions): Promise<void> {
  const running = await pendingIn(store);
  if (running.length === 0) return;
  log.info({ jobs: running.length }, 'Waiting for jobs to finish; a second Ctrl-C leaves them running');
  if (await gone(store, new Set(running), graceMs)) return;
  const left = (await pendingIn(store)).filter((name) => running.includes(name));
  log.warn({ jobs: left.length }, 'Aborting the jobs that did not finish in time');
  for (const name of left) {
    await store.update(name, (job) =>
      isComplete(job) ? undefined : { ...job, status: { ...job.status, state: 'aborted', description: STOPPED } },
    );
  }
  await gone(store, new Set(left), graceMs);
}

async function pendingIn(store: ProwJobStore): Promise<string[]> {
  const { items } = await store.list({ active: true });
  return items
    .filter(({ status }) => status.pod_name !== undefined || status.state === 'pending')
    .map(({ metadata }) => metadata.name ?? '');
}

/** Whether all of them end within the time. */
async function gone(store: ProwJobStore, names: ReadonlySet<string>, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  for (;;) {
    const active = (await store.list({ active: true })).items;
    if (!active.some(({ metadata }) => names.has(metadata.name ?? ''))) return true;
    if (Date.now() >= end) return false;
    await pause(LOOK_MS);
  }
}
