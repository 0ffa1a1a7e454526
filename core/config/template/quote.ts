const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))/g;

/** The text of a Go string literal, interpreted (`"…"`) or raw. */
export function unquote(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1);
  return literal.slice(1, -1).replace(ESCAPE, (_, u, big, x, octal, letter) => {
    if (u ?? big ?? x) return String.fromCodePoint(Number.parseInt(u ?? big ?? x, 16));
    if (octal) return String.fromCodePoint(Number.parseInt(octal, 8));
    return ESCAPES[letter] ?? letter;
  });
}

/** Go's %q. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1');
}
