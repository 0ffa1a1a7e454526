/** An event on its way to one external plugin. */
export interface NewLetter {
  plugin: string;
  endpoint: string;
  /** Letters to one plugin with the same key go one after the other. */
  key: string;
  /** `org/repo`. */
  repo: string;
  delivery: string;
  event: string;
  /** JSON. */
  headers: string;
  payload: Uint8Array;
  /** Milliseconds since 1970. */
  receivedAt: number;
}

export interface Letter extends NewLetter {
  seq: number;
}

/** What is known of a letter without reading it. */
export type Envelope = Pick<Letter, 'seq' | 'plugin' | 'endpoint' | 'key'>;

export interface DeadLetter extends Pick<Letter, 'seq' | 'plugin' | 'repo' | 'delivery' | 'event' | 'receivedAt'> {
  reason: string;
}

export interface OutboxLimits {
  /** How long a letter waits for its plugin. */
  waitMs: number;
  /** How many wait for one plugin. */
  waiting: number;
  /** How long dead letters, and the ids of those that were sent, are kept. */
  keepMs: number;
  /** Bytes of payload, waiting and dead together. */
  bytes: number;
}

/** Why letters die of the limits. */
export const WAITED_TOO_LONG = 'the plugin was not reachable for too long';
export const TOO_MANY = 'too many events waited for the plugin';

/**
 * The letters to external plugins, which outlive the process. Where replicas share them each letter is one replica's to send, and so are all others to
 * the same plugin with the same key, until none of them waits.
 */
export interface Outbox {
  /**
   * Resolves when the letters are synced to disk, with letters that are this replica's to send. One that is known is left as it is, unless it is dead:
   * that one waits again.
   */
  put(letters: readonly NewLetter[]): Promise<Envelope[]>;
  /** What is this replica's to send, oldest first; letters that it was told of before may be left out. */
  waiting(): Promise<Envelope[]>;
  /** How often to ask for `waiting`, as others may have added to it. */
  lookEveryMs: number;
  /** A letter that still waits, and is still this replica's to send. */
  read(seq: number): Promise<Letter | undefined>;
  sent(seq: number): Promise<void>;
  bury(seq: number, reason: string): Promise<void>;
  dead(limit: number): Promise<DeadLetter[]>;
  /** Has a dead letter wait again; false where there is none. */
  retry(seq: number): Promise<boolean>;
  drop(seq: number): Promise<boolean>;
  /** Applies the limits at the time `now`; answers how many letters died of them. */
  prune(now: number): Promise<number>;
  /** How many letters wait, and how many are dead, by plugin. */
  counts(): Promise<{ plugin: string; state: 'waiting' | 'dead'; count: number }[]>;
  /** What waits is for the other replicas, or for the next start. */
  close(): Promise<void>;
}
