import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';

const PLACE = ['org', 'repo'] as const;

/** Prow's metrics of the jobs that repositories declare (pkg/config/cache.go, pkg/config/inrepoconfig.go). */
export function createInRepoMetrics(registry: Metrics) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: PLACE, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, labelNames: PLACE, registers });
  return {
    lookups: counter('inRepoConfigCache_lookups', 'Count of cache lookups by org and repo.'),
    hits: counter('inRepoConfigCache_hits', 'Count of cache lookup hits by org and repo.'),
    misses: counter('inRepoConfigCache_misses', 'Count of cache lookup misses by org and repo.'),
    forced: counter('inRepoConfigCache_evictions_forced', 'Count of cache entries that made room for others.'),
    manual: counter('inRepoConfigCache_evictions_manual', 'Count of cache entries whose value could not be made.'),
    size: new Gauge({
      name: 'inRepoConfigCache_cache_usage_size',
      help: 'How many entries the cache holds by org and repo.',
      labelNames: PLACE,
      registers,
    }),
    duration: histogram(
      'inRepoConfigCache_GetProwYAML_duration',
      "Seconds that a repository's own jobs took to read.",
      [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600],
    ),
    fetching: histogram(
      'inrepoconfig_git_client_acquisition_duration',
      'Seconds until the commits were there, the first fetch of a repository included.',
      [0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200],
    ),
    merging: histogram(
      'inrepoconfig_git_other_duration',
      'Seconds that git took after that.',
      [0.1, 0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600],
    ),
  };
}
