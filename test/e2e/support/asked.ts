import type { Asked } from './platform.ts';

/** A GraphQL query is no write. */
export const isWrite = ({ method, what }: Asked): boolean => method !== 'GET' && !/"query":"\s*(query|\{)/.test(what);

/** The reads that were made more than once: what was read is shared, and what our own writes change is known. */
export function repeated(asked: readonly Asked[]): string[] {
  const seen = new Map<string, string>();
  return asked.flatMap((request) => {
    if (isWrite(request)) return [];
    const { method, plugin } = request;
    const what = `${method} ${request.what}`;
    const before = seen.get(what);
    seen.set(what, plugin);
    return before === undefined ? [] : [`${what}: ${before}, then ${plugin}`];
  });
}
