import type { EntryState, EntrySummary } from './entry.ts';
import type { Fact } from './facts.ts';

/** A delivery as it is written. `headers` is JSON. */
export interface NewEntry {
  delivery: string;
  event: string;
  key: string;
  headers: string;
  payload: Uint8Array;
  receivedAt: number;
}

/** What is noted of a new delivery beside itself. */
export interface Arrival {
  /** Kept with the delivery, for longer than it. */
  facts: Fact[];
  /** The delivery is known where this one is: the id that a sweep gives the same event. */
  twin?: string | undefined;
  /** It comes from a sweep, and is known where all that it tells had been told. */
  missed?: boolean | undefined;
}

/** An entry that this process is to handle now. */
export interface ClaimedEntry extends NewEntry {
  /** Its place in the order of arrival. */
  seq: number;
  attempts: number;
  /** Plugins that have finished with it. */
  done: string[];
}

/** What became of a new delivery: it is there already, it has to wait, or this process is to handle it, as the `seq`th that ever arrived. */
export type PutResult = { state: 'known' } | { state: 'waiting' | 'running'; seq: number };

export interface Claim {
  entries: ClaimedEntry[];
  /** How many entries are still waiting. */
  left: number;
}

export interface StoreStats {
  waiting: number;
  running: number;
  aside: number;
  done: number;
  bytes: number;
}

/** How long and how much is kept. Finished entries go after `keepMs`, or sooner, oldest first, where all would be more than `maxBytes`. */
export interface Retention {
  keepMs: number;
  maxBytes: number;
}

/** How often the process may die with an entry in its hands before the entry is set aside. */
export interface PoisonLimits {
  /** Deaths that were traced to the entry. */
  crashes: number;
  /** Deaths of any cause, kill -9 and power cuts included, while the entry was being handled. */
  attempts: number;
}

/** After so many deaths of any cause an entry is handled while no other such entry is: what did not kill the process then does not share the blame. */
export const SUSPECT_ATTEMPTS = 2;

/**
 * Where deliveries are kept. Writes may be grouped; a promise resolves when its write is committed, and `put` only when it is synced to disk. Errors are
 * CutwaterError `transient`: nothing of that write was kept.
 */
export interface InboxStore {
  /** Whether what is written later is never on disk where what was written before is not. */
  readonly keepsOrder: boolean;
  /** Keeps a delivery. With `start` it is handed to this process, unless something before it with the same key waits or is in other hands. */
  put(entry: NewEntry, start: boolean, arrival?: Arrival): Promise<PutResult>;
  /** Takes up to `limit` waiting entries, oldest first, that nothing unfinished with the same key in other hands stands before. */
  claim(limit: number): Promise<Claim>;
  /** Says that an entry with SUSPECT_ATTEMPTS is being handled from now on; its next death counts only then. */
  begin(delivery: string): Promise<void>;
  /** A plugin has finished with an entry; its journal goes. */
  done(delivery: string, plugin: string): Promise<void>;
  /** All plugins have finished: what was noted for them goes. */
  finish(delivery: string): Promise<void>;
  setAside(delivery: string, reason: string): Promise<void>;
  /** Gives back what this process has claimed and will not handle, without counting it as an attempt. */
  release(deliveries: string[]): Promise<void>;
  append(delivery: string, plugin: string, records: string[]): Promise<void>;
  load(delivery: string, plugin: string): Promise<string[]>;
  /** Whether a delivery has arrived before and is remembered. */
  has(delivery: string): Promise<boolean>;
  list(states: EntryState[], limit: number): Promise<EntrySummary[]>;
  get(delivery: string): Promise<(EntrySummary & { headers: string; payload: Uint8Array }) | undefined>;
  /** Has a finished or set-aside entry handled again from the start; false where there is none. */
  replay(delivery: string): Promise<boolean>;
  /** Forgets an entry; false where there is none or it is being handled. */
  drop(delivery: string): Promise<boolean>;
  stats(): Promise<StoreStats>;
  notes: NoteStore;
  /** Calls `listener` where another process may have made work available; a store of one process never does. */
  onWork(listener: () => void): void;
  /** False once nothing more can be kept, whatever happens, as when the thread that writes has died. */
  isAlive(): boolean;
  close(): Promise<void>;
}

/** What is remembered beside deliveries, for a month: the facts that they told, and what a component keeps over a restart and shares with other replicas. */
export interface NoteStore {
  facts(key: string): Promise<Pick<Fact, 'field' | 'value' | 'at'>[]>;
  remember(facts: Fact[]): Promise<void>;
  forget(key: string, field: string): Promise<void>;
  /** Whether it is this process that does something which one replica does for all, for the next `forMs`; asked again and again. */
  takeTurn(task: string, forMs: number): Promise<boolean>;
}

/** Facts go when nothing has been told about them for so long; what components keep under a key that begins with `:` stays. */
export const KEEP_FACTS_MS = 30 * 24 * 3_600_000;
