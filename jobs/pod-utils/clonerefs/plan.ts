import { isAbsolute, posix, relative } from 'node:path';
import { CutwaterError } from '../../../core/errors.ts';
import type { Refs } from '../../api/refs.ts';
import { clonePath } from '../../spec/paths.ts';

/** One command of a clone; `retry` marks those that talk to the other side and are tried again. */
export interface CloneStep {
  cwd: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  retry?: boolean;
  /** Writes files into the work tree, where Git LFS puts the real ones in the place of its pointers. */
  files?: boolean;
}

/** Who merges, and the cookie file that git sends, as clonerefs' options name them. */
export interface CloneIdentity {
  userName?: string | undefined;
  userEmail?: string | undefined;
  cookiePath?: string | undefined;
}

/** Where refs are cloned from: clone_uri, else the repository's link, else github.com. */
export function cloneUri(refs: Refs): string {
  if (refs.clone_uri) return refs.clone_uri;
  return refs.repo_link ? `${refs.repo_link}.git` : `https://github.com/${refs.org}/${refs.repo}.git`;
}

/**
 * Throws `invalid` where a value would be read by git as an option, or the clone would land outside the source root:
 * extra_refs may come from a pull request's own configuration, and this process holds credentials.
 */
export function assertSafeRefs(root: string, refs: Refs): void {
  const pulls = (refs.pulls ?? []).flatMap(({ sha, ref }) => [sha, ref]);
  const sparse = refs.sparse_checkout_files ?? [];
  const option = [refs.base_ref, refs.base_sha, cloneUri(refs), ...pulls, ...sparse].find((value) =>
    value?.startsWith('-'),
  );
  if (option !== undefined)
    throw new CutwaterError('invalid', `refs hold ${JSON.stringify(option)}, which git would read as an option`);
  const inside = relative(posix.join(root, 'src'), clonePath(root, refs));
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
    throw new CutwaterError('invalid', `refs of ${refs.org}/${refs.repo} would be cloned outside the source root`);
  }
}

/** The commands that make the repository and put it on the base ref (Prow: clone.commandsForBaseRef). */
export function baseSteps(root: string, refs: Refs, identity: CloneIdentity): CloneStep[] {
  const cwd = clonePath(root, refs);
  const git = (...args: string[]): CloneStep => ({ cwd, command: 'git', args });
  const uri = cloneUri(refs);
  const sparse = (refs.sparse_checkout_files?.length ?? 0) > 0;
  const narrowing = [...(refs.clone_depth ? ['--depth', String(refs.clone_depth)] : []), ...filterArgs(refs)];
  const steps: CloneStep[] = [{ cwd: '/', command: 'mkdir', args: ['-p', cwd] }, git('init')];
  if (identity.userName) steps.push(git('config', 'user.name', identity.userName));
  if (identity.userEmail) steps.push(git('config', 'user.email', identity.userEmail));
  if (identity.cookiePath && refs.skip_submodules) steps.push(git('config', 'http.cookiefile', identity.cookiePath));
  if (sparse) steps.push(git('sparse-checkout', 'init'));
  if (!refs.skip_fetch_head && !sparse) steps.push(fetching(git('fetch', ...narrowing, uri, '--tags', '--prune')));

  const baseRef = refs.base_ref ?? '';
  const wanted = refs.base_sha || baseRef;
  const target = refs.base_sha || 'FETCH_HEAD';
  steps.push(fetching(git('fetch', ...narrowing, ...(sparse ? ['--no-tags'] : []), uri, wanted)));
  if (sparse) steps.push(git('sparse-checkout', 'set', ...(refs.sparse_checkout_files ?? [])));
  // A branch that is checked out can not be moved: stand on the commit first, then move the branch, then return to it.
  steps.push(
    writing(git('checkout', target)),
    git('branch', '--force', baseRef, target),
    writing(git('checkout', baseRef)),
  );
  return steps;
}

/** The commands that merge the pulls, each a second later than the one before so that the result's hash is always the same (Prow: clone.commandsForPullRefs). */
export function pullSteps(root: string, refs: Refs, baseTimestamp: number): CloneStep[] {
  const cwd = clonePath(root, refs);
  const git = (...args: string[]): CloneStep => ({ cwd, command: 'git', args });
  const steps = (refs.pulls ?? []).flatMap((pull, index) => {
    const wanted = pull.ref || pull.sha || `pull/${pull.number}/head`;
    const date = String(baseTimestamp + index + 1);
    return [
      fetching(git('fetch', ...filterArgs(refs), cloneUri(refs), wanted)),
      {
        ...writing(git('merge', '--no-ff', pull.sha || 'FETCH_HEAD')),
        env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      },
    ];
  });
  return refs.skip_submodules ? steps : [...steps, git('submodule', 'update', '--init', '--recursive')];
}

function filterArgs(refs: Refs): string[] {
  return refs.blobless_fetch || refs.sparse_checkout_files?.length ? ['--filter=blob:none'] : [];
}

function fetching(step: CloneStep): CloneStep {
  return { ...step, retry: true };
}

function writing(step: CloneStep): CloneStep {
  return { ...step, files: true };
}
