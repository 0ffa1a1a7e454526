import { Transform, type TransformCallback } from 'node:stream';
import { type Find, Search } from './search.ts';

const X = 0x58;

/** Strikes out byte strings in streams: each byte of them becomes an X, so that sizes and offsets stay (Prow: secretutil.ReloadingCensorer). */
export class Censor {
  readonly #search: Search;
  /** Nothing has to be struck out. */
  readonly idle: boolean;
  /** Bytes to read at a time, where the operator said so. */
  readonly pieceSize: number | undefined;
  /** How much of the end of a piece can only be judged with the next piece. */
  readonly overlap: number;

  constructor(needles: readonly Buffer[], pieceSize?: number) {
    this.#search = new Search(needles);
    this.idle = needles.length === 0;
    this.pieceSize = pieceSize;
    this.overlap = Math.max(0, ...needles.map(({ length }) => length - 1));
  }

  /** Where in `piece` something has to be struck out. Overlapping finds are all found. */
  find(piece: Buffer): Find[] {
    return this.#search.in(piece);
  }

  /** `text` with everything struck out that has to be. */
  censored(text: string): string {
    const bytes = Buffer.from(text);
    for (const [begin, end] of this.find(bytes)) bytes.fill(X, begin, end);
    return bytes.toString('utf8');
  }

  /** A stream that hands on what it gets, censored, also what lies across two pieces. */
  stream(): Transform {
    return new CensorStream(this);
  }
}

class CensorStream extends Transform {
  readonly #censor: Censor;
  /** The end of what came so far, not censored yet. */
  #rest: Buffer = Buffer.alloc(0);
  /** How many bytes of `#rest` belong to a find that began before it. */
  #pending = 0;

  constructor(censor: Censor) {
    super();
    this.#censor = censor;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const piece = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    this.#emit(piece, Math.max(0, piece.length - this.#censor.overlap));
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#emit(this.#rest, this.#rest.length);
    done();
  }

  /** Hands on the first `upTo` bytes of `piece` and keeps the others. */
  #emit(piece: Buffer, upTo: number): void {
    const found = this.#censor.find(piece);
    const head = piece.subarray(0, upTo);
    this.#rest = piece.subarray(upTo);
    head.fill(X, 0, Math.min(this.#pending, upTo));
    let reach = this.#pending;
    for (const [begin, end] of found) {
      head.fill(X, Math.min(begin, upTo), Math.min(end, upTo));
      if (begin < upTo) reach = Math.max(reach, end);
    }
    this.#pending = Math.max(0, reach - upTo);
    if (head.length > 0) this.push(head);
  }
}
