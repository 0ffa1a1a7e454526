import type { LogWindow } from '../views.ts';

/** No more lines than this stand in the page at once, however long the log is. */
export const MOST_LINES = 3000;

/** Two neighbouring windows as one, cut at the far end from what was added. */
export function joined(shown: LogWindow, added: LogWindow): LogWindow {
  if (added.lines.length === 0) return shown;
  if (added.first >= shown.first) {
    const known = Math.max(0, shown.first + shown.lines.length - added.first);
    const lines = [...shown.lines, ...added.lines.slice(known)];
    const extra = Math.max(0, lines.length - MOST_LINES);
    return { first: shown.first + extra, lines: lines.slice(extra) };
  }
  const before = added.lines.slice(0, shown.first - added.first);
  return { first: added.first, lines: [...before, ...shown.lines].slice(0, MOST_LINES) };
}

/** The number of the last line shown. */
export function lastOf({ first, lines }: LogWindow): number {
  return first + lines.length - 1;
}
