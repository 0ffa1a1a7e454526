import type { V1Affinity, V1ResourceRequirements, V1Toleration } from '@kubernetes/client-node';

/** How a job's pod is wrapped with the pod utilities. Durations are Go's strings (`2h0m0s`). Prow: DecorationConfig. */
export interface DecorationConfig {
  timeout?: string;
  grace_period?: string;
  utility_images?: UtilityImages;
  resources?: UtilityResources;
  gcs_configuration?: GCSConfiguration;
  gcs_credentials_secret?: string;
  s3_credentials_secret?: string;
  default_service_account_name?: string;
  ssh_key_secrets?: string[];
  ssh_host_fingerprints?: string[];
  blobless_fetch?: boolean;
  sparse_checkout_files?: string[];
  skip_cloning?: boolean;
  cookiefile_secret?: string;
  oauth_token_secret?: SecretKey;
  github_api_endpoints?: string[];
  github_app_id?: string;
  github_app_private_key_secret?: SecretKey;
  censor_secrets?: boolean;
  censoring_options?: CensoringOptions;
  upload_ignores_interrupts?: boolean;
  set_limit_equals_memory_request?: boolean;
  default_memory_request?: string;
  scheduling_options?: { affinity?: V1Affinity; tolerations?: V1Toleration[] };
  pod_pending_timeout?: string;
  pod_running_timeout?: string;
  pod_unscheduled_timeout?: string;
  run_as_user?: number;
  run_as_group?: number;
  fs_group?: number;
}

export interface UtilityImages {
  clonerefs?: string;
  initupload?: string;
  entrypoint?: string;
  sidecar?: string;
}

export interface UtilityResources {
  clonerefs?: V1ResourceRequirements;
  initupload?: V1ResourceRequirements;
  place_entrypoint?: V1ResourceRequirements;
  sidecar?: V1ResourceRequirements;
}

interface SecretKey {
  name?: string;
  key?: string;
}

interface CensoringOptions {
  censoring_concurrency?: number;
  censoring_buffer_size?: number;
  include_directories?: string[];
  exclude_directories?: string[];
  minimum_secret_length?: number;
}

/** Where artifacts go and how their paths are formed. */
export interface GCSConfiguration {
  bucket?: string;
  path_prefix?: string;
  path_strategy?: string;
  default_org?: string;
  default_repo?: string;
  mediaTypes?: Record<string, string>;
  job_url_prefix?: string;
  local_output_dir?: string;
  compress_file_types?: string[];
}
