import { isMap } from '../../core/config/decode.ts';
import type { ProwJobType } from '../api/prowjob.ts';
import type { JobBase } from './job.ts';

const IMPLICIT = 'PROW_IMPLICIT_GIT_REF';
const EXTRA = /PROW_EXTRA_GIT_REF_(\d+)/;

/** A Tekton job's pipeline, the versioned one first. */
export function pipelineSpecOf(
  job: Pick<JobBase, 'pipeline_run_spec' | 'tekton_pipeline_run_spec'>,
): object | undefined {
  return job.tekton_pipeline_run_spec?.v1beta1 ?? job.pipeline_run_spec;
}

/** Whether the pipeline's tasks use the extra refs, all of them and no others (Prow: ValidatePipelineRunSpec). */
export function pipelineProblem(type: ProwJobType, job: JobBase): string | undefined {
  const used = new Set<number>();
  for (const { name, reference } of tasksOf(pipelineSpecOf(job))) {
    if (type === 'periodic' && reference === IMPLICIT)
      return `periodic jobs do not have an implicit git ref to replace ${IMPLICIT}`;
    const index = EXTRA.exec(reference)?.[1];
    if (index === undefined) continue;
    if (index.length > 1 && index.startsWith('0'))
      return `task "${name}": leading zeros are not allowed in PROW_EXTRA_GIT_REF_* indexes`;
    used.add(Number(index));
  }
  const count = job.extra_refs?.length ?? 0;
  for (let index = 0; index < count; index++)
    if (!used.has(index))
      return `extra_refs[${index}] is not used; some task must reference PROW_EXTRA_GIT_REF_${index}`;
  if (used.size === count) return undefined;
  return `${count} extra_refs are specified, but the following PROW_EXTRA_GIT_REF_* indexes are used: ${[...used].join(', ')}`;
}

function tasksOf(spec: unknown): { name: string; reference: string }[] {
  const pipeline = isMap(spec) && isMap(spec.pipelineSpec) ? spec.pipelineSpec : {};
  const tasks = Array.isArray(pipeline.tasks) ? pipeline.tasks.filter(isMap) : [];
  return tasks.map((task) => ({
    name: String(task.name ?? ''),
    reference: isMap(task.taskRef) ? String(task.taskRef.name ?? '') : '',
  }));
}
