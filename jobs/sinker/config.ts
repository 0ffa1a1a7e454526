import { z } from 'zod';
import { parseDuration } from '../../core/config/duration.ts';
import { duration } from '../../core/config/schema.ts';
import { section } from '../../core/config/section.ts';
import type { SinkerConfig } from './rules.ts';

const Sinker = z.object({
  resync_period: duration().default('1h'),
  max_prowjob_age: duration().default('168h'),
  max_pod_age: duration().default('24h'),
  /** As old as pods may be at all, unless given. */
  terminated_pod_ttl: duration().optional(),
  exclude_clusters: z.array(z.string()).default([]),
});

/** The key `sinker` (Prow: pkg/config/config.go, Sinker). */
export const sinker = section({
  key: 'sinker',
  schema: Sinker,
  finish: ({ exclude_clusters, ...ages }): SinkerConfig => ({
    exclude_clusters,
    resync_period: parseDuration(ages.resync_period),
    max_prowjob_age: parseDuration(ages.max_prowjob_age),
    max_pod_age: parseDuration(ages.max_pod_age),
    terminated_pod_ttl: parseDuration(ages.terminated_pod_ttl ?? ages.max_pod_age),
  }),
});
