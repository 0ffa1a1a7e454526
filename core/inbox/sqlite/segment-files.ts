import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a payload stands: in which file, and how many bytes from its start. */
export interface Place {
  segment: number;
  at: number;
}

/** Files that bear numbers, a higher one each time. */
export function filesIn(folder: string) {
  const path = (number: number): string => join(folder, String(number));
  const numbers = (): number[] => readdirSync(folder).map(Number);

  return {
    create(): { number: number; fd: number } {
      const number = Math.max(0, ...numbers()) + 1;
      const fd = openSync(path(number), 'wx');
      syncFolder(folder);
      return { number, fd };
    },
    /** So many bytes, or `undefined` where the file does not hold them. */
    read({ segment, at }: Place, length: number): Uint8Array | undefined {
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
  };
}

/** A file's name is safe only when its folder is synced. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
