import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxEntry } from './entry.ts';
import { createHandling } from './handling.ts';
import type { CachingJournal } from './journal.ts';
import type { InboxOptions } from './options.ts';
import { createSuspects } from './suspects.ts';

/** Works entries off, and says to the store and then to `ended` what became of them. */
export function createWorkers(
  options: InboxOptions,
  journal: CachingJournal,
  closing: AbortSignal,
  ended: (entry: InboxEntry) => void,
) {
  const { store, crashNote, metrics } = options;
  const handling = createHandling(options, closing);
  const suspects = createSuspects(options);
  const running = new Map<string, Promise<void>>();

  /** `mayGoOn`: when the next of the same key may begin. Only when the outcome is in the store, or will be there before anything of the next, and nothing was noted. */
  function begin(entry: InboxEntry): { end: Promise<void>; mayGoOn: Promise<void> } {
    const handled = suspects.inTurn(entry, () => handling.untilDone(entry));
    const end = handled
      .then((failure) => settle(entry, failure))
      .finally(() => {
        running.delete(entry.delivery);
        journal.forget(entry.delivery);
        ended(entry);
      });
    const mayGoOn = handled.then((failure) =>
      failure === undefined && store.keepsOrder && !journal.isUsed(entry.delivery) ? undefined : end,
    );
    return { end, mayGoOn };
  }

  async function settle(entry: InboxEntry, failure: string | undefined): Promise<void> {
    if (failure !== undefined && closing.aborted) return;
    if (failure === undefined) metrics.finished(entry.receivedAt);
    else metrics.setAside();
    await handling.persist(entry, () =>
      failure === undefined ? store.finish(entry.delivery) : store.setAside(entry.delivery, failure),
    );
  }

  return {
    /** Resolves when the next of the same key may begin. */
    async work(entry: InboxEntry): Promise<void> {
      if (closing.aborted) return;
      const { end, mayGoOn } = crashNote.watch(entry.delivery, () => begin(entry));
      running.set(entry.delivery, end);
      await mayGoOn;
    },
    /** Waits for what is at work, at most so long; the deliveries that are at work still. */
    async rest(graceMs: number): Promise<string[]> {
      const grace = new AbortController();
      const cut = sleep(graceMs, undefined, { signal: grace.signal }).catch(() => {});
      await Promise.race([Promise.allSettled(running.values()), cut]);
      grace.abort();
      return [...running.keys()];
    },
  };
}
