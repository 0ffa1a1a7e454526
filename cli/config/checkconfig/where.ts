import { keyOf, positionOf } from '../../../core/config/errors.ts';
import { readMaybeGzip } from '../../../core/config/files.ts';
import type { Finding } from './check.ts';

/** Puts `file:line:column: ` before what was found, where that is known. Files are read once. */
export class Positions {
  readonly #lines = new Map<string, readonly string[]>();

  describe({ message, at, job }: Finding): string {
    if (at) return `${positionOf(at.file, at.path)}: ${keyOf(at.path)}: ${message}`;
    return job ? `${this.#jobPosition(job)}: ${message}` : message;
  }

  /**
   * Where a job says its name. A search for the line takes a thousandth of the time that a parser with positions takes; containers may have
   * the same name, and stand deeper.
   */
  #jobPosition({ name, sourcePath }: { name: string; sourcePath: string }): string {
    const found = this.#linesOf(sourcePath)
      .map((line, index) => ({ line: index + 1, column: line.search(/name:/) + 1, text: line }))
      .filter(({ text }) => nameIn(text) === name)
      .sort((a, b) => a.column - b.column || a.line - b.line);
    const [first] = found;
    return first ? `${sourcePath}:${first.line}:${first.column}` : sourcePath;
  }

  #linesOf(file: string): readonly string[] {
    const known = this.#lines.get(file) ?? readMaybeGzip(file).toString('utf8').split('\n');
    this.#lines.set(file, known);
    return known;
  }
}

function nameIn(line: string): string | undefined {
  const [, text] = /^[\s-]*name:\s*(.*?)\s*(?:#.*)?$/.exec(line) ?? [];
  return text?.replace(/^(["'])(.*)\1$/, '$2');
}
