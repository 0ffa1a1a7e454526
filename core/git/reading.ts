import { CutwaterError } from '../errors.ts';
import { type GitCalls, text } from './calls.ts';
import { parseCommit, parseTree } from './formats.ts';
import type { Mirror } from './mirror.ts';
import { objectName } from './names.ts';

const MAX_ANCESTRY = 10_000;

type Reading = Pick<Mirror, 'readCommit' | 'commitsBetween' | 'readTree' | 'readBlobs' | 'readBlob'>;

/** What stands in a mirror; file contents that are not there yet are brought by `fetchObjects`. */
export function reading({ good }: GitCalls, fetchObjects: (oids: readonly string[]) => Promise<void>): Reading {
  async function readBlobs(oids: readonly string[], maxBytes: number): Promise<Buffer[]> {
    if (oids.length === 0) return [];
    await fetchObjects(oids);
    const input = `${oids.map(objectName).join('\n')}\n`;
    const sizes = text(await good(['cat-file', '--batch-check=%(objectsize)'], { input }))
      .trim()
      .split('\n')
      .map(Number);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!(total <= maxBytes)) throw new CutwaterError('invalid', `${total} bytes are more than ${maxBytes}`);
    const framing = oids.length * 2;
    const { stdout } = await good(['cat-file', '--batch='], { input, maxBytes: maxBytes + framing });
    let at = 1;
    return sizes.map((size) => {
      const blob = stdout.subarray(at, at + size);
      // Each stands between an empty line and the end of a line.
      at += size + 2;
      return blob;
    });
  }

  return {
    readCommit: async (sha) => parseCommit(sha, (await good(['cat-file', 'commit', objectName(sha)])).stdout),
    async commitsBetween(base, head) {
      const range = [objectName(head), `^${objectName(base)}`];
      const args = ['rev-list', `--max-count=${MAX_ANCESTRY}`, '--reverse', '--topo-order', ...range, '--'];
      return text(await good(args))
        .split('\n')
        .filter(Boolean);
    },
    async readTree(treeish, paths = [], maxFiles = 10_000) {
      const args = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', objectName(treeish), '--', ...paths];
      const files = parseTree((await good(args)).stdout);
      if (files.length > maxFiles) throw new CutwaterError('invalid', `there are more than ${maxFiles} files`);
      return files;
    },
    readBlobs,
    async readBlob(oid, maxBytes) {
      const [blob] = await readBlobs([oid], maxBytes);
      return blob as Buffer;
    },
  };
}
