import { isDeepStrictEqual } from 'node:util';
import { type Refs, refsToString } from '../api/refs.ts';
import { mainRefs, revisionOf } from './job-spec.ts';

/** started.json (testgrid's metadata.Started, as Prow writes it). Times are seconds since 1970. */
export interface Started {
  timestamp: number;
  'repo-version'?: string;
  pull?: string;
  repos?: Record<string, string>;
  'repo-commit'?: string;
  metadata?: Record<string, unknown>;
}

/** finished.json (testgrid's metadata.Finished, as Prow writes it). */
export interface Finished {
  timestamp: number;
  passed: boolean;
  /** SUCCESS, FAILURE or ABORTED from the pod; a ProwJob's state from the storage reporter. */
  result: string;
  metadata?: Record<string, unknown>;
  revision?: string;
}

/** What started.json asks of clone-records.json. */
interface ClonedRefs {
  refs: Refs;
  final_sha?: string;
}

/** started.json of a run; with clone records it names the commit that the merges made (Prow: refsToStarted). */
export function startedFor(
  { refs, extra_refs: extra }: { refs?: Refs | undefined; extra_refs?: Refs[] | undefined },
  records: readonly ClonedRefs[],
  timestamp: number,
): Started {
  const main = mainRefs(refs, extra);
  const cloned = main && records.find((record) => isDeepStrictEqual(record.refs, main))?.final_sha;
  const version = cloned || revisionOf(refs, extra);
  const pull = refs?.pulls?.[0];
  const repos = [...(refs ? [refs] : []), ...(extra ?? [])].map((each) => [
    `${each.org}/${each.repo}`,
    refsToString(each),
  ]);
  return {
    timestamp,
    ...(version && { 'repo-version': version }),
    ...(pull && { pull: String(pull.number) }),
    ...(repos.length > 0 && { repos: Object.fromEntries(repos) as Record<string, string> }),
    ...(version && { 'repo-commit': version }),
  };
}
