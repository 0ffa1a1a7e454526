import { posix } from 'node:path';
import { BASE_REF, BUILD_ID, CONTEXT, CREATED_BY_PROW, JOB, JOB_ID, JOB_TYPE, ORG, PULL, REPO } from '../api/labels.ts';
import type { ProwJob, ProwJobSpec } from '../api/prowjob.ts';
import { isLabelValue, MAX_LABEL } from '../config/names.ts';

export interface Marks {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Labels and annotations of what belongs to a job; the given ones win (Prow: LabelsAndAnnotationsForSpec). */
export function marksOf(spec: ProwJobSpec, extra: Partial<Marks> = {}): Marks {
  const { job = '', context = '' } = spec;
  const refs = spec.refs ?? spec.extra_refs?.[0];
  const pull = refs?.pulls?.[0];
  const labels: Record<string, string> = {
    [CREATED_BY_PROW]: 'true',
    [JOB_TYPE]: spec.type ?? '',
    [JOB]: shortened(job),
    [CONTEXT]: shortened(context),
    ...(refs && { [ORG]: refs.org, [REPO]: refs.repo, [BASE_REF]: refs.base_ref ?? '' }),
    ...(pull && { [PULL]: String(pull.number) }),
    ...extra.labels,
  };
  return {
    labels: usable(labels),
    annotations: { [JOB]: job, [CONTEXT]: context, ...extra.annotations },
  };
}

/** The marks of a job's pod: the job's own, its name and its build id. */
export function podMarksOf({ metadata, spec, status }: ProwJob): Marks {
  const labels = { ...metadata.labels, [JOB_ID]: metadata.name ?? '', [BUILD_ID]: status.build_id ?? '' };
  return marksOf(spec, { labels, ...(metadata.annotations && { annotations: metadata.annotations }) });
}

function shortened(value: string): string {
  return value.length > MAX_LABEL ? value.slice(0, MAX_LABEL).replace(/[._-]+$/, '') : value;
}

/** A value that Kubernetes would refuse is cut to its last path element, or left out. */
function usable(labels: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    if (isLabelValue(value)) result[key] = value;
    else if (isLabelValue(posix.basename(value))) result[key] = posix.basename(value);
  }
  return result;
}
