/** A word of a template: plain text, or one of what stands between the braces. */
export interface Token {
  kind:
    | 'text'
    | 'open'
    | 'close'
    | 'field'
    | 'dot'
    | 'variable'
    | 'word'
    | 'string'
    | 'char'
    | 'number'
    | 'punctuation'
    | 'space';
  text: string;
}

const INSIDE: [Token['kind'], RegExp][] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['punctuation', /:=|[=|(),]/y],
];

/** Splits a Go template into tokens; comments are dropped, trim markers (`{{-`, `-}}`) are applied. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const end = open < 0 ? source.length : open;
    const trimEnd = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4));
    pushText(tokens, source.slice(at, end), trimNext, trimEnd);
    if (open < 0) break;
    const action = readAction(source, trimEnd ? open + 3 : open + 2);
    tokens.push(...action.tokens);
    at = action.next;
    trimNext = action.trim;
  }
  return tokens;
}

function pushText(tokens: Token[], raw: string, trimStart: boolean, trimEnd: boolean): void {
  let text = trimStart ? raw.replace(/^[ \t\r\n]+/, '') : raw;
  if (trimEnd) text = text.replace(/[ \t\r\n]+$/, '');
  if (text) tokens.push({ kind: 'text', text });
}

function readAction(source: string, start: number): { tokens: Token[]; next: number; trim: boolean } {
  const comment = /[ \t\r\n]*\/\*[\s\S]*?\*\/([ \t\r\n]+-)?\}\}/y;
  comment.lastIndex = start;
  const skipped = comment.exec(source);
  if (skipped) return { tokens: [], next: comment.lastIndex, trim: skipped[1] !== undefined };
  const tokens: Token[] = [{ kind: 'open', text: '{{' }];
  let at = start;
  for (;;) {
    const close = /(?:[ \t\r\n]+(-))?\}\}/y;
    close.lastIndex = at;
    const closed = close.exec(source);
    if (closed) {
      tokens.push({ kind: 'close', text: '}}' });
      return { tokens, next: close.lastIndex, trim: closed[1] !== undefined };
    }
    if (at >= source.length) throw new Error('unclosed action');
    const token = readToken(source, at);
    tokens.push(token);
    at += token.text.length;
  }
}

function readToken(source: string, at: number): Token {
  for (const [kind, pattern] of INSIDE) {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) return { kind, text: found[0] };
  }
  throw new Error(`unexpected ${JSON.stringify(source[at])} in command`);
}
