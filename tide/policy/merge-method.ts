import { z } from 'zod';
import { asAny } from '../../core/config/decode.ts';
import { compilePattern } from '../../core/config/pattern.ts';
import type { Path } from '../../core/config/position.ts';
import { withDecoder } from '../../core/config/zod-decoder.ts';
import { messageOf } from '../../core/errors.ts';

const METHODS = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof METHODS)[number];

const Word = z.string().nullable();
const OfRepo = z.union([Word, z.record(z.string(), Word)]);
const OfOrg = z.union([Word, z.record(z.string(), OfRepo)]);

/** `tide.merge_method`: by `org`, `org/repo` or `org/repo@branch` a method, or by `org` a map of repositories, and by repository one of branch patterns. */
export const MergeMethods = withDecoder(z.record(z.string(), OfOrg), asAny);
export type MergeMethods = z.output<typeof MergeMethods>;

/** What is wrong with it: words that are no method, patterns that cannot be read (Prow: parseTideMergeType). */
export function mergeMethodProblems(methods: MergeMethods): { path: Path; message: string }[] {
  return Object.entries(methods).flatMap(([org, ofOrg]) => [
    ...wordProblems([org], ofOrg, org),
    ...entriesOf(ofOrg).flatMap(([repo, ofRepo]) => [
      ...wordProblems([org, repo], ofRepo, `${org}/${repo}`),
      ...entriesOf(ofRepo).flatMap(([branch, method]) => branchProblems([org, repo, branch], method)),
    ]),
  ]);
}

function wordProblems(path: string[], value: unknown, place: string) {
  if (typeof value !== 'string' || value === '' || isMethod(value)) return [];
  return [{ path, message: `merge type ${JSON.stringify(value)} for ${place} is not a valid type` }];
}

function branchProblems(path: [string, string, string], method: string | null) {
  const [org, repo, branch] = path;
  const problems: { path: Path; message: string }[] = [];
  try {
    compilePattern(branch);
  } catch (error) {
    problems.push({ path, message: `regex ${JSON.stringify(branch)} is not valid: ${messageOf(error)}` });
  }
  if (!isMethod(method))
    problems.push({
      path,
      message: `merge type ${JSON.stringify(method ?? '')} for ${org}/${repo}@${branch} is not a valid type`,
    });
  return problems;
}

function isMethod(value: unknown): value is MergeMethod {
  return METHODS.some((method) => method === value);
}

function entriesOf<T>(value: Readonly<Record<string, T>> | string | null): [string, T][] {
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}

function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/**
 * How changes of a branch are merged. The first that says something: `org/repo@branch`, a branch pattern in order of the text (of the
 * repository, or of `*` where it is not named), `org/repo`, the repository's word inside its org, `org` (Prow: OrgRepoBranchMergeMethod).
 */
export function mergeMethodOf(methods: MergeMethods, org: string, repo: string, branch: string): MergeMethod {
  const ofOrg = own(methods, org);
  const nested =
    ofOrg !== null && typeof ofOrg === 'object' ? own(ofOrg, Object.hasOwn(ofOrg, repo) ? repo : '*') : undefined;
  const byBranch = entriesOf(nested ?? null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .find(([pattern]) => compilePattern(pattern).test(branch));
  const candidates = [
    own(methods, `${org}/${repo}@${branch}`),
    byBranch?.[1],
    own(methods, `${org}/${repo}`),
    nested,
    ofOrg,
  ];
  return candidates.find(isMethod) ?? 'merge';
}
