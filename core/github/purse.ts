import type { ApiRequest } from './api-request.ts';
import { type Resource, resourceOf } from './resource.ts';
import { URGENCY } from './urgency.ts';

/** How soon those look again who wait for answers that are under way. */
const LOOK_AGAIN_MS = 50;

/** What GitHub said is left of one of its limits. */
export interface Left {
  limit: number;
  remaining: number;
  /** In milliseconds since 1970. */
  resetAt: number;
}

/** A time that an answer names, by our own clock: who answered says what its own shows. */
export function ownTime(time: number, headers: Headers, now: number): number {
  const theirs = Date.parse(headers.get('date') ?? '');
  return time + (Number.isNaN(theirs) ? 0 : now - theirs);
}

/** When GitHub's hour ends, by our own clock. */
export function resetOf(headers: Headers, now: number): number {
  return ownTime(Number(headers.get('x-ratelimit-reset')) * 1000, headers, now);
}

/** GitHub's hourly figures, less what is under way: its answers tell of a request only when it is over. */
export function createPurse() {
  const known = new Map<Resource, Left>();
  const underWay = new Map<Resource, number>();
  const count = (resource: Resource, by: number): void =>
    void underWay.set(resource, (underWay.get(resource) ?? 0) + by);

  function learn(headers: Headers): void {
    const resource = headers.get('x-ratelimit-resource') as Resource | null;
    const remaining = headers.get('x-ratelimit-remaining');
    if (!resource || remaining === null) return;
    const resetAt = resetOf(headers, Date.now());
    const before = known.get(resource);
    // Answers come in any order: within an hour the smallest figure is the latest.
    const least = before && Math.abs(before.resetAt - resetAt) < 2000 ? before.remaining : Infinity;
    const limit = Number(headers.get('x-ratelimit-limit'));
    known.set(resource, { limit, remaining: Math.min(Number(remaining), least), resetAt });
  }

  return {
    waitsUntil(request: ApiRequest, now: number): number {
      const resource = resourceOf(request);
      const left = known.get(resource);
      if (!left || left.resetAt <= now) return 0;
      const floor = left.limit * URGENCY[request.spender.priority].reserve;
      if (left.remaining <= floor) return left.resetAt;
      return left.remaining - (underWay.get(resource) ?? 0) <= floor ? now + LOOK_AGAIN_MS : 0;
    },
    async spend(request: ApiRequest, task: () => Promise<Response>): Promise<Response> {
      const resource = resourceOf(request);
      count(resource, 1);
      try {
        const response = await task();
        learn(response.headers);
        return response;
      } finally {
        count(resource, -1);
      }
    },
    left(): Map<Resource, Left> {
      const now = Date.now();
      return new Map([...known].filter(([, { resetAt }]) => resetAt > now));
    },
  };
}
