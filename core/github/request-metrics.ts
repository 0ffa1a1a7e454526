import { createHash } from 'node:crypto';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { ApiRequest, Send } from './api-request.ts';
import { simplifyPath } from './path.ts';

const TOKEN = ['token_hash', 'api_version', 'ratelimit_resource'] as const;
const ROUTE = ['token_hash', 'path', 'user_agent'] as const;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type RequestMetrics = ReturnType<typeof createRequestMetrics>;

/** Prow's figures about GitHub (Prow: pkg/github/ghmetrics/ghmetrics.go), and who spends the budget. */
export function createRequestMetrics(registry: Metrics) {
  const registers = [registry];
  return {
    reset: new Gauge({
      name: 'github_token_reset',
      help: 'Last reported GitHub token reset time.',
      labelNames: TOKEN,
      registers,
    }),
    usage: new Gauge({
      name: 'github_token_usage',
      help: 'How many GitHub token requests are remaining for the current hour.',
      labelNames: TOKEN,
      registers,
    }),
    duration: new Histogram({
      name: 'github_request_duration',
      help: 'GitHub request duration by API path.',
      labelNames: [...ROUTE, 'status'],
      buckets: SECONDS,
      registers,
    }),
    waiting: new Histogram({
      name: 'github_request_wait_duration_seconds',
      help: 'GitHub request wait duration before sending to API in seconds',
      labelNames: ['token_hash', 'request_type', 'api'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 150, 180],
      registers,
    }),
    timeouts: new Histogram({
      name: 'github_request_timeouts',
      help: 'GitHub request timeout by API path.',
      labelNames: ROUTE,
      buckets: [45, 60, 90, 120, 300],
      registers,
    }),
    cache: new Counter({
      name: 'ghcache_responses',
      help: 'How many cache responses of each cache response mode there are.',
      labelNames: [...ROUTE, 'mode'],
      registers,
    }),
    cacheAge: new Histogram({
      name: 'ghcache_cache_entry_age_seconds',
      help: 'The age of cache entries by API path.',
      labelNames: ROUTE,
      buckets: [5, 900, 1800, 3600, 7200, 14400],
      registers,
    }),
    spent: new Counter({
      name: 'cutwater_github_requests',
      help: 'Requests to GitHub by who asked; those answered 304 cost nothing.',
      labelNames: ['plugin', 'repo', 'cost'],
      registers,
    }),
  };
}

const hashes = new Map<string, string>();

/** What stands for an account in the metrics: installations' tokens change every hour, and secrets do not belong there. */
export function hashOf(account: string): string {
  const hash = hashes.get(account) ?? createHash('sha256').update(account).digest('hex');
  hashes.set(account, hash);
  return hash;
}

export function routeLabels({ account, url, headers }: ApiRequest): Record<(typeof ROUTE)[number], string> {
  return {
    token_hash: hashOf(account),
    path: simplifyPath(new URL(url).pathname),
    user_agent: headers['user-agent']?.split('/')[0] ?? '',
  };
}

/** Times every request that is sent. */
export function measured(send: Send, metrics: RequestMetrics): Send {
  return async (request) => {
    const labels = routeLabels(request);
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    try {
      const response = await send(request);
      metrics.duration.observe({ ...labels, status: String(response.status) }, seconds());
      const { plugin, repo } = request.spender;
      metrics.spent.inc({ plugin, repo, cost: response.status === 304 ? 'free' : 'counted' });
      learn(metrics, labels, response.headers);
      return response;
    } catch (error) {
      metrics.timeouts.observe(labels, seconds());
      throw error;
    }
  };
}

function learn(
  { reset, usage }: RequestMetrics,
  { token_hash, path }: { token_hash: string; path: string },
  headers: Headers,
): void {
  const remaining = headers.get('x-ratelimit-remaining');
  if (remaining === null) return;
  const labels = {
    token_hash,
    api_version: path === '/graphql' ? 'v4' : 'v3',
    ratelimit_resource: headers.get('x-ratelimit-resource') ?? '',
  };
  usage.set(labels, Number(remaining));
  // Prow sets nanoseconds until the reset.
  reset.set(labels, (Number(headers.get('x-ratelimit-reset')) * 1000 - Date.now()) * 1e6);
}
