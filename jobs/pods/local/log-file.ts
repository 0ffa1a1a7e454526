import { type FileHandle, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const CHUNK = 64 * 1024;
/** Pauses between looks at a log that is followed: short after something came, longer while nothing does. */
const SHORTEST = 10;
const LONGEST = 200;

/** Cuts a log that grew beyond the limit while its writer goes on; what comes later is cut again. Hands back how many bytes were left out. */
export async function cut(path: string, limit: number): Promise<number> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size <= limit) return 0;
  const file = await open(path, 'r+');
  try {
    // The writer appends: it goes on at the new end.
    await file.truncate(limit);
  } finally {
    await file.close();
  }
  return size - limit;
}

/** Says at the end of a cut log that it is cut. */
export async function sayCut(path: string, limit: number, leftOut: number): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.write(`\n[log cut at ${limit} bytes: at least ${leftOut} more bytes were left out]\n`);
  } finally {
    await file.close();
  }
}

/** The last bytes of a log, as text; from the beginning of a line where it does not fit. */
export async function tail(path: string, bytes: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, bytes)), 0, Math.min(size, bytes), from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

export interface ReadOptions {
  /** Asked between reads: while it is true, more may come. */
  running: () => boolean;
  tailLines?: number | undefined;
  /** The first byte wanted. */
  from?: number | undefined;
}

/** The log as a stream, in pieces, so that a long one fills no memory; goes on while its container runs, should `follow` be set. */
export function readLog(
  path: string,
  { running, tailLines, from = 0, follow }: ReadOptions & { follow: boolean },
): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    let pause = SHORTEST;
    const rest = async () => {
      await wait(pause);
      pause = Math.min(pause * 2, LONGEST);
    };
    while (follow && running() && !(await exists(path))) await rest();
    const file = await open(path, 'r').catch(() => undefined);
    if (!file) return;
    try {
      let position = tailLines === undefined ? from : await startOfTail(file, tailLines);
      for (;;) {
        // Asked before the read: what a container wrote last is read before we stop.
        const more = follow && running();
        const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
        position += bytesRead;
        if (bytesRead > 0) {
          pause = SHORTEST;
          yield buffer.subarray(0, bytesRead);
        } else if (!more) return;
        else await rest();
      }
    } finally {
      await file.close();
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Where the last `lines` lines begin, looked for from the end. */
async function startOfTail(file: FileHandle, lines: number): Promise<number> {
  let { size: position } = await file.stat();
  const end = position;
  let seen = 0;
  while (position > 0) {
    const length = Math.min(CHUNK, position);
    position -= length;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    for (let index = length - 1; index >= 0; index -= 1) {
      if (buffer[index] !== 10 || position + index === end - 1) continue;
      seen += 1;
      if (seen === lines) return position + index + 1;
    }
  }
  return 0;
}
