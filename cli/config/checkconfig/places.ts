import type { Coverage } from '../../../tide/policy/queries.ts';

/** Organisations (each without some repositories) and single repositories; operations on them as Prow's checkconfig has them (orgRepoConfig). */
export type Places = Coverage;

function orgOf(repo: string): string {
  const slash = repo.indexOf('/');
  return slash < 0 ? '' : repo.slice(0, slash);
}

/** For people, sorted: `org: a without repo(s) a/x, a/y`, `repo: b/z`. */
export function describePlaces({ orgs, repos }: Places): string[] {
  const ofOrgs = [...orgs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([org, except]) => {
      const left = [...except].sort();
      return left.length > 0 ? `org: ${org} without repo(s) ${left.join(', ')}` : `org: ${org}`;
    });
  return [...ofOrgs, ...[...repos].sort().map((repo) => `repo: ${repo}`)];
}

/** What of `a` is not in `b`. */
export function difference(a: Places, b: Places): Places {
  const orgs = new Map<string, ReadonlySet<string>>();
  const repos = new Set(a.repos);
  for (const [org, except] of a.orgs) {
    const other = b.orgs.get(org);
    if (other) for (const repo of other.difference(except)) repos.add(repo);
    else orgs.set(org, except.union(reposIn(org, b)));
  }
  const uncovered = [...repos].filter((repo) => !b.repos.has(repo) && !coveredByOrg(repo, b));
  return { orgs, repos: new Set(uncovered) };
}

/** What is in both. */
export function intersection(a: Places, b: Places): Places {
  const orgs = new Map<string, ReadonlySet<string>>();
  const repos = new Set<string>();
  for (const [org, except] of a.orgs) {
    const other = b.orgs.get(org);
    if (other) orgs.set(org, except.union(other));
    else for (const repo of reposIn(org, b).difference(except)) repos.add(repo);
  }
  for (const repo of a.repos) if (b.repos.has(repo) || coveredByOrg(repo, b)) repos.add(repo);
  return { orgs, repos };
}

/** What is in either. */
export function union(a: Places, b: Places): Places {
  const orgs = new Map<string, ReadonlySet<string>>();
  for (const [org, except] of a.orgs) {
    const other = b.orgs.get(org);
    const left = except.difference(b.repos);
    orgs.set(org, other ? left.intersection(other.difference(a.repos)) : left);
  }
  for (const [org, except] of b.orgs) if (!orgs.has(org)) orgs.set(org, except.difference(a.repos));
  const repos = [...a.repos.union(b.repos)].filter((repo) => !orgs.has(orgOf(repo)));
  return { orgs, repos: new Set(repos) };
}

function reposIn(org: string, { repos }: Places): Set<string> {
  return new Set([...repos].filter((repo) => orgOf(repo) === org));
}

function coveredByOrg(repo: string, { orgs }: Places): boolean {
  const except = orgs.get(orgOf(repo));
  return except !== undefined && !except.has(repo);
}
