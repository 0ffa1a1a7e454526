import { z } from 'zod';
import { goDuration } from '../../core/config/duration-decoder.ts';
import { section } from '../../core/config/section.ts';
import { withDecoder } from '../../core/config/zod-decoder.ts';
import type { ProwJobDefault } from '../api/prowjob.ts';
import { jobTypes } from './job-types.ts';
import { appliesTo } from './matching.ts';

/** Where ProwJobs live. */
export const prowjobNamespace = section({
  key: 'prowjob_namespace',
  schema: z.string().default(''),
  finish: (name) => name || 'default',
});

/** Where pods live. */
export const podNamespace = section({
  key: 'pod_namespace',
  schema: z.string().default(''),
  finish: (name) => name || 'default',
});

/** Contexts of kubeconfig files that are left out (Prow: config.DisabledClusters); counts when the program starts. */
export const disabledClusters = section({ key: 'disabled_clusters', schema: z.array(z.string()).default([]) });

/** Parsed and kept as Prow does, which never reads it: a decorated job without a timeout ends after entrypoint's two hours. */
export const defaultJobTimeout = section({
  key: 'default_job_timeout',
  schema: withDecoder(z.string().default('24h0m0s'), goDuration(false)),
});

const ProwJobDefaultSchema = withDecoder(
  z.custom<ProwJobDefault>().meta({ goType: 'ProwJobDefault' }),
  jobTypes.decoder('ProwJobDefault'),
);

/** Defaults for jobs by repository and cluster; later entries win. */
export const prowjobDefaults = section({
  key: 'prowjob_default_entries',
  schema: z
    .array(
      z.object({
        repo: z.string().optional(),
        cluster: z.string().optional(),
        config: ProwJobDefaultSchema.optional(),
      }),
    )
    .default([]),
});

const DEFAULT_TENANT = 'GlobalDefaultID';
type Entries = ReturnType<(typeof prowjobDefaults)['combine']>;

/** What `own` leaves open filled from the entries for its repository and cluster (Prow: mergeProwJobDefault). */
export function withProwJobDefaults(
  entries: Entries,
  repo: string,
  cluster: string,
  own: ProwJobDefault | undefined,
): ProwJobDefault {
  const matching = entries.filter((entry) => appliesTo(entry, repo, cluster)).map(({ config }) => config);
  const merged = [...matching, own].reduce<ProwJobDefault>((defaults, config) => {
    const resultstore = config?.resultstore_config ?? defaults.resultstore_config;
    const tenant = config?.tenant_id || defaults.tenant_id;
    return { ...(resultstore && { resultstore_config: resultstore }), ...(tenant && { tenant_id: tenant }) };
  }, {});
  return { ...merged, tenant_id: merged.tenant_id || DEFAULT_TENANT };
}

const SchedulerSchema = z.object({
  enabled: z.boolean().default(false),
  failover: z.object({ mappings: z.record(z.string(), z.string()).default({}) }).optional(),
  external: z
    .object({
      url: z.string().default(''),
      cache: z
        .object({
          entry_timeout_interval: withDecoder(z.string().optional(), goDuration(false)),
          cleanup_interval: withDecoder(z.string().optional(), goDuration(false)),
        })
        .default({}),
    })
    .optional(),
});

/** Whether and how new jobs wait in state `scheduling` until a cluster is chosen. */
export const scheduler = section({ key: 'scheduler', schema: SchedulerSchema.prefault({}) });
