import type { V1EnvVar, V1PodSpec, V1Toleration, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { DecorationConfig } from '../api/decoration.ts';
import type { ProwJobDefault, ReporterConfig, RerunAuthConfig } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';

/** What jobs of every kind have. Keys are Prow's (pkg/config/jobs.go); after loading every default is filled in. */
export interface JobBase {
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  max_concurrency?: number;
  agent: string;
  cluster: string;
  namespace: string;
  error_on_eviction?: boolean;
  spec?: V1PodSpec;
  pipeline_run_spec?: object;
  tekton_pipeline_run_spec?: { v1beta1?: object };
  reporter_config?: ReporterConfig;
  rerun_auth_config?: RerunAuthConfig;
  hidden?: boolean;
  prowjob_defaults: ProwJobDefault;
  job_queue_name?: string;
  decorate: boolean;
  decoration_config?: DecorationConfig;
  path_alias?: string;
  clone_uri?: string;
  skip_submodules?: boolean;
  clone_depth?: number;
  skip_fetch_head?: boolean;
  extra_refs?: Refs[];
  /** The file that declares it. */
  sourcePath: string;
}

/** On which branches a job runs; patterns are joined by `|`, unanchored, and `skip_branches` wins. */
export interface Brancher {
  branches?: string[];
  skip_branches?: string[];
}

/** At which changes a job runs. */
export interface ChangeMatcher {
  run_if_changed?: string;
  skip_if_only_changed?: string;
}

export interface Reporting {
  context: string;
  skip_report?: boolean;
  jenkins_spec?: { github_branch_source_job?: boolean };
}

export interface Presubmit extends JobBase, Brancher, ChangeMatcher, Reporting {
  always_run?: boolean;
  optional?: boolean;
  /** The pattern that starts it from a comment. */
  trigger: string;
  rerun_command: string;
  run_before_merge?: boolean;
}

export interface Postsubmit extends JobBase, Brancher, ChangeMatcher, Reporting {
  /** Not set means yes, unless a change matcher says otherwise. */
  always_run?: boolean;
}

export interface Periodic extends JobBase {
  interval?: string;
  minimum_interval?: string;
  cron?: string;
  tags?: string[];
  retry?: { run_all?: boolean; attempts?: number; interval?: string };
}

export interface Preset {
  labels?: Record<string, string>;
  env?: V1EnvVar[];
  volumes?: V1Volume[];
  volumeMounts?: V1VolumeMount[];
  tolerations?: V1Toleration[];
}

type Defaulted = 'agent' | 'cluster' | 'namespace' | 'prowjob_defaults' | 'decorate' | 'sourcePath';
type Raw<J, K extends keyof J = never> = Omit<J, Defaulted | K> & Partial<Pick<J, (Defaulted & keyof J) | K>>;

/** Jobs as a file declares them, before defaults. */
export type RawPresubmit = Raw<Presubmit, 'context' | 'trigger' | 'rerun_command'>;
export type RawPostsubmit = Raw<Postsubmit, 'context'>;
export type RawPeriodic = Raw<Periodic>;

/** All jobs of a configuration. */
export interface Jobs {
  presets: readonly Preset[];
  /** decorate_all_jobs of the main configuration. */
  decorateAll: boolean;
  /** By `org/repo`, in the order in which files declare them. */
  presubmits: ReadonlyMap<string, readonly Presubmit[]>;
  postsubmits: ReadonlyMap<string, readonly Postsubmit[]>;
  periodics: readonly Periodic[];
}
