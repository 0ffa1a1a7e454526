import type { IncomingMessage } from 'node:http';

/** GitHub caps its payloads at 25 MB. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;

/** The whole body, or `too-large` as soon as that is known, or `broken` where the sender went away in the middle. */
export function readBody(request: IncomingMessage, limit = MAX_BODY_BYTES): Promise<Buffer | 'too-large' | 'broken'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        chunks.length = 0;
        resolve('too-large');
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    request.on('error', () => resolve('broken'));
    request.on('aborted', () => resolve('broken'));
  });
}
