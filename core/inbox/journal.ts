import type { InboxStore } from './store.ts';

/** One thing that a plugin noted down about what it has done; plain JSON. */
export type JournalRecord = object;

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
  forget(delivery: string, plugin?: string): void;
}

export function createJournal(store: Pick<InboxStore, 'append' | 'load'>): CachingJournal {
  const fresh = new Map<string, Set<string>>();
  return {
    async load(delivery, plugin) {
      const written = fresh.get(delivery);
      if (written && !written.has(plugin)) return [];
      const records = await store.load(delivery, plugin);
      return records.map((record) => JSON.parse(record) as JournalRecord);
    },
    async append(delivery, plugin, records) {
      fresh.get(delivery)?.add(plugin);
      await store.append(
        delivery,
        plugin,
        records.map((record) => JSON.stringify(record)),
      );
    },
    fresh: (delivery) => void fresh.set(delivery, new Set()),
    forget(delivery, plugin) {
      if (plugin === undefined) fresh.delete(delivery);
      else fresh.get(delivery)?.delete(plugin);
    },
  };
}
