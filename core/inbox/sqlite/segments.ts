import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where a payload stands: in which file, and how many bytes from its start. */
interface Place {
  segment: number;
  at: number;
}

interface Segment {
  number: number;
  fd: number;
  /** How far it is written. */
  end: number;
  /** How far it was when the last transaction was committed. */
  committed: number;
}

/**
 * Payloads in files that are only ever appended to, so that each is written to the disk once. Nothing in a file counts until a committed row names it: what
 * a death or a full disk left behind the last row is never read. Each start begins a file of its own.
 */
export type Segments = ReturnType<typeof openSegments>;

export function openSegments(folder: string, segmentBytes: number) {
  if (mkdirSync(folder, { recursive: true })) syncFolder(dirname(folder));
  let current: Segment | undefined;
  let pending: Uint8Array[] = [];
  let size = 0;

  const path = (number: number): string => join(folder, String(number));
  const numbers = (): number[] => readdirSync(folder).map(Number);

  function begin(): Segment {
    if (current) closeSync(current.fd);
    current = undefined;
    const number = Math.max(0, ...numbers()) + 1;
    const fd = openSync(path(number), 'wx');
    syncFolder(folder);
    return { number, fd, end: 0, committed: 0 };
  }

  function write(): void {
    if (!current || pending.length === 0) return;
    const written = writevSync(current.fd, pending, current.end);
    if (written < size) throw new Error('no space left on device for a payload');
    current.end += size;
    pending = [];
    size = 0;
  }

  return {
    /** Says where `bytes` will stand; they are safe after `sync`. */
    append(bytes: Uint8Array): Place {
      // Only what one transaction wrote shares a sync, so a file is left between transactions.
      if (!current || (current.committed >= segmentBytes && pending.length === 0)) current = begin();
      const at = current.end + size;
      pending.push(bytes);
      size += bytes.byteLength;
      return { segment: current.number, at };
    },
    /** Writes what was appended and syncs it to the disk; to be called before the rows are committed. */
    sync(): void {
      write();
      if (current && current.end > current.committed) fdatasyncSync(current.fd);
    },
    /** The rows are committed. */
    commit(): void {
      if (current) current.committed = current.end;
    },
    /** The rows came to nothing, and so does what was appended for them: on a full disk the next one needs its place. */
    rollback(): void {
      pending = [];
      size = 0;
      if (!current) return;
      current.end = current.committed;
      ftruncateSync(current.fd, current.committed);
    },
    /** A payload, or `undefined` where somebody has removed or cut its file. */
    read({ segment, at }: Place, length: number): Uint8Array | undefined {
      write();
      if (!existsSync(path(segment))) return undefined;
      const fd = openSync(path(segment), 'r');
      try {
        const bytes = new Uint8Array(length);
        return readSync(fd, bytes, 0, length, at) === length ? bytes : undefined;
      } finally {
        closeSync(fd);
      }
    },
    /** The files that nothing more is written to, with their sizes in bytes. The newest is left out: it may be in use. */
    complete(): { segment: number; bytes: number }[] {
      const all = numbers().sort((a, b) => a - b);
      return all.slice(0, -1).map((segment) => ({ segment, bytes: statSync(path(segment)).size }));
    },
    remove: (segment: number): void => rmSync(path(segment), { force: true }),
    close(): void {
      if (current) closeSync(current.fd);
      current = undefined;
    },
  };
}

/** A file's name is safe only when its folder is synced. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
