import type { Fact } from '../facts.ts';
import type { NoteStore } from '../store.ts';
import type { Query } from './query.ts';

export function noting(query: Query, me: string): NoteStore {
  return {
    async facts(key) {
      const { rows } = await query<Pick<Fact, 'field' | 'value' | 'at'>>(
        'SELECT field, value, at::float8 AS at FROM inbox_facts WHERE key = $1',
        [key],
      );
      return rows;
    },
    async remember(facts) {
      await query('SELECT inbox_remember($1)', [jsonOf(facts)]);
    },
    async forget(key, field) {
      await query('DELETE FROM inbox_facts WHERE key = $1 AND field = $2', [key, field]);
    },
    async takeTurn(task, forMs) {
      const { rows } = await query(
        `INSERT INTO inbox_turns AS t VALUES ($1, $2, now() + $3 * interval '1 millisecond')
         ON CONFLICT (task) DO UPDATE SET owner = excluded.owner, until = excluded.until
         WHERE t.owner = excluded.owner OR t.until < now() RETURNING 1`,
        [task, me, forMs],
      );
      return rows.length > 0;
    },
  };
}

/** PostgreSQL's text and JSON take neither a zero byte nor half a character. */
export function jsonOf(facts: readonly Fact[]): string {
  const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '');
  return JSON.stringify(facts.map((fact) => ({ ...fact, field: clean(fact.field), value: clean(fact.value) })));
}
