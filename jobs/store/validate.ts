import { CutwaterError } from '../../core/errors.ts';
import type { ProwJob } from '../api/prowjob.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const TYPES = ['presubmit', 'postsubmit', 'periodic', 'batch'];
const STATES = ['scheduling', 'triggered', 'pending', 'success', 'failure', 'aborted', 'error'];
const ENDED = ['success', 'failure', 'error'];

/** Refuses (`invalid`) what the ProwJob resource definition refuses, so that both stores hold the same jobs (Prow: prowjob_customresourcedefinition.yaml). */
export function assertValid(job: ProwJob): void {
  const { name = '' } = job.metadata;
  if (name.length > 253 || !NAME.test(name)) refuse(name, 'metadata.name', 'has to be a lower case DNS subdomain');
  if (!job.spec.job) refuse(name, 'spec.job', 'is required');
  if (!TYPES.includes(job.spec.type ?? '')) refuse(name, 'spec.type', `has to be one of ${TYPES.join(', ')}`);
  const { state = '', completionTime } = job.status;
  if (!STATES.includes(state)) refuse(name, 'status.state', `has to be one of ${STATES.join(', ')}`);
  if (ENDED.includes(state) && completionTime === undefined) {
    refuse(name, 'status.completionTime', `is required in state ${state}`);
  }
}

function refuse(name: string, field: string, problem: string): never {
  throw new CutwaterError('invalid', `ProwJob "${name}" is invalid: ${field} ${problem}`);
}
