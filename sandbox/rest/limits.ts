import type { Caller } from './call.ts';

type Resource = 'core' | 'search' | 'graphql';

interface Window {
  used: number;
  resetAt: number;
}

const LIMITS: Record<Resource, { perWindow: number; windowMs: number }> = {
  core: { perWindow: 5000, windowMs: 3_600_000 },
  search: { perWindow: 30, windowMs: 60_000 },
  graphql: { perWindow: 5000, windowMs: 3_600_000 },
};

/** GitHub's rate limits, counted for each caller and kind of request. The sandbox counts but does not refuse unless told. */
export interface RateLimits {
  /** Counts one request, or none, and gives the headers that tell of it. */
  count(caller: Caller, resource: Resource, cost: number): Record<string, string>;
  isExceeded(caller: Caller, resource: Resource): boolean;
  /** The body of `GET /rate_limit`. */
  overview(caller: Caller): unknown;
  /** The same for GraphQL's `rateLimit` field. */
  graphql(caller: Caller): Record<string, unknown>;
  /** Changes a limit for tests. */
  set(resource: Resource, perWindow: number): void;
}

export function createRateLimits(): RateLimits {
  const limits = structuredClone(LIMITS);
  const windows = new Map<string, Window>();

  function windowOf(caller: Caller, resource: Resource): Window {
    const key = `${caller.key} ${resource}`;
    const found = windows.get(key);
    if (found && found.resetAt > Date.now()) return found;
    const fresh = { used: 0, resetAt: Date.now() + limits[resource].windowMs };
    windows.set(key, fresh);
    return fresh;
  }

  function figures(caller: Caller, resource: Resource) {
    const { used, resetAt } = windowOf(caller, resource);
    const limit = limits[resource].perWindow;
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
  }

  return {
    count(caller, resource, cost) {
      windowOf(caller, resource).used += cost;
      const { limit, used, remaining, reset } = figures(caller, resource);
      return {
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(remaining),
        'X-RateLimit-Reset': String(reset),
        'X-RateLimit-Used': String(used),
        'X-RateLimit-Resource': resource,
      };
    },
    isExceeded: (caller, resource) => windowOf(caller, resource).used >= limits[resource].perWindow,
    overview(caller) {
      const core = figures(caller, 'core');
      return {
        resources: { core, search: figures(caller, 'search'), graphql: figures(caller, 'graphql') },
        rate: core,
      };
    },
    graphql(caller) {
      const { limit, used, remaining, reset } = figures(caller, 'graphql');
      return { cost: 1, limit, used, remaining, nodeCount: 0, resetAt: new Date(reset * 1000).toISOString() };
    },
    set(resource, perWindow) {
      limits[resource].perWindow = perWindow;
    },
  };
}
