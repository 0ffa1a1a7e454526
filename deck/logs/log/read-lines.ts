/** Where to begin: a line, counted from 1, and the byte at which it starts. */
export interface Start {
  line: number;
  byte: number;
}

const LONGEST = 10_000;
const NEWLINE = 10;

/**
 * `count` lines from line `from` on, out of a stream that begins at `start`. Reads no further than needed and keeps no more than it
 * gives; a line longer than 10,000 bytes is cut and says so.
 */
export async function readLines(
  stream: AsyncIterable<Uint8Array>,
  start: Start,
  from: number,
  count: number,
): Promise<string[]> {
  const lines: string[] = [];
  let number = start.line;
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    if (number >= from && length < LONGEST) pieces.push(Buffer.from(piece.subarray(0, LONGEST - length)));
    length += piece.length;
  };
  const end = () => {
    if (number >= from) lines.push(lineOf(pieces, length));
    number++;
    pieces = [];
    length = 0;
  };
  for await (const bytes of stream) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (let next = chunk.indexOf(NEWLINE); next >= 0 && lines.length < count; next = chunk.indexOf(NEWLINE, at)) {
      keep(chunk.subarray(at, next));
      end();
      at = next + 1;
    }
    if (lines.length >= count) return lines;
    keep(chunk.subarray(at));
  }
  if (length > 0) end();
  return lines;
}

function lineOf(pieces: Buffer[], length: number): string {
  const text = Buffer.concat(pieces).toString('utf8').replace(/\r$/, '');
  return length > LONGEST ? `${text} … ${length - LONGEST} more bytes in this line, see the raw log` : text;
}
