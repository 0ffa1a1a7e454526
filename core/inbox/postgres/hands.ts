import type { Query } from './query.ts';

/** For how long after a failure a statement of ours may still come into effect: a server that stood still carries on with what it had got. */
const DOUBT_MS = 60_000;

/**
 * What this process works on. Where the answer to a statement is lost, an entry may be this replica's in the database without anybody having it in hand;
 * it is put back among those that wait.
 */
export interface Hands {
  /** Takes an entry that is being written; gives back how to let go of it, which does nothing where it was in hand before. */
  take(delivery: string): () => void;
  drop(deliveries: readonly string[]): void;
  /** A statement failed, and may have had its effect nevertheless. */
  doubt(): void;
  isInDoubt(): boolean;
  /** Puts back what is ours and in nobody's hands. No claim may be under way. */
  putBack(): Promise<void>;
}

export function createHands(query: Query, me: string): Hands {
  const held = new Set<string>();
  let doubtUntil = 0;
  const isInDoubt = () => Date.now() < doubtUntil;
  return {
    take(delivery) {
      if (held.has(delivery)) return () => {};
      held.add(delivery);
      return () => void held.delete(delivery);
    },
    drop(deliveries) {
      for (const delivery of deliveries) held.delete(delivery);
    },
    doubt() {
      doubtUntil = Date.now() + DOUBT_MS;
    },
    isInDoubt,
    async putBack() {
      if (!isInDoubt()) return;
      await query(
        "UPDATE inbox_entries SET state = 'waiting', owner = NULL WHERE owner = $1 AND state = 'running' AND delivery <> ALL ($2)",
        [me, [...held]],
      );
    },
  };
}
