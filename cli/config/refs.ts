import { type FlagValues, intFlag, stringFlag } from '../../core/flags.ts';
import type { Refs } from '../../jobs/api/refs.ts';
import { splitRepo } from '../../jobs/config/gerrit.ts';

/** mkpj's flags for the code under test. */
export const REFS_FLAGS = {
  'base-ref': stringFlag('Git base ref under test', 'REF'),
  'base-sha': stringFlag('Git base SHA under test', 'SHA'),
  'pull-number': intFlag('Git pull number under test'),
  'pull-sha': stringFlag('Git pull SHA under test', 'SHA'),
  'pull-author': stringFlag('Git pull author under test', 'LOGIN'),
  'pull-head-ref': stringFlag('Git branch name of the proposed change', 'REF'),
};

export type RefsFlags = FlagValues<typeof REFS_FLAGS>;

/** The base alone, as postsubmits test it. */
export function baseRefs(repo: string, flags: RefsFlags): Refs {
  return {
    ...(splitRepo(repo) ?? { org: repo, repo: '' }),
    ...(flags['base-ref'] && { base_ref: flags['base-ref'] }),
    ...(flags['base-sha'] && { base_sha: flags['base-sha'] }),
  };
}

/** The base and one pull request. */
export function pullRefs(repo: string, flags: RefsFlags): Refs {
  const head = flags['pull-head-ref'];
  return {
    ...baseRefs(repo, flags),
    pulls: [
      {
        number: flags['pull-number'] ?? 0,
        author: flags['pull-author'] ?? '',
        sha: flags['pull-sha'] ?? '',
        ...(head && { head_ref: head }),
      },
    ],
  };
}
