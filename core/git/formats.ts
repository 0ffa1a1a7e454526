import { CutwaterError } from '../errors.ts';
import type { CommitInfo, TreeFile } from './mirror.ts';

/** Reads what `git ls-tree -z` says. */
export function parseTree(output: Buffer): TreeFile[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      const [mode = '', , oid = ''] = row.slice(0, tab).split(' ');
      return { path: row.slice(tab + 1), mode, oid };
    });
}

/** The end of the year 9999: objects may say more than git reads. */
const LATEST = 253_402_300_799;
const AUTHOR = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/;

/** Reads a commit object; what follows the first empty line is its message. */
export function parseCommit(sha: string, object: Buffer): CommitInfo {
  const content = object.toString('utf8');
  const end = content.indexOf('\n\n');
  const headers = content.slice(0, end).split('\n');
  const valuesOf = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const [, name, email, seconds, zone] = AUTHOR.exec(valuesOf('author')[0] ?? '') ?? [];
  if (name === undefined || email === undefined) throw new CutwaterError('invalid', `commit ${sha} has no author`);
  return {
    sha,
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    message: end < 0 ? '' : content.slice(end + 2),
    // With `@` git takes any count of seconds; without, what lies before 1973 is no date to it.
    author: { name, email, date: `@${Math.min(Number(seconds), LATEST)} ${zone}` },
  };
}
