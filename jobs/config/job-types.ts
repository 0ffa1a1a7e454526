import { GoTypes } from '../../core/config/go-types.ts';
import { POD_TYPES } from './pod-types.ts';

const DECORATION_TYPES = {
  DecorationConfig:
    'timeout:*prowDuration grace_period:*prowDuration utility_images:*UtilityImages resources:*UtilityResources gcs_configuration:*GCSConfiguration gcs_credentials_secret:*string s3_credentials_secret:*string default_service_account_name:*string ssh_key_secrets:[]string ssh_host_fingerprints:[]string blobless_fetch:*bool sparse_checkout_files:[]string skip_cloning:*bool cookiefile_secret:*string oauth_token_secret:*SecretKey github_api_endpoints:[]string github_app_id github_app_private_key_secret:*SecretKey censor_secrets:*bool censoring_options:*CensoringOptions upload_ignores_interrupts:*bool set_limit_equals_memory_request:*bool default_memory_request:*quantity scheduling_options:*SchedulingOptions pod_pending_timeout:*duration pod_running_timeout:*duration pod_unscheduled_timeout:*duration run_as_user:*int run_as_group:*int fs_group:*int',
  UtilityImages: 'clonerefs initupload entrypoint sidecar',
  UtilityResources:
    'clonerefs:*ResourceRequirements initupload:*ResourceRequirements place_entrypoint:*ResourceRequirements sidecar:*ResourceRequirements',
  SecretKey: 'name key',
  CensoringOptions:
    'censoring_concurrency:*int censoring_buffer_size:*int include_directories:[]string exclude_directories:[]string minimum_secret_length:*int',
  SchedulingOptions: 'affinity:*Affinity tolerations:[]Toleration',
  GCSConfiguration:
    'bucket path_prefix path_strategy default_org default_repo mediaTypes:{}string job_url_prefix local_output_dir compress_file_types:[]string',
} as const;

const PROWJOB_TYPES = {
  Refs: 'org! repo! repo_link base_ref base_sha base_link pulls:[]Pull path_alias workdir:bool auxiliary:bool clone_uri skip_submodules:bool clone_depth:int skip_fetch_head:bool blobless_fetch:*bool sparse_checkout_files:[]string',
  Pull: 'number:int! author! sha! title ref head_ref link commit_link author_link',
  ReporterConfig: 'slack:*SlackReporterConfig',
  SlackReporterConfig: 'host channel job_states_to_report:[]string report_template report:*bool',
  RerunAuthConfig:
    'allow_anyone:bool github_team_ids:[]int github_team_slugs:[]GitHubTeamSlug github_users:[]string github_orgs:[]string',
  GitHubTeamSlug: 'slug! org!',
  ProwJobDefault: 'resultstore_config:*ResultStoreConfig tenant_id',
  ResultStoreConfig: 'project_id',
  JenkinsSpec: 'github_branch_source_job:bool',
  TektonPipelineRunSpec: 'v1beta1:any',
  ProwJob: 'kind apiVersion metadata:ObjectMeta! spec:ProwJobSpec! status:ProwJobStatus!',
  ProwJobSpec:
    'type agent cluster namespace job refs:*Refs extra_refs:[]Refs report:bool context rerun_command max_concurrency:int error_on_eviction:bool pod_spec:*PodSpec jenkins_spec:*JenkinsSpec pipeline_run_spec:any tekton_pipeline_run_spec:*TektonPipelineRunSpec decoration_config:*DecorationConfig reporter_config:*ReporterConfig rerun_auth_config:*RerunAuthConfig hidden:bool prowjob_defaults:*ProwJobDefault job_queue_name',
  ProwJobStatus:
    'startTime:time pendingTime:*time completionTime:*time state description url pod_revival_count:int pod_name build_id jenkins_build_id prev_report_states:{}string',
} as const;

/** What jobs of every kind have (Prow: JobBase and UtilityConfig in pkg/config/jobs.go). */
const BASE =
  'name! labels:{}string max_concurrency:int agent cluster namespace:*string error_on_eviction:bool spec:*PodSpec pipeline_run_spec:any tekton_pipeline_run_spec:*TektonPipelineRunSpec annotations:{}string reporter_config:*ReporterConfig rerun_auth_config:*RerunAuthConfig hidden:bool prowjob_defaults:*ProwJobDefault job_queue_name decorate:*bool path_alias clone_uri skip_submodules:bool clone_depth:int skip_fetch_head:bool extra_refs:[]Refs decoration_config:*DecorationConfig';
const WHEN = 'skip_branches:[]string branches:[]string run_if_changed skip_if_only_changed';
const REPORT = 'context skip_report:bool jenkins_spec:*JenkinsSpec';

const UPLOAD =
  'items:[]string sub_dir bucket path_prefix path_strategy default_org default_repo mediaTypes:{}string job_url_prefix local_output_dir compress_file_types:[]string gcs_credentials_file s3_credentials_file dry_run:bool!';
const WRAPPER = 'args:[]string container_name process_log! marker_file! metadata_file!';

/** What is handed to the pod utilities as JSON. */
const UTILITY_TYPES = {
  JobSpec: 'type job buildid prowjobid refs:*Refs extra_refs:[]Refs decoration_config:*DecorationConfig',
  CloneOptions:
    'src_root! log! git_user_name git_user_email refs:[]Refs! key_files:[]string oauth_token_file host_fingerprints:[]string max_parallel_workers:int fail:bool cookie_path github_api_endpoints:[]string github_app_id github_app_private_key_file token_orgs:[]string',
  UploadOptions: UPLOAD,
  InitUploadOptions: `${UPLOAD} log`,
  WrapperOptions: WRAPPER,
  EntrypointOptions: `timeout:int! grace_period:int! artifact_dir previous_marker always_zero:bool propagate_error_code:bool copy_mode_only:bool copy_dst ${WRAPPER}`,
  SidecarOptions:
    'gcs_options:*UploadOptions! wrapper_options:*WrapperOptions entries:[]WrapperOptions entry_error:bool ignore_interrupts:bool write_memory_profile:bool censoring_options:*SidecarCensoring',
  SidecarCensoring:
    'secret_directories:[]string censoring_concurrency:*int censoring_buffer_size:*int include_directories:[]string exclude_directories:[]string ini_filenames:[]string minimum_secret_length:*int',
};

const JOB_TYPES = {
  Preset: 'labels:{}string env:[]EnvVar volumes:[]Volume volumeMounts:[]VolumeMount tolerations:[]Toleration',
  Presubmit: `${BASE} always_run:bool optional:bool trigger rerun_command run_before_merge:bool ${WHEN} ${REPORT}`,
  Postsubmit: `${BASE} always_run:*bool ${WHEN} ${REPORT}`,
  Periodic: `${BASE} interval minimum_interval cron tags:[]string retry:*Retry`,
  Retry: 'run_all:bool attempts:int interval',
};

/** Every Go type that a job's configuration, a ProwJob or a pod consists of. */
export const jobTypes = new GoTypes({
  ...POD_TYPES,
  ...DECORATION_TYPES,
  ...PROWJOB_TYPES,
  ...UTILITY_TYPES,
  ...JOB_TYPES,
});
