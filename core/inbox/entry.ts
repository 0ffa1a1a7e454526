/** One webhook as it arrived. Header names are lower case; `payload` is the raw body that the signature is over. */
export interface Delivery {
  /** X-GitHub-Delivery. */
  delivery: string;
  /** X-GitHub-Event. */
  event: string;
  headers: Record<string, string>;
  payload: Buffer;
  /** The payload's JSON, where somebody has parsed it already. */
  body?: unknown;
  /** What it keeps its order with; what it is about unless given. */
  key?: string;
  /** It comes from a sweep, which found that nobody had told of it. */
  missed?: boolean;
}

/** A delivery that is to be handled. */
export interface InboxEntry extends Delivery {
  body: unknown;
  /** Its place in the order of arrival. */
  seq: number;
  /** Entries with the same key are handled one after the other, in order of arrival. */
  key: string;
  /** Plugins that finished with it before a restart; they are not run again. */
  done: ReadonlySet<string>;
  /** How often the process has died while it was being handled. */
  attempts: number;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

/** `waiting` to be handled, `running`, `done`, or set `aside`: kept for a person to look at, and only run again by hand. */
export type EntryState = 'waiting' | 'running' | 'done' | 'aside';

/** What `cutwater inbox list` shows of an entry. Times are milliseconds since 1970. */
export interface EntrySummary {
  delivery: string;
  event: string;
  key: string;
  state: EntryState;
  /** Why it was set aside; empty otherwise. */
  reason: string;
  attempts: number;
  size: number;
  receivedAt: number;
  finishedAt: number | null;
}
