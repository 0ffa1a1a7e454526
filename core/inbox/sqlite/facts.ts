import type { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../facts.ts';
import { type Arrival, KEEP_FACTS_MS } from '../store.ts';

/** How often old facts are looked for: all of them are read for it. */
const PRUNE_EVERY_MS = 3_600_000;

export function openFacts(db: DatabaseSync) {
  const all = db.prepare('SELECT field, value, at FROM facts WHERE key = ?');
  const stands = db.prepare('SELECT 1 FROM facts WHERE key = ? AND field = ? AND value = ?');
  const known = db.prepare('SELECT 1 FROM entries WHERE delivery = ?');
  const forget = db.prepare('DELETE FROM facts WHERE key = ? AND field = ?');
  const prune = db.prepare("DELETE FROM facts WHERE at < ? AND key NOT LIKE ':%'");
  const tell = db.prepare(
    `INSERT INTO facts (key, field, value, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at WHERE ? AND excluded.at >= facts.at`,
  );
  let prunedAt = Date.now();

  function remember(facts: readonly Fact[]): void {
    for (const { key, field, value, at, told } of facts) tell.run(key, field, value, at, Number(told));
  }

  return {
    remember,
    facts: (key: string) => all.all(key).map((row) => ({ ...row })) as Pick<Fact, 'field' | 'value' | 'at'>[],
    forget: (key: string, field: string): void => void forget.run(key, field),
    /** Whether a delivery is no news although its id is. */
    isKnown: ({ facts, twin, missed }: Arrival): boolean =>
      (twin !== undefined && known.get(twin) !== undefined) ||
      (missed === true && facts.every(({ told, key, field, value }) => !told || stands.get(key, field, value))),
    pruneFacts(): void {
      if (Date.now() - prunedAt < PRUNE_EVERY_MS) return;
      prunedAt = Date.now();
      prune.run(prunedAt - KEEP_FACTS_MS);
    },
  };
}
