import { pipeline, type Readable, Transform } from 'node:stream';

/** The stream without its first bytes. Whoever destroys what comes back destroys the stream with it. */
export function skip(stream: Readable, bytes: number): Readable {
  let left = bytes;
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const kept = chunk.subarray(left);
      left = Math.max(0, left - chunk.length);
      if (kept.length > 0) this.push(kept);
      done();
    },
  });
  // A failure reaches the reader through `rest`.
  return pipeline(stream, rest, () => undefined);
}
