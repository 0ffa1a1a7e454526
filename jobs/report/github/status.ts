import { CutwaterError } from '../../../core/errors.ts';
import type { ProwJob, ProwJobState, ProwJobType } from '../../api/prowjob.ts';
import { descriptionWithBaseSha } from '../../api/status-description.ts';

const STATES: Partial<Record<ProwJobState, 'pending' | 'success' | 'failure' | 'error'>> = {
  triggered: 'pending',
  pending: 'pending',
  success: 'success',
  error: 'error',
  failure: 'failure',
  aborted: 'failure',
};

/** One commit status, and the commit it is for. */
export interface PlannedStatus {
  sha: string;
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
  description: string;
  targetUrl: string;
}

/** Whether the job is one that GitHub hears of (Prow: report.ShouldReport). */
export function isReportable(job: ProwJob, types: readonly ProwJobType[]): boolean {
  return job.spec.report === true && job.spec.type !== undefined && types.includes(job.spec.type);
}

/** The status for the job's state; undefined for batches and what is not reported. Throws `invalid` for a state that GitHub has no word for. */
export function planStatus(job: ProwJob, types: readonly ProwJobType[]): PlannedStatus | undefined {
  const { refs } = job.spec;
  const pulls = refs?.pulls ?? [];
  if (!refs || !isReportable(job, types) || pulls.length > 1) return undefined;
  const state = STATES[job.status.state ?? 'scheduling'];
  if (!state) throw new CutwaterError('invalid', `Unknown prowjob state: ${job.status.state}`);
  return {
    sha: pulls[0]?.sha ?? refs.base_sha ?? '',
    context: job.spec.context ?? '',
    state,
    description: descriptionWithBaseSha(job.status.description ?? '', refs.base_sha ?? ''),
    targetUrl: job.status.url ?? '',
  };
}
