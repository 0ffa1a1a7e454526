import { hasCode } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobFilter, ProwJobStore, WatchEvent } from '../api/store.ts';
import { pause } from '../pause.ts';

export type FollowEvent = { type: 'listed'; jobs: ProwJob[] } | Exclude<WatchEvent, { type: 'bookmark' }>;

export interface FollowOptions {
  store: ProwJobStore;
  signal: AbortSignal;
  log: Logger;
  /** What is listed. The watch tells of every job: one that leaves what was listed has to be heard of. */
  list?: ProwJobFilter;
  /** First and longest pause before it is tried again, in milliseconds. */
  retry?: { first: number; longest: number };
}

/**
 * The jobs there are (`listed`), then every change, until `signal` aborts. Where the watch fails or is too old the jobs are
 * listed again: what was seen before and is not among them has been deleted in between.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<FollowEvent> {
  const { store, signal, log, list, retry = { first: 500, longest: 30_000 } } = options;
  let delay = retry.first;
  while (!signal.aborted) {
    try {
      const { items, resourceVersion } = await store.list(list);
      yield { type: 'listed', jobs: items };
      for await (const event of store.watch(resourceVersion, signal)) {
        delay = retry.first;
        if (event.type !== 'bookmark') yield event;
      }
      if (!signal.aborted) log.debug('the watch of ProwJobs ended, listing again');
    } catch (error) {
      if (hasCode(error, 'gone')) continue;
      log.warn({ err: error }, 'the watch of ProwJobs failed, listing again');
    }
    if (!signal.aborted) await pause(delay, signal);
    delay = Math.min(delay * 2, retry.longest);
  }
}
