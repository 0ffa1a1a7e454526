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

export interface Outbox {
  /** Resolves when the letters are synced to disk, with those that are new. One that is known is left as it is, unless it is dead: that one waits again. */
  put(letters: readonly NewLetter[]): Promise<Envelope[]>;
  /** All that wait, oldest first. */
  waiting(): Envelope[];
  /** A letter that still waits. */
  read(seq: number): Letter | undefined;
  sent(seq: number): void;
  bury(seq: number, reason: string): void;
  dead(limit: number): DeadLetter[];
  /** Has a dead letter wait again; false where there is none. */
  retry(seq: number): boolean;
  drop(seq: number): boolean;
  /** Applies the limits at the time `now`; answers how many letters died of them. */
  prune(now: number): number;
  /** How many letters wait, and how many are dead, by plugin. */
  counts(): { plugin: string; state: 'waiting' | 'dead'; count: number }[];
  close(): void;
}
