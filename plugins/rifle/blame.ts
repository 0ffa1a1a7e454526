import type { BlameRange, ChangedFile } from '../../core/plugin/index.ts';

/** Lines from 1 on, both ends included. */
interface Lines {
  start: number;
  end: number;
}

/** The lines of the old file that a patch replaces; for a plain addition the few lines above it (Prow: parseDiffHunks). */
export function oldLines(patch: string): Lines[] {
  return [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@/gm)].map(([, from, count = '1']) => {
    const start = Number(from);
    if (Number(count) === 0) return { start: Math.max(start - 5, 1), end: start };
    return { start, end: start + Number(count) - 1 };
  });
}

export interface Work {
  lines: number;
  /** Milliseconds since 1970. */
  latest: number;
}

/** By lower-case login: what of these lines somebody wrote. */
export function workOn(blame: readonly BlameRange[], changed: readonly Lines[]): Map<string, Work> {
  const result = new Map<string, Work>();
  for (const { start, end, author, date } of blame) {
    const lines = changed.reduce((sum, range) => sum + overlap(range, { start, end }), 0);
    if (author === '' || lines === 0) continue;
    const { lines: before, latest } = result.get(author) ?? { lines: 0, latest: 0 };
    result.set(author, { lines: before + lines, latest: Math.max(latest, Date.parse(date)) });
  }
  return result;
}

function overlap(a: Lines, b: Lines): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start) + 1);
}

/** At most so many of the files that still exist, from each directory in turn. */
export function mostDiverse(files: readonly ChangedFile[], most: number): ChangedFile[] {
  const there = files.filter(({ status }) => status !== 'removed');
  if (there.length <= most) return there;
  const groups = [...Map.groupBy(there, ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))).values()];
  const chosen: ChangedFile[] = [];
  for (let round = 0; chosen.length < most; round++) chosen.push(...groups.flatMap((group) => group[round] ?? []));
  return chosen.slice(0, most);
}
