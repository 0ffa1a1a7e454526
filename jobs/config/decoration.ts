import type { DecorationConfig, GCSConfiguration } from '../api/decoration.ts';

/** Lists for which an empty one counts as not set; of the others only an absent one does. */
const EMPTY_IS_UNSET = new Set([
  'ssh_key_secrets',
  'ssh_host_fingerprints',
  'github_api_endpoints',
  'sparse_checkout_files',
]);
/** Parts that are merged field by field. */
const NESTED = new Set(['utility_images', 'resources', 'censoring_options', 'scheduling_options']);

/** `config` with what it leaves open taken from `defaults` (Prow: DecorationConfig.ApplyDefault). Shares what it does not change. */
export function withDefaults(
  config: DecorationConfig | undefined,
  defaults: DecorationConfig | undefined,
): DecorationConfig | undefined {
  if (!config || !defaults) return config ?? defaults;
  const merged: DecorationConfig = fill(config, defaults);
  if (config.gcs_configuration && defaults.gcs_configuration)
    merged.gcs_configuration = mergeGcs(config.gcs_configuration, defaults.gcs_configuration);
  return merged;
}

function fill<T extends object>(config: T, defaults: T): T {
  const merged: T = { ...config };
  for (const key of Object.keys(defaults) as (keyof T & string)[]) {
    const own = config[key];
    if (isUnset(key, own)) merged[key] = defaults[key];
    else if (NESTED.has(key)) merged[key] = fill(own as object, defaults[key] as object) as T[typeof key];
  }
  return merged;
}

function isUnset(key: string, value: unknown): boolean {
  if (value === undefined) return true;
  return EMPTY_IS_UNSET.has(key) && Array.isArray(value) && value.length === 0;
}

/** As in Prow, a media type of the defaults replaces the job's own of the same extension. */
function mergeGcs(config: GCSConfiguration, defaults: GCSConfiguration): GCSConfiguration {
  const merged = fill(config, defaults);
  if (config.mediaTypes && defaults.mediaTypes) merged.mediaTypes = { ...config.mediaTypes, ...defaults.mediaTypes };
  return merged;
}
