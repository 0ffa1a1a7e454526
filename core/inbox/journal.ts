import type { InboxStore } from './store.ts';

/** One thing that a plugin noted down about what it has done; plain JSON. */
type JournalRecord = object;

/** What the plugins noted down about each delivery, so that a second attempt does not repeat what the first one did. */
export interface Journal {
  load(delivery: string, plugin: string): Promise<JournalRecord[]>;
  /** Resolves when the records survive the end of the process. */
  append(delivery: string, plugin: string, records: JournalRecord[]): Promise<void>;
}

/** A journal over the store that asks it nothing about entries that have just arrived: nobody can have noted anything about those. */
export interface CachingJournal extends Journal {
  /** Says that nothing is noted about an entry yet. */
  fresh(delivery: string): void;
  forget(delivery: string): void;
  /** Whether anything may have been noted about an entry, or by one plugin about it. */
  isUsed(delivery: string, plugin?: string): boolean;
}

export function createJournal(store: Pick<InboxStore, 'append' | 'load'>): CachingJournal {
  /** Who noted something about an entry that arrived in this process. */
  const writers = new Map<string, Set<string>>();

  function isUsed(delivery: string, plugin?: string): boolean {
    const known = writers.get(delivery);
    if (!known) return true;
    return plugin === undefined ? known.size > 0 : known.has(plugin);
  }

  return {
    isUsed,
    async load(delivery, plugin) {
      if (!isUsed(delivery, plugin)) return [];
      const records = await store.load(delivery, plugin);
      return records.map((record) => JSON.parse(record) as JournalRecord);
    },
    async append(delivery, plugin, records) {
      writers.get(delivery)?.add(plugin);
      const lines = records.map((record) => JSON.stringify(record));
      await store.append(delivery, plugin, lines);
    },
    fresh: (delivery) => void writers.set(delivery, new Set()),
    forget: (delivery) => void writers.delete(delivery),
  };
}
