import type { TideQuery } from './queries.ts';

/** The first thing that is wrong with a query (Prow: TideQuery.Validate), and the key it is about. */
export function queryProblem(query: TideQuery): { key?: keyof TideQuery; message: string } | undefined {
  const { orgs = [], repos = [] } = query;
  return (
    firstOf(orgs, 'orgs', orgProblem) ??
    duplicates(query, 'orgs') ??
    firstOf(repos, 'repos', (name) => repoProblem(name, orgs)) ??
    duplicates(query, 'repos') ??
    (orgs.length + repos.length === 0 ? { message: "'orgs' and 'repos' cannot both be empty" } : undefined) ??
    firstOf(query.excludedRepos ?? [], 'excludedRepos', (name) => exclusionProblem(name, orgs)) ??
    duplicates(query, 'excludedRepos') ??
    labelProblem(query) ??
    duplicates(query, 'labels') ??
    duplicates(query, 'missingLabels') ??
    branchProblem(query) ??
    duplicates(query, 'includedBranches') ??
    duplicates(query, 'excludedBranches')
  );
}

type Lists = 'orgs' | 'repos' | 'excludedRepos' | 'labels' | 'missingLabels' | 'includedBranches' | 'excludedBranches';

function firstOf(list: readonly string[], key: Lists, check: (item: string) => string | undefined) {
  for (const [index, item] of list.entries()) {
    const message = check(item);
    if (message) return { key, message: `${key}[${index}]: ${message}` };
  }
  return undefined;
}

function orgProblem(org: string): string | undefined {
  if (org.includes('/')) return `${JSON.stringify(org)} contains a '/' which is not valid`;
  return org === '' ? 'is an empty string' : undefined;
}

function repoProblem(name: string, orgs: readonly string[]): string | undefined {
  const org = orgOf(name);
  if (org === undefined) return `${JSON.stringify(name)} is not of the form "org/repo"`;
  return orgs.includes(org) ? `${JSON.stringify(name)} is already included via org: ${JSON.stringify(org)}` : undefined;
}

function exclusionProblem(name: string, orgs: readonly string[]): string | undefined {
  const org = orgOf(name);
  if (org === undefined) return `${JSON.stringify(name)} is not of the form "org/repo"`;
  if (orgs.includes(org)) return undefined;
  return `${JSON.stringify(name)} has no effect because org ${JSON.stringify(org)} is not included`;
}

function orgOf(name: string): string | undefined {
  const [org, repo, more] = name.split('/');
  return org && repo && more === undefined ? org : undefined;
}

function labelProblem({ labels = [], missingLabels = [] }: TideQuery) {
  const both = [...new Set(labels)].filter((label) => missingLabels.includes(label)).sort();
  if (both.length === 0) return undefined;
  return { key: 'labels' as const, message: `the labels: ${JSON.stringify(both)} are both required and forbidden` };
}

function branchProblem({ includedBranches = [], excludedBranches = [] }: TideQuery) {
  if (includedBranches.length === 0 || excludedBranches.length === 0) return undefined;
  return {
    key: 'excludedBranches' as const,
    message: "both 'includedBranches' and 'excludedBranches' are specified ('excludedBranches' have no effect)",
  };
}

function duplicates(query: TideQuery, key: Lists) {
  const list = query[key] ?? [];
  const twice = [...new Set(list.filter((item, index) => list.indexOf(item) !== index))].sort();
  if (twice.length === 0) return undefined;
  const count = list.length - new Set(list).size;
  return { key, message: `"${key}" contains ${count} duplicate entries: ${twice.join(', ')}` };
}
