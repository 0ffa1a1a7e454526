import { CutwaterError, messageOf } from '../../core/errors.ts';
import type { DecorationConfig } from '../api/decoration.ts';
import type { ProwJob, ProwJobType } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';

/** What a job knows of itself: the JSON in JOB_SPEC (Prow: pkg/pod-utils/downwardapi/jobspec.go). */
export interface JobSpec {
  type?: ProwJobType;
  job?: string;
  buildid?: string;
  prowjobid?: string;
  refs?: Refs;
  extra_refs?: Refs[];
  decoration_config?: DecorationConfig;
}

/** The job's spec from its environment. Throws `usage` where it is missing or malformed. */
export function jobSpecFromEnv(env: Record<string, string | undefined>): JobSpec {
  const text = env.JOB_SPEC;
  if (text === undefined) throw new CutwaterError('usage', 'could not resolve job spec: $JOB_SPEC unset');
  try {
    return JSON.parse(text) as JobSpec;
  } catch (error) {
    throw new CutwaterError('usage', `could not resolve job spec: malformed $JOB_SPEC: ${messageOf(error)}`);
  }
}

/** The spec of a ProwJob's run (Prow: downwardapi.NewJobSpec). */
export function jobSpecOf({ metadata, spec, status }: ProwJob): JobSpec {
  return {
    ...(spec.type && { type: spec.type }),
    ...(spec.job && { job: spec.job }),
    ...(status.build_id && { buildid: status.build_id }),
    ...(metadata.name && { prowjobid: metadata.name }),
    ...(spec.refs && { refs: spec.refs }),
    ...(spec.extra_refs?.length && { extra_refs: spec.extra_refs }),
    ...(spec.decoration_config && { decoration_config: spec.decoration_config }),
  };
}

/** The refs that a run is about: its own, else the first extra ones that are not auxiliary. */
export function mainRefs(refs: Refs | undefined, extra: readonly Refs[] | undefined): Refs | undefined {
  return refs ?? extra?.find(({ auxiliary }) => !auxiliary);
}

/** The commit (or branch) that a run is about (Prow: GetRevisionFromRefs). */
export function revisionOf(refs: Refs | undefined, extra: readonly Refs[] | undefined): string {
  const main = mainRefs(refs, extra);
  const pull = main?.pulls?.[0];
  return pull ? pull.sha : main?.base_sha || main?.base_ref || '';
}
