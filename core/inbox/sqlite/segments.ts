import { closeSync, fdatasyncSync, ftruncateSync, mkdirSync, writevSync } from 'node:fs';
import { dirname } from 'node:path';
import { filesIn, type Place, syncFolder } from './segment-files.ts';

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
  const files = filesIn(folder);
  let current: Segment | undefined;
  let pending: Uint8Array[] = [];
  let size = 0;

  function close(): void {
    if (current) closeSync(current.fd);
    current = undefined;
  }

  function begin(): Segment {
    close();
    return { ...files.create(), end: 0, committed: 0 };
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
    read(place: Place, length: number): Uint8Array | undefined {
      write();
      return files.read(place, length);
    },
    complete: files.complete,
    remove: files.remove,
    close,
  };
}
