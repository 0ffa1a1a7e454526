/** Where in a piece something was found, as [begin, end). */
export type Find = [begin: number, end: number];

/** Shorter needles are looked for one by one: they leave the search little to skip. */
const LONG = 8;
/** Bytes that are looked at together, and bits of the table that they lead into. */
const BLOCK = 3;
const TABLE_BITS = 18;

/**
 * Looks for many needles at once (Wu and Manber): its time hardly depends on how many there are, where one pass for each would take
 * minutes a gigabyte with some hundred secrets.
 */
export class Search {
  readonly #short: readonly Buffer[];
  /** The length of the shortest of the long needles; 0 without any. Only so many bytes of each decide how far to skip. */
  readonly #window: number;
  /** By three bytes: how far the window can be moved on where it ends with them. */
  readonly #skip: Uint8Array;
  /** By the last three bytes of the window: the needles that may begin there. */
  readonly #candidates = new Map<number, Buffer[]>();

  constructor(needles: readonly Buffer[]) {
    this.#short = needles.filter(({ length }) => length < LONG);
    const long = needles.filter(({ length }) => length >= LONG);
    this.#window = long.length === 0 ? 0 : Math.min(...long.map(({ length }) => length));
    this.#skip = new Uint8Array(1 << TABLE_BITS).fill(Math.min(255, Math.max(1, this.#window - BLOCK + 1)));
    for (const needle of long) this.#enter(needle);
  }

  /** Everything that is found, overlapping finds as well. */
  in(piece: Buffer): Find[] {
    const found: Find[] = [];
    for (const needle of this.#short) {
      for (let at = piece.indexOf(needle); at >= 0; at = piece.indexOf(needle, at + 1)) note(found, at, needle.length);
    }
    if (this.#window > 0) this.#scan(piece, found);
    return found;
  }

  #enter(needle: Buffer): void {
    for (let end = BLOCK - 1; end < this.#window; end++) {
      const block = blockAt(needle, end);
      this.#skip[block] = Math.min(this.#skip[block] ?? 0, this.#window - 1 - end);
    }
    const last = blockAt(needle, this.#window - 1);
    this.#candidates.set(last, [...(this.#candidates.get(last) ?? []), needle]);
  }

  #scan(piece: Buffer, found: Find[]): void {
    const skip = this.#skip;
    let end = this.#window - 1;
    while (end < piece.length) {
      const block = blockAt(piece, end);
      const step = skip[block] ?? 1;
      if (step > 0) end += step;
      else {
        const begin = end - this.#window + 1;
        for (const needle of this.#candidates.get(block) ?? []) {
          const to = begin + needle.length;
          if (to <= piece.length && needle.compare(piece, begin, to) === 0) note(found, begin, needle.length);
        }
        end++;
      }
    }
  }
}

function blockAt(bytes: Buffer, end: number): number {
  const three = ((bytes[end - 2] ?? 0) << 16) | ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0);
  return Math.imul(three, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

/** What touches the find before it becomes one with it: a needle that repeats itself is found at every byte. */
function note(found: Find[], begin: number, length: number): void {
  const last = found.at(-1);
  if (last && begin >= last[0] && begin <= last[1]) last[1] = Math.max(last[1], begin + length);
  else found.push([begin, begin + length]);
}
