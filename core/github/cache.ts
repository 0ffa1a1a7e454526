import { LRUCache } from 'lru-cache';
import type { ApiRequest, Send } from './api-request.ts';
import type { CachedAnswer, CacheFile } from './cache-file.ts';
import { type RequestMetrics, routeLabels } from './request-metrics.ts';

/** What is kept in memory of the file, and the largest answer that is kept at all. */
const MEMORY_BYTES = 16 * 1024 * 1024;
const LARGEST_BYTES = 1024 * 1024;

/** Headers that say how an answer is to be read; the others come fresh with every 304. */
const KEPT = ['content-type', 'link', 'etag', 'last-modified', 'x-github-media-type'];

/**
 * Asks GitHub only whether an answer has changed, which costs nothing of the budget. Never answers without asking. What one account sees another does
 * not (Prow: pkg/ghcache).
 */
export function withCache(send: Send, file: CacheFile, metrics: RequestMetrics): Send {
  const memory = new LRUCache<string, CachedAnswer>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ body }, key) => body.length + key.length + 500,
  });
  const count = (request: ApiRequest, mode: string): void => metrics.cache.inc({ ...routeLabels(request), mode });

  function keep(key: string, request: ApiRequest, response: Response, body: string, changed: boolean): void {
    const etag = response.headers.get('etag');
    if (response.status !== 200 || !etag || body.length > LARGEST_BYTES) {
      count(request, 'NO-STORE');
      return;
    }
    count(request, changed ? 'CHANGED' : 'MISS');
    const headers = KEPT.flatMap((name) =>
      response.headers.has(name) ? [[name, response.headers.get(name) ?? '']] : [],
    );
    const answer = { etag, headers: headers as [string, string][], body, at: Date.now() };
    memory.set(key, answer);
    file.set(key, answer);
  }

  return async (request) => {
    if (request.method !== 'GET' || 'if-none-match' in request.headers) return send(request);
    const key = `${request.account} ${request.headers.accept ?? ''} ${request.url}`;
    const known = memory.get(key) ?? file.get(key);
    const response = await send(
      known ? { ...request, headers: { ...request.headers, 'if-none-match': known.etag } } : request,
    );
    if (known && response.status === 304) {
      memory.set(key, known);
      count(request, 'REVALIDATED');
      metrics.cacheAge.observe(routeLabels(request), (Date.now() - known.at) / 1000);
      return restored(known, response);
    }
    const body = await response.clone().text();
    keep(key, request, response, body, known !== undefined);
    return response;
  };
}

function restored({ headers, body }: CachedAnswer, fresh: Response): Response {
  const all = new Headers(fresh.headers);
  for (const [name, value] of headers) all.set(name, value);
  return new Response(body, { status: 200, headers: all });
}
