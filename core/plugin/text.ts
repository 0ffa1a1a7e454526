/**
 * The part of a comment in which commands count: fenced and indented-by-fence code, inline code, quotes and HTML comments become empty, line by line,
 * so that nobody starts a job by explaining how jobs are started. Prow strips less (see docs/compatibility.md). Linear in the length of the text.
 */
export function commandText(body: string): string {
  return withoutHtmlComments(withoutFences(body)).split('\n').map(withoutQuote).join('\n');
}

/** Without what follows: a pattern for the whole line takes quadratic time where it does not reach the end, as before a lone \r or U+2028. */
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

function withoutFences(body: string): string {
  let open: string | undefined;
  const kept = body.split('\n').map((line) => {
    const [whole = '', fence] = FENCE.exec(line) ?? [];
    const info = line.slice(whole.length);
    if (open === undefined) {
      if (!fence || (fence.startsWith('`') && info.includes('`'))) return line;
      open = fence;
      return '';
    }
    if (fence?.startsWith(open) && info.trim() === '') open = undefined;
    return '';
  });
  return kept.join('\n');
}

function withoutHtmlComments(body: string): string {
  let result = '';
  let from = 0;
  for (;;) {
    const start = body.indexOf('<!--', from);
    if (start < 0) return result + body.slice(from);
    const end = body.indexOf('-->', start + 4);
    const hidden = body.slice(start, end < 0 ? undefined : end);
    result += body.slice(from, start) + hidden.replace(/[^\n]+/g, '');
    if (end < 0) return result;
    from = end + 3;
  }
}

function withoutQuote(line: string): string {
  return /^ {0,3}>/.test(line) ? '' : line;
}
