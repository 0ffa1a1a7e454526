import type { V1ObjectMeta, V1PodSpec } from '@kubernetes/client-node';
import type { DecorationConfig } from './decoration.ts';
import type { Refs } from './refs.ts';

export type ProwJobType = 'presubmit' | 'postsubmit' | 'periodic' | 'batch';
export type ProwJobAgent = 'kubernetes' | 'jenkins' | 'tekton-pipeline';
export type ProwJobState = 'scheduling' | 'triggered' | 'pending' | 'success' | 'failure' | 'aborted' | 'error';

/** Kubernetes metadata as it stands in JSON: times are RFC 3339 strings, unlike in the client's classes. */
export type ObjectMeta = Omit<V1ObjectMeta, 'creationTimestamp' | 'deletionTimestamp' | 'managedFields'> & {
  creationTimestamp?: string;
  deletionTimestamp?: string;
};

/** One run of a job: the resource prowjobs.prow.k8s.io/v1, field by field as Prow writes it (Prow: pkg/apis/prowjobs/v1/types.go). */
export interface ProwJob {
  apiVersion: 'prow.k8s.io/v1';
  kind: 'ProwJob';
  metadata: ObjectMeta;
  spec: ProwJobSpec;
  status: ProwJobStatus;
}

export interface ProwJobSpec {
  type?: ProwJobType;
  agent?: ProwJobAgent;
  cluster?: string;
  namespace?: string;
  job?: string;
  refs?: Refs;
  extra_refs?: Refs[];
  report?: boolean;
  context?: string;
  rerun_command?: string;
  max_concurrency?: number;
  error_on_eviction?: boolean;
  pod_spec?: V1PodSpec;
  jenkins_spec?: { github_branch_source_job?: boolean };
  pipeline_run_spec?: object;
  tekton_pipeline_run_spec?: { v1beta1?: object };
  decoration_config?: DecorationConfig;
  reporter_config?: ReporterConfig;
  rerun_auth_config?: RerunAuthConfig;
  hidden?: boolean;
  prowjob_defaults?: ProwJobDefault;
  job_queue_name?: string;
}

export interface ProwJobStatus {
  startTime?: string;
  pendingTime?: string;
  completionTime?: string;
  state?: ProwJobState;
  description?: string;
  url?: string;
  pod_revival_count?: number;
  pod_name?: string;
  build_id?: string;
  jenkins_build_id?: string;
  prev_report_states?: Record<string, ProwJobState>;
}

export interface ReporterConfig {
  slack?: SlackReporterConfig;
}

export interface SlackReporterConfig {
  host?: string;
  channel?: string;
  job_states_to_report?: ProwJobState[];
  report_template?: string;
  report?: boolean;
}

export interface RerunAuthConfig {
  allow_anyone?: boolean;
  github_team_ids?: number[];
  github_team_slugs?: { slug: string; org: string }[];
  github_users?: string[];
  github_orgs?: string[];
}

export interface ProwJobDefault {
  resultstore_config?: { project_id?: string };
  tenant_id?: string;
}

/** Whether the job has ended, in whatever way (Prow: ProwJob.Complete). */
export function isComplete(job: ProwJob): boolean {
  return job.status.completionTime !== undefined;
}
