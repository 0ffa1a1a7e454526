/** A line that a reader should see first. */
export interface Finding {
  /** Counted from 1. */
  line: number;
  text: string;
}

// Prow's default of the buildlog lens (Prow: pkg/spyglass/lenses/buildlog/lens.go).
const FINDING = /timed out|ERROR:|(FAIL|Failure \[)\b|panic\b|^E\d{4} \d\d:\d\d:\d\d\.\d\d\d]/;
const FINDINGS_KEPT = 500;
const FINDING_LENGTH = 300;
const STEP = 500;
const LONGEST_TESTED = 10_000;
const NEWLINE = 10;

/**
 * Where the lines of a log begin, every 500th of them, and what was found in it; fed with the log's bytes in order. Its size depends
 * on the number of lines only, and barely: 5 million lines take 10,000 numbers.
 */
export class IndexOfLog {
  /** Bytes seen so far. */
  bytes = 0;
  /** Lines that have ended, and one more where the log goes on without a line break. */
  get lines(): number {
    return this.#ended + (this.#open > 0 ? 1 : 0);
  }
  readonly findings: Finding[] = [];
  readonly #starts: number[] = [0];
  #ended = 0;
  /** Bytes of the last line, which has not ended. */
  #open = 0;
  #rest: Buffer[] = [];

  feed(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#end(chunk.subarray(start, end), this.bytes + end + 1);
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    if (this.#open < LONGEST_TESTED && rest.length > 0) this.#rest.push(Buffer.from(rest.subarray(0, LONGEST_TESTED)));
    this.#open += rest.length;
    this.bytes += chunk.length;
  }

  /** A line no later than the one asked for, and the byte at which it begins. */
  before(line: number): { line: number; byte: number } {
    const step = Math.min(Math.floor((Math.max(1, line) - 1) / STEP), this.#starts.length - 1);
    return { line: step * STEP + 1, byte: this.#starts[step] ?? 0 };
  }

  #end(tail: Buffer, next: number): void {
    const whole = this.#rest.length > 0 ? Buffer.concat([...this.#rest, tail]) : tail;
    this.#ended++;
    this.#open = 0;
    this.#rest = [];
    if (this.#ended % STEP === 0) this.#starts.push(next);
    if (this.findings.length >= FINDINGS_KEPT) return;
    const text = whole.toString('latin1', 0, LONGEST_TESTED);
    if (FINDING.test(text)) this.#find(whole);
  }

  #find(whole: Buffer): void {
    this.findings.push({ line: this.#ended, text: whole.toString('utf8', 0, FINDING_LENGTH) });
  }
}
