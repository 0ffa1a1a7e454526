import { Readable } from 'node:stream';
import type { Source } from './storage.ts';

/** Opens a source for one attempt at writing it. */
export async function openSource(source: Source): Promise<Readable> {
  if (typeof source === 'function') return source();
  return Readable.from([Buffer.from(source)], { objectMode: false });
}

/** Everything a stream gives, as text. For small objects. */
export async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
