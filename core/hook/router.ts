import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one request. What it throws becomes a 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

/**
 * Where a handler is mounted: at one `path`, or at a `prefix` and all below it (`/static/` or `/api/`). Without `method` the handler is asked for every
 * method and says itself which it refuses.
 */
export interface Route {
  method?: string | undefined;
  path?: string | undefined;
  prefix?: string | undefined;
  handle: Handler;
}

function fits(route: Route, pathname: string): boolean {
  if (route.path !== undefined) return route.path === pathname;
  return route.prefix !== undefined && pathname.startsWith(route.prefix);
}

/**
 * The route for a request: an exact path before a prefix, the longest prefix first, and of equals the one mounted first.
 * `wrong-method` where only the method does not fit; HEAD fits GET.
 */
export function findRoute(routes: readonly Route[], method: string, pathname: string): Route | 'wrong-method' | 'none' {
  const fitting = routes.filter((route) => fits(route, pathname));
  const wanted = method === 'HEAD' ? 'GET' : method;
  const weight = (route: Route): number => (route.path === undefined ? (route.prefix ?? '').length : Infinity);
  let best: Route | undefined;
  for (const route of fitting) {
    if (route.method !== undefined && route.method !== wanted && route.method !== method) continue;
    if (!best || weight(route) > weight(best)) best = route;
  }
  return best ?? (fitting.length > 0 ? 'wrong-method' : 'none');
}
