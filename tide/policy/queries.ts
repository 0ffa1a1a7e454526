import { z } from 'zod';
import { goJson } from '../../core/config/go-types.ts';

const texts = () => z.array(z.string()).optional();

/** Which pull requests tide looks at; all of it must hold (Prow: TideQuery). An entry of `labels` with commas means any of them. */
export const TideQuery = z.object({
  author: z.string().optional(),
  labels: texts(),
  missingLabels: texts(),
  excludedBranches: texts(),
  includedBranches: texts(),
  milestone: z.string().optional(),
  reviewApprovedRequired: z.boolean().optional(),
  orgs: texts(),
  repos: texts(),
  excludedRepos: texts(),
});
export type TideQuery = z.output<typeof TideQuery>;

const CONDITIONS = [
  'author',
  'excludedBranches',
  'includedBranches',
  'labels',
  'missingLabels',
  'milestone',
  'reviewApprovedRequired',
] as const;
const TARGETS = ['orgs', 'repos', 'excludedRepos'] as const;

/** Whether a query is about a repository. */
export function appliesTo(query: TideQuery, org: string, repo: string): boolean {
  const name = `${org}/${repo}`;
  if (query.orgs?.includes(org)) return !query.excludedRepos?.includes(name);
  return query.repos?.includes(name) ?? false;
}

/**
 * Queries with the same conditions and tenants as one, so that GitHub is asked once (Prow: deduplicateTideQueries). `tenantOf` names the
 * tenant of an org or repository: prowjob_default_entries decide.
 */
export function joinQueries(queries: readonly TideQuery[], tenantOf: (orgOrRepo: string) => string): TideQuery[] {
  const joined = new Map<string, TideQuery>();
  for (const query of queries.map(withSortedConditions)) {
    const tenants = [...new Set([...(query.orgs ?? []), ...(query.repos ?? [])].map(tenantOf))].sort();
    const key = JSON.stringify([CONDITIONS.map((name) => query[name] || null), tenants]);
    const known = joined.get(key);
    joined.set(key, known ? withTargetsOf(known, query) : query);
  }
  return [...joined.values()]
    .map((query) => ({ query, text: textOf(query) }))
    .sort((a, b) => compare(a.text, b.text))
    .map(({ query }) => query);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function withSortedConditions(query: TideQuery): TideQuery {
  const lists = (['labels', 'missingLabels', 'excludedBranches', 'includedBranches'] as const).map((name) => [
    name,
    query[name] && [...query[name]].sort(),
  ]);
  return { ...query, ...Object.fromEntries(lists) };
}

function withTargetsOf(query: TideQuery, other: TideQuery): TideQuery {
  const targets = TARGETS.map((name) => [name, [...(query[name] ?? []), ...(other[name] ?? [])]]);
  return { ...query, ...Object.fromEntries(targets) };
}

/** As Go writes it: the order of queries is that of these texts. */
function textOf(query: TideQuery): string {
  const fields = Object.keys(TideQuery.shape) as (keyof TideQuery)[];
  const filled = fields
    .map((name) => [name, query[name]] as const)
    .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  return goJson(Object.fromEntries(filled));
}

/** What GitHub is asked for a query, one search per org (Prow: OrgQueries). */
export function searchesByOrg(query: TideQuery): Map<string, string> {
  const conditions = searchConditions(query);
  const places = placesByOrg(query);
  return new Map([...places].map(([org, words]) => [org, [conditions, ...words].join(' ')]));
}

function placesByOrg(query: TideQuery): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const org of query.orgs ?? []) places.set(org, [`org:"${org}"`]);
  const add = (names: readonly string[] | undefined, prefix: string) => {
    for (const name of names ?? []) {
      const [org = '', repo, more] = name.split('/');
      if (repo === undefined || more !== undefined) continue;
      places.set(org, [...(places.get(org) ?? []), `${prefix}:"${name}"`]);
    }
  };
  add(query.repos, 'repo');
  add(query.excludedRepos, '-repo');
  return places;
}

function searchConditions(query: TideQuery): string {
  const anyOf = (entry: string) => entry.split(',').map((label) => `"${label}"`);
  return [
    'is:pr state:open archived:false',
    ...(query.author ? [`author:"${query.author}"`] : []),
    ...(query.excludedBranches ?? []).map((branch) => `-base:"${branch}"`),
    ...(query.includedBranches ?? []).map((branch) => `base:"${branch}"`),
    ...(query.labels ?? []).map((entry) => `label:${anyOf(entry).join(',')}`),
    ...(query.missingLabels ?? []).map((label) => `-label:"${label}"`),
    ...(query.milestone ? [`milestone:"${query.milestone}"`] : []),
    ...(query.reviewApprovedRequired ? ['review:approved'] : []),
  ].join(' ');
}

/** Orgs with the repositories that no query about the org covers, and repositories named on their own (Prow: OrgExceptionsAndRepos). */
export interface Coverage {
  orgs: ReadonlyMap<string, ReadonlySet<string>>;
  repos: ReadonlySet<string>;
}

export function coverageOf(queries: readonly TideQuery[]): Coverage {
  const repos = new Set(queries.flatMap((query) => query.repos ?? []));
  const orgs = new Map<string, ReadonlySet<string>>();
  for (const { orgs: names = [], excludedRepos = [] } of queries) {
    for (const org of names) {
      const excluded = new Set(excludedRepos.filter((repo) => repo.startsWith(`${org}/`)));
      orgs.set(org, orgs.get(org)?.intersection(excluded) ?? excluded);
    }
  }
  return { orgs: new Map([...orgs].map(([org, excluded]) => [org, excluded.difference(repos)])), repos };
}
