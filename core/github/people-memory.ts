import { LRUCache } from 'lru-cache';
import type { ApiRequest, Send } from './api-request.ts';
import { type RequestMetrics, routeLabels } from './request-metrics.ts';

/**
 * Who belongs to what. GitHub gives no ETag for a yes or no, so that asking about the same member for every comment would cost every time.
 * A yes is believed for two minutes, and less where a webhook tells of a change; a no is always asked again, for whoever was just let in.
 */
const REMEMBERED = new RegExp(
  `^(/api/v3)?/(${[
    'orgs/[^/]+/members/[^/]+',
    'orgs/[^/]+/teams(/[^/]+(/members|/memberships/[^/]+)?)?',
    'teams/[0-9]+/members',
    'repos/[^/]+/[^/]+/collaborators/[^/]+',
  ].join('|')})$`,
);
const KEEP_MS = 120_000;
const MOST_BYTES = 8 * 1024 * 1024;

interface Kept {
  status: number;
  headers: [string, string][];
  body: string | null;
}

/** Answers of GitHub about people, for a short while. */
export interface PeopleMemory {
  wrap(send: Send): Send;
  /** Everything is asked again, as after a change of members or teams. */
  forget(): void;
}

export function createPeopleMemory(metrics: RequestMetrics): PeopleMemory {
  const known = new LRUCache<string, Kept>({
    ttl: KEEP_MS,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }, key) => (body?.length ?? 0) + key.length + 500,
  });
  const asked = new Map<string, { answer: Promise<Kept>; signal: AbortSignal }>();
  let generation = 0;

  async function ask(send: Send, request: ApiRequest, key: string): Promise<Kept> {
    const before = generation;
    const response = await send(request);
    const body = response.status === 204 ? null : await response.text();
    const kept = { status: response.status, headers: [...response.headers], body };
    if (response.status < 300 && before === generation) known.set(key, kept);
    return kept;
  }

  /** One request serves all who ask the same meanwhile; where its own caller gives up, the others ask for themselves. */
  async function shared(send: Send, request: ApiRequest, key: string): Promise<Kept> {
    const running = asked.get(key);
    if (running) {
      return running.answer.catch((error: unknown) => {
        if (!running.signal.aborted || request.signal.aborted) throw error;
        return shared(send, request, key);
      });
    }
    const mine = { answer: ask(send, request, key), signal: request.signal };
    asked.set(key, mine);
    try {
      return await mine.answer;
    } finally {
      if (asked.get(key) === mine) asked.delete(key);
    }
  }

  function forget(): void {
    generation++;
    known.clear();
    asked.clear();
  }

  return {
    forget,
    wrap: (send) => async (request) => {
      const about = REMEMBERED.test(new URL(request.url).pathname);
      if (request.method !== 'GET') {
        const response = await send(request);
        if (about) forget();
        return response;
      }
      if (!about) return send(request);
      const key = `${request.account} ${request.headers.accept ?? ''} ${request.url}`;
      const remembered = known.get(key);
      if (remembered) metrics.cache.inc({ ...routeLabels(request), mode: 'REMEMBERED' });
      const { status, headers, body } = remembered ?? (await shared(send, request, key));
      return new Response(body, { status, headers });
    },
  };
}
