import type { Logger } from '../log.ts';
import type { CrashNote } from './crash-note.ts';
import type { InboxEntry } from './entry.ts';
import type { InboxMetrics } from './metrics.ts';
import type { InboxStore } from './store.ts';

export interface InboxOptions {
  store: InboxStore;
  /**
   * Handles one entry to its end. What it throws has it handled again after a pause, the next of the same key waiting behind it: for a day where the error
   * is `transient` or a `timeout`, and a few times where it is anything else; then the entry is set aside.
   */
  handle: (entry: InboxEntry) => Promise<void>;
  crashNote: CrashNote;
  metrics: InboxMetrics;
  log: Logger;
  /** How many entries are handled side by side (200). */
  concurrency?: number | undefined;
  /** The pause before the second try, doubled for every further one (1000 ms). */
  firstPauseMs?: number | undefined;
}
