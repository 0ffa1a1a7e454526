/** The entry of a map by `org/repo`, `org` or `*` that says most about a repository. */
export function forRepo<T>(map: Readonly<Record<string, T>>, org: string, repo: string): T | undefined {
  const key = [`${org}/${repo}`, org, '*'].find((candidate) => Object.hasOwn(map, candidate));
  return key === undefined ? undefined : map[key];
}
