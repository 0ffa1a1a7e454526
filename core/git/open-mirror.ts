import { type CallOptions, gitCalls, text } from './calls.ts';
import { fetching, type Turns } from './fetching.ts';
import { merging } from './merging.ts';
import type { Mirror } from './mirror.ts';
import { objectName, refName } from './names.ts';
import { reading } from './reading.ts';
import { remoteFailure } from './remote-failure.ts';

/** The mirror in a folder that git has initialised. */
export function openMirror(options: CallOptions & Turns): Mirror {
  const calls = gitCalls(options);
  const { fetchObjects, fetchRef, find } = fetching(calls, options);
  return {
    ...reading(calls, fetchObjects),
    ...merging(calls),
    fetchCommits: fetchObjects,
    fetchRef,
    hasRef: async (ref) => (await find(ref)) !== undefined,
    async push({ commit, ref, to, force = false }) {
      const refspec = `${objectName(commit)}:${refName(ref)}`;
      const outcome = await calls.push(
        ['--quiet', '--porcelain', ...(force ? ['--force'] : []), 'target', refspec],
        to,
      );
      if (outcome.code !== 0) throw remoteFailure('push', `${outcome.stderr}\n${text(outcome)}`);
    },
  };
}
