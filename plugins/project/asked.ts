/** What `/project …` asks for. */
export interface Asked {
  board: string;
  /** "" where none is named. */
  column: string;
  clear: boolean;
}

/**
 * A board, a column behind it, and `clear` before them. Names with blanks in them stand in quotes, single or double; without quotes the first word is the board and
 * the rest the column (Prow: pkg/plugins/project, processCommand). undefined: neither.
 */
export function askedOf(text: string): Asked | undefined {
  const clear = /^clear(?=\s|$)/.test(text);
  const names = clear ? text.slice('clear'.length).trim() : text;
  const quoted = names.replaceAll('"', "'");
  const [first = '', ...others] = quoted.includes("'") ? quoted.split("'") : splitFirst(quoted);
  const [board, column = '', ...more] = [first, ...others].map((part) => part.trim()).filter(Boolean);
  return board === undefined || more.length > 0 ? undefined : { board, column, clear };
}

function splitFirst(text: string): string[] {
  const blank = text.indexOf(' ');
  return blank < 0 ? [text] : [text.slice(0, blank), text.slice(blank)];
}
