import type { LiveMessage, View } from '../views.ts';

/** The view with the changed parts of a message put in. */
export function patched(view: View, message: LiveMessage): View {
  return { ...view, ...message.parts, version: message.version } as View;
}

/** Whether the stream has told of something newer while a view was loaded. A view of a sandbox that began anew may be older than what was known before. */
export function isOvertaken(loaded: View, before: View, known: View): boolean {
  return known !== before && loaded.version < known.version;
}

interface Keyed {
  id?: number;
  number?: number;
}

function keyOf(row: Keyed): number {
  return row.id ?? row.number ?? 0;
}

/** What to show of a list that got new rows: the rows that are there keep their places, `newer` waits to be asked for. */
export function settled(shown: View, fresh: View): { view: View; newer: number } {
  if (!('rows' in shown) || !('rows' in fresh) || shown.kind !== fresh.kind) return { view: fresh, newer: 0 };
  if (shown.rows.length === 0) return { view: fresh, newer: 0 };
  const byKey = new Map<number, Keyed>(fresh.rows.map((row) => [keyOf(row), row]));
  const kept = shown.rows.map((row) => byKey.get(keyOf(row)) ?? row);
  const known = new Set(shown.rows.map(keyOf));
  const newer = fresh.rows.filter((row) => !known.has(keyOf(row))).length;
  return newer === 0 ? { view: fresh, newer } : { view: { ...fresh, rows: kept } as View, newer };
}
