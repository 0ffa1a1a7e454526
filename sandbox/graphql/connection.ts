/** A resolved object: fields are values or functions of their arguments, as graphql-js takes them. */
export type Node = Record<string, unknown>;

export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const cursorOf = (index: number) => Buffer.from(`cursor:${index}`).toString('base64');

function indexOf(cursor: string | null | undefined): number | undefined {
  if (!cursor) return undefined;
  const index = Number(Buffer.from(cursor, 'base64').toString().split(':')[1]);
  return Number.isInteger(index) ? index : undefined;
}

/** A page of a list in GraphQL's connection shape. GitHub gives at most 100 at a time. */
export function connection<T>(
  list: readonly T[],
  args: PageArgs,
  present: (item: T) => unknown,
  extra: Node = {},
): Node {
  const from = (indexOf(args.after) ?? -1) + 1;
  const to = Math.min(indexOf(args.before) ?? list.length, list.length);
  const size = Math.min(args.first ?? args.last ?? 100, 100);
  const start = args.first || !args.last ? from : Math.max(from, to - size);
  const end = Math.min(to, start + size);
  const edges = list.slice(start, end).map((item, at) => ({ cursor: cursorOf(start + at), node: present(item) }));
  return {
    nodes: edges.map((it) => it.node),
    edges,
    totalCount: list.length,
    pageInfo: {
      hasNextPage: end < list.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    ...extra,
  };
}
