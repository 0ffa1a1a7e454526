import type { Logger } from '../../log.ts';
import { type PoisonLimits, SUSPECT_ATTEMPTS } from '../store.ts';
import type { Hands } from './hands.ts';
import type { Query } from './query.ts';

/** How often a replica says that it lives, and after how long a silence its work is taken over. */
export interface Lease {
  beatMs: number;
  deadMs: number;
}

export const LEASE: Lease = { beatMs: 1000, deadMs: 6000 };

/**
 * Says that this replica lives and takes over what dead ones left. It does so only after having reached the database for longer than the lease, so that when the
 * database was away, which silences all, everybody has had the time to be heard.
 */
export function keepAlive(
  query: Query,
  me: string,
  poison: PoisonLimits,
  { beatMs, deadMs }: Lease,
  log: Logger,
  { wake, hands }: { wake: () => void; hands: Hands },
): { stop(): void } {
  let aliveSince = Date.now();
  let stopped = false;
  let failing = false;

  async function beat(): Promise<void> {
    await query('INSERT INTO inbox_replicas VALUES ($1, now()) ON CONFLICT (name) DO UPDATE SET seen_at = now()', [me]);
    if (failing) aliveSince = Date.now();
    failing = false;
    if (Date.now() - aliveSince > deadMs) await takeOver();
    const { rows } = await query("SELECT 1 FROM inbox_entries WHERE state = 'waiting' LIMIT 1");
    if (rows.length > 0 || hands.isInDoubt()) wake();
  }

  async function takeOver(): Promise<void> {
    const { rows } = await query<{ names: string[] }>(
      `WITH dead AS (DELETE FROM inbox_replicas WHERE seen_at < now() - $1 * interval '1 millisecond' RETURNING name),
         all_dead AS (SELECT array_agg(name) AS names FROM dead)
       SELECT names, inbox_take_back(names, $2, $3, $4) FROM all_dead WHERE names IS NOT NULL`,
      [deadMs, poison.crashes, poison.attempts, SUSPECT_ATTEMPTS],
    );
    for (const { names } of rows) log.warn({ replicas: names }, 'Took over the work of replicas that are silent');
  }

  async function loop(): Promise<void> {
    try {
      await beat();
    } catch (error) {
      if (!failing && !stopped) log.error({ err: error }, 'Cannot reach the database of the inbox');
      failing = true;
      hands.doubt();
    }
    if (!stopped) setTimeout(() => void loop(), beatMs).unref();
  }

  void loop();
  return {
    stop() {
      stopped = true;
    },
  };
}
