import type { ProwJobSpec, ReporterConfig } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';
import type { JobBase, Periodic, Postsubmit, Presubmit, Reporting } from '../config/job.ts';

/** Prow: PresubmitSpec in pkg/pjutil/pjutil.go. */
export function presubmitSpec(job: Presubmit, refs: Refs): ProwJobSpec {
  return {
    ...baseSpec(job),
    type: 'presubmit',
    context: job.context,
    ...(!job.skip_report && { report: true }),
    rerun_command: job.rerun_command,
    ...jenkins(job),
    refs: primaryRefs(refs, job),
  };
}

/** Prow: PostsubmitSpec. */
export function postsubmitSpec(job: Postsubmit, refs: Refs): ProwJobSpec {
  return {
    ...baseSpec(job),
    type: 'postsubmit',
    context: job.context,
    ...(!job.skip_report && { report: true }),
    ...jenkins(job),
    refs: primaryRefs(refs, job),
  };
}

/** A periodic is always reported, where there is something to report to (Prow: PeriodicSpec). */
export function periodicSpec(job: Periodic): ProwJobSpec {
  return { ...baseSpec(job), type: 'periodic', report: true };
}

function baseSpec(job: JobBase): ProwJobSpec {
  return {
    job: job.name,
    agent: job.agent as NonNullable<ProwJobSpec['agent']>,
    cluster: job.cluster,
    namespace: job.namespace,
    ...(job.max_concurrency && { max_concurrency: job.max_concurrency }),
    ...(job.error_on_eviction && { error_on_eviction: true }),
    ...(job.extra_refs && { extra_refs: job.extra_refs.map((refs) => decorated(refs, job)) }),
    ...(job.decoration_config && { decoration_config: job.decoration_config }),
    ...(job.spec && { pod_spec: job.spec }),
    ...(job.pipeline_run_spec && { pipeline_run_spec: job.pipeline_run_spec }),
    ...(job.tekton_pipeline_run_spec && { tekton_pipeline_run_spec: job.tekton_pipeline_run_spec }),
    ...(job.reporter_config && { reporter_config: job.reporter_config }),
    ...(job.rerun_auth_config && { rerun_auth_config: job.rerun_auth_config }),
    ...(job.hidden && { hidden: true }),
    prowjob_defaults: job.prowjob_defaults,
    ...(job.job_queue_name && { job_queue_name: job.job_queue_name }),
  };
}

function jenkins({ jenkins_spec }: Reporting): Pick<ProwJobSpec, 'jenkins_spec'> {
  return jenkins_spec ? { jenkins_spec } : {};
}

function decorated(refs: Refs, { decoration_config }: JobBase): Refs {
  const blobless = decoration_config?.blobless_fetch;
  return blobless === undefined || refs.blobless_fetch !== undefined ? refs : { ...refs, blobless_fetch: blobless };
}

/** The refs under test with what the job says about cloning them (Prow: CompletePrimaryRefs). */
function primaryRefs(refs: Refs, job: JobBase): Refs {
  const sparse = job.decoration_config?.sparse_checkout_files;
  return {
    ...decorated(refs, job),
    ...(job.path_alias && { path_alias: job.path_alias }),
    ...(job.clone_uri && { clone_uri: job.clone_uri }),
    ...(job.skip_submodules && { skip_submodules: true }),
    ...((job.clone_depth ?? 0) > 0 && { clone_depth: job.clone_depth ?? 0 }),
    ...(job.skip_fetch_head && { skip_fetch_head: true }),
    ...(sparse?.length && { sparse_checkout_files: sparse }),
  };
}

/**
 * `report` of the Slack reporter made explicit: an empty list of states means no, and would be lost on the way through JSON
 * (Prow: setReportDefault).
 */
export function withSlackReport(config: ReporterConfig | undefined): ReporterConfig | undefined {
  if (!config?.slack || config.slack.report !== undefined) return config;
  const { job_states_to_report: states, ...slack } = config.slack;
  const report = states?.length !== 0;
  return { ...config, slack: { ...slack, ...(states && report && { job_states_to_report: states }), report } };
}
