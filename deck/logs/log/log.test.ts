import { describe, expect, it } from 'vitest';
import { IndexOfLog } from './index-of-log.ts';
import { readLines } from './read-lines.ts';

const text = Array.from({ length: 1234 }, (_, index) => `line ${index + 1}${index === 700 ? ' FAIL: x' : ''}\n`).join(
  '',
);

function indexOf(content: string, cut: number): IndexOfLog {
  const index = new IndexOfLog();
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += cut) index.feed(bytes.subarray(at, at + cut));
  return index;
}

async function* chunks(content: Buffer, cut: number, read: { bytes: number }): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += cut) {
    read.bytes += cut;
    yield content.subarray(at, at + cut);
  }
}

describe('IndexOfLog', () => {
  it.each([1, 7, 4096, 1_000_000])('counts lines and finds, however the bytes are cut: %i', (cut) => {
    const index = indexOf(text, cut);
    expect([index.lines, index.bytes]).toEqual([1234, text.length]);
    expect(index.findings).toEqual([{ line: 701, text: 'line 701 FAIL: x' }]);
  });

  it('counts a last line that has not ended', () => {
    expect(indexOf('a\nb', 2).lines).toBe(2);
    expect(indexOf('', 1).lines).toBe(0);
  });

  it.each(['timed out', 'ERROR: no', '--- FAIL: TestX', 'panic: oh', 'E1121 06:41:08.123] x'])(
    "knows Prow's patterns: %s",
    (line) => {
      expect(indexOf(`${line}\n`, 3).findings).toHaveLength(1);
    },
  );

  it.each(['FAILED', 'no error here', 'a panicky word'])('finds nothing in %s', (line) => {
    expect(indexOf(`${line}\n`, 3).findings).toEqual([]);
  });

  it('keeps little of a line without an end', () => {
    const index = new IndexOfLog();
    for (let round = 0; round < 100; round++) index.feed(Buffer.alloc(100_000, 'x'));
    expect(index.lines).toBe(1);
  });
});

describe('readLines', () => {
  it.each([3, 100, 1_000_000])('reads a window from the nearest known start: %i', async (cut) => {
    const start = indexOf(text, 4096).before(1100);
    expect(start.line).toBe(1001);
    const rest = Buffer.from(text).subarray(start.byte);
    expect(await readLines(chunks(rest, cut, { bytes: 0 }), start, 1100, 2)).toEqual(['line 1100', 'line 1101']);
  });

  it('reads no further than it must', async () => {
    const read = { bytes: 0 };
    await readLines(chunks(Buffer.from(text), 100, read), { line: 1, byte: 0 }, 1, 5);
    expect(read.bytes).toBe(100);
  });

  it('takes CRLF, the open last line, and cuts what is endless', async () => {
    const window = (content: string) =>
      readLines(chunks(Buffer.from(content), 999, { bytes: 0 }), { line: 1, byte: 0 }, 1, 10);
    expect(await window('a\r\nb')).toEqual(['a', 'b']);
    const [long = ''] = await window('x'.repeat(25_000));
    expect(long).toMatch(/^x{10000} … 15000 more bytes/);
  });
});
