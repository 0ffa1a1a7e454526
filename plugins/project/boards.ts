import type { Card, Named, PortMap } from '../../core/plugin/index.ts';

type Projects = PortMap['projects'];

/** A board by its name, or the names that there are; undefined where GitHub has no boards at all. */
export type Search = { found: Named } | { names: string[] } | undefined;

/** Looks in the repository, in the organisation, and only then in all its other repositories, which costs a request for each. */
export async function findBoard(projects: Projects, org: string, repo: string, name: string): Promise<Search> {
  const known: Named[] = [];
  let any = false;
  async function* places(): AsyncGenerator<Named[] | undefined> {
    yield await projects.ofRepo(repo);
    yield await projects.ofOrg(org);
    for (const other of any ? await projects.repos(org) : []) if (other !== repo) yield await projects.ofRepo(other);
  }
  for await (const boards of places()) {
    any ||= boards !== undefined;
    const found = boards?.find((board) => board.name === name);
    if (found) return { found };
    known.push(...(boards ?? []));
  }
  return any ? { names: [...new Set(known.map((board) => board.name))].sort() } : undefined;
}

/** Where on a board the issue or pull request is. */
export async function cardOf(
  projects: Projects,
  columns: readonly Named[],
  { org, repo, number }: { org: string; repo: string; number: number },
): Promise<{ card: Card; column: number } | undefined> {
  // Enterprise hosts have an address of their own, so that only the end of it is known.
  const end = `/repos/${org}/${repo}/issues/${number}`.toLowerCase();
  for (const { id: column } of columns) {
    const card = (await projects.cards(column)).find(({ contentUrl }) => contentUrl.toLowerCase().endsWith(end));
    if (card) return { card, column };
  }
  return undefined;
}
