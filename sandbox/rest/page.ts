import type { Answer, Call } from './call.ts';

const MOST = 100;

export interface Paging {
  page: number;
  perPage: number;
}

export function pagingOf(call: Call, usual = 30): Paging {
  const number = (name: string, fallback: number) => {
    const value = Number(call.query.get(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  return { page: number('page', 1), perPage: Math.min(number('per_page', usual), MOST) };
}

/** One page of a list with GitHub's `Link` header. `wrap` puts it into an object where GitHub does. */
export function paged<T>(
  call: Call,
  list: readonly T[],
  present: (item: T) => unknown,
  wrap: (items: unknown[]) => unknown = (items) => items,
): Answer {
  const { page, perPage } = pagingOf(call);
  const items = list.slice((page - 1) * perPage, page * perPage);
  return { body: wrap(items.map(present)), headers: linkHeader(call, page, Math.ceil(list.length / perPage)) };
}

/** `Link` with first, prev, next and last; none where one page holds all. */
function linkHeader(call: Call, page: number, last: number): Record<string, string> {
  if (last <= 1) return {};
  const to = (number: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    return `<${call.world.urls.api}${call.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  return { Link: links.join(', ') };
}
