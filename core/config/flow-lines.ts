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
      if (shallow === undefined || moved >= most) throw error;
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

function shallowLine(error: unknown): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  return error.mark?.line;
}
