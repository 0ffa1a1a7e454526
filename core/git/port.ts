import { CutwaterError, hasCode, isTransient, messageOf } from '../errors.ts';
import { type Bound, port, type Target, write } from '../ports/port.ts';
import { cherryPick, type Picked } from './cherry-pick.ts';
import type { Mirror, Mirrors } from './mirror.ts';

interface CherryPick {
  /** Where the commits come from: a commit that GitHub shows, such as a pull request's head. */
  head: string;
  /** In order; all of them in the history of `head`. */
  commits: readonly string[];
  /** The branch to begin at, and the one that is made of it. */
  target: string;
  branch: string;
  /** The repository that gets the new branch. */
  to: { org: string; repo: string };
  /** The login of who does it. */
  committer: string;
}

/** In data rather than errors, as each is told in words of its own. */
type CherryPicked =
  | Exclude<Picked, { kind: 'picked' }>
  | { kind: 'pushed'; commit: string }
  | { kind: 'no-branch' | 'no-commits' | 'push-refused'; message: string };

/** Work with git for plugins, in the mirrors that all share. */
export function gitPort(mirrors: Pick<Mirrors, 'use'>) {
  return port(
    'git',
    // To push what changes files of GitHub Actions an App needs `workflows` as well; without it GitHub refuses, and that is told.
    { contents: 'write' },
    {
      /** Makes or remakes a branch; a second time gives the same branch once more. */
      cherryPick: write((_gh, at, wanted: CherryPick): Promise<CherryPicked> => {
        return mirrors.use(at.org, at.repo, (mirror) => pickAndPush(mirror, at, wanted));
      }),
    },
  );
}

async function pickAndPush(mirror: Mirror, at: Target, wanted: CherryPick): Promise<CherryPicked> {
  const { head, commits, target, branch, to } = wanted;
  const onto = await orRefusal('no-branch', mirror.fetchRef(`refs/heads/${target}`));
  if (typeof onto !== 'string') {
    return onto.missing ? { kind: 'no-branch', message: `${at.org}/${at.repo} has no such branch` } : onto.refusal;
  }
  const fetched = await orRefusal(
    'no-commits',
    mirror.fetchCommits([head]).then(() => head),
  );
  if (typeof fetched !== 'string') return fetched.refusal;
  const committer = { name: wanted.committer, email: `${wanted.committer}@users.noreply.github.com` };
  const picked = await cherryPick(mirror, { commits, onto, committer });
  if (picked.kind !== 'picked') return picked;
  const { commit } = picked;
  const pushed = await orRefusal(
    'push-refused',
    mirror.push({ commit, ref: `refs/heads/${branch}`, to, force: true }).then(() => commit),
  );
  return typeof pushed === 'string' ? { kind: 'pushed', commit } : pushed.refusal;
}

interface Refused {
  missing: boolean;
  refusal: { kind: 'no-branch' | 'no-commits' | 'push-refused'; message: string };
}

/** What will not heal by itself becomes data; everything else is thrown. */
async function orRefusal(kind: Refused['refusal']['kind'], work: Promise<string>): Promise<string | Refused> {
  try {
    return await work;
  } catch (error) {
    if (isTransient(error) || !(error instanceof CutwaterError)) throw error;
    return { missing: hasCode(error, 'not-found'), refusal: { kind, message: messageOf(error) } };
  }
}

declare module '../ports/index.ts' {
  interface PortMap {
    git: Bound<ReturnType<typeof gitPort>>;
  }
}
