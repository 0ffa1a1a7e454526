import { YAMLException } from 'js-yaml';

/** Deeper than any parent, so that one look at a line is enough. */
const DEEP = ' '.repeat(200);

/**
 * What `parse` makes of `text` where a line inside brackets or quotes may be indented no deeper than its parent: Go's YAML
 * takes `key: [a,` with `b]` right below `key`, js-yaml does not. White space at the start of such a line means nothing, so
 * the line is moved and the text read again, at most `most` times; then what js-yaml says of it stands.
 */
export function withDeepFlowLines<T>(text: string, most: number, parse: (text: string) => T): T {
  let lines: string[] | undefined;
  for (let moved = 0; ; moved++) {
    try {
      return parse(lines?.join('\n') ?? text);
    } catch (error) {
      const shallow = shallowLine(error);
      if (shallow === undefined || moved >= most) throw lines ? atItsPlace(error, text, lines) : error;
      lines ??= text.split('\n');
      deepen(lines, shallow);
    }
  }
}

/** The line, and those after it that are in the same brackets for sure: a comma at the end can not close any. */
function deepen(lines: string[], first: number): void {
  for (let line = first; line < lines.length; line++) {
    const text = lines[line] ?? '';
    lines[line] = DEEP + text;
    if (text.includes('#') || !text.trimEnd().endsWith(',')) return;
  }
}

/** The error with the column that its line has in the file. */
function atItsPlace(error: unknown, text: string, moved: readonly string[]): unknown {
  if (!(error instanceof YAMLException) || !error.mark) return error;
  const { line } = error.mark;
  const by = (moved[line]?.length ?? 0) - (text.split('\n')[line]?.length ?? 0);
  error.mark.column = Math.max(0, error.mark.column - by);
  return error;
}

function shallowLine(error: unknown): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  return error.mark?.line;
}
