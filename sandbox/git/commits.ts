import { git, gitMaybe } from './run.ts';

export interface Person {
  name: string;
  email: string;
  /** ISO 8601 */
  date: string;
}

export interface CommitData {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01';

function utc(date: string): string {
  return date ? new Date(date).toISOString().replace(/\.\d+Z$/, 'Z') : '1970-01-01T00:00:00Z';
}

function parse(output: string): CommitData[] {
  return output
    .split('\x01')
    .map((entry) => entry.replace(/^\n/, ''))
    .filter(Boolean)
    .map((entry) => {
      const [sha = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
        entry.split('\0');
      return {
        sha,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: { name: an, email: ae, date: utc(ad) },
        committer: { name: cn, email: ce, date: utc(cd) },
        message: message.replace(/\n+$/, ''),
      };
    });
}

export async function readCommit(dir: string, sha: string): Promise<CommitData | undefined> {
  const output = await gitMaybe(dir, ['log', '-1', `--format=${FORMAT}`, '--end-of-options', sha]);
  return output === undefined ? undefined : parse(output)[0];
}

export interface LogOptions {
  /** Commits that these reach are left out. */
  not?: string;
  reverse?: boolean;
  limit?: number;
  path?: string;
  author?: string;
  since?: string;
  until?: string;
}

/** The history of a commit, newest first unless `reverse`. */
export async function log(dir: string, sha: string, options: LogOptions = {}): Promise<CommitData[]> {
  const args = ['log', `--format=${FORMAT}`, '--topo-order'];
  if (options.reverse) args.push('--reverse');
  if (options.limit) args.push(`--max-count=${options.limit}`);
  if (options.author) args.push(`--author=${options.author}`);
  if (options.since) args.push(`--since=${options.since}`);
  if (options.until) args.push(`--until=${options.until}`);
  args.push('--end-of-options', sha);
  if (options.not) args.push(`^${options.not}`);
  if (options.path) args.push('--', `:(literal)${options.path}`);
  return parse(await git(dir, args));
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Person;
  committer?: Person;
}

/** Writes a commit object; nothing points to it yet. */
export async function writeCommit(dir: string, commit: NewCommit): Promise<string> {
  const committer = commit.committer ?? commit.author;
  return git(dir, ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent])], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: committer.date,
    },
  });
}
