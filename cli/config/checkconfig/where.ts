import { keyOf, positionOf } from '../../../core/config/errors.ts';
import { readMaybeGzip } from '../../../core/config/files.ts';
import type { Position } from '../../../core/config/position.ts';
import type { Finding } from './check.ts';

/** Puts `file:line:column: ` before what was found, where that is known. Files are read once. */
export class Positions {
  readonly #names = new Map<string, ReadonlyMap<string, Position>>();

  describe({ message, at, job }: Finding): string {
    if (at) return `${positionOf(at.file, at.path)}: ${keyOf(at.path)}: ${message}`;
    return job ? `${this.#jobPosition(job)}: ${message}` : message;
  }

  #jobPosition({ name, sourcePath }: { name: string; sourcePath: string }): string {
    const names = this.#names.get(sourcePath) ?? namesIn(readMaybeGzip(sourcePath).toString('utf8'));
    this.#names.set(sourcePath, names);
    const place = names.get(name);
    return place ? `${sourcePath}:${place.line}:${place.column}` : sourcePath;
  }
}

/**
 * Where a job file says which name. A search through the lines takes a thousandth of the time that a parser with positions takes;
 * containers may have the name of their job, and stand deeper: the leftmost counts.
 */
function namesIn(text: string): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>();
  for (const [index, line] of text.split('\n').entries()) {
    const [, before = '', quoted] = /^([\s-]*)name:\s*(.*?)\s*(?:#.*)?$/.exec(line) ?? [];
    const name = quoted?.replace(/^(["'])(.*)\1$/, '$2');
    const column = before.length + 1;
    if (name && column < (found.get(name)?.column ?? Number.POSITIVE_INFINITY))
      found.set(name, { line: index + 1, column });
  }
  return found;
}
