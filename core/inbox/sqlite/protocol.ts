import type { Operations } from './operations.ts';

/** One call to the thread that owns the database. A payload stays out of the arguments: it stands in the request's `bytes`. */
export interface Call {
  name: keyof Operations;
  args: unknown[];
}

/** What it came to. */
export type Outcome = { value: unknown } | { error: string };

/** A group of calls; none asks the thread to end. `bytes` are the payloads of those that `put`, one after the other. */
export interface Request {
  calls: Call[];
  bytes: ArrayBuffer | undefined;
}

/** The outcomes of all calls of one transaction, in the order in which they were sent. An empty one says that the database is open. */
export type Response = Outcome[];

/** Payloads in one piece of memory, which moves to the other thread in one go: as many pieces as payloads would cost ten times that. */
export function joinPayloads(payloads: Uint8Array[]): ArrayBuffer {
  const size = payloads.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const joined = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const payload of payloads) {
    joined.set(payload, at);
    at += payload.byteLength;
  }
  return joined.buffer;
}

/** The payloads again, whose sizes the calls know. */
export function splitPayloads(bytes: ArrayBuffer, sizes: number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return new Uint8Array(bytes, at - size, size);
  });
}
